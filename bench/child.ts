import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs a side of a benchmark in a process of its own, so that neither side's memory and threads are in the other's way,
 * and gives the JSON of the last line that it prints.
 */
export const measureIn = async (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(program, [...args], { env: { ...process.env, ...env } });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
};
