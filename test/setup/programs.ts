/** Starting the project's own scripts from tests, as a user's shell would. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

export const root = resolve(__dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const runProgram = (
  command: string,
  args: readonly string[],
  { cwd = root, env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Ended => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
};

/** The same while others run. */
export const startProgram = async (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> => {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((end, fail) => child.on('error', fail).on('close', end));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
};

/** Runs the text of an ES module, which may import from setup/ by paths relative to the folder. */
export const runModule = (
  text: string,
  options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Ended => runProgram(process.execPath, ['--input-type=module', '-e', text], options);

/** The interpreter of the project's Python environment, or undefined where it is not set up. */
export const venvPython = (): string | undefined => {
  const path = join(root, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  return existsSync(path) ? path : undefined;
};
