/** `labor-llm doctor`: the set-up's own examination, which has to work where nothing else does. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '../../../setup/doctor.mjs');

/** @returns the examination's exit code */
export const doctor = async (argv: readonly string[]): Promise<number> => {
  if (!existsSync(SCRIPT)) {
    process.stderr.write('doctor: setup/doctor.mjs is missing; this command works in a clone of the project.\n');
    return 1;
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SCRIPT, ...argv], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
};
