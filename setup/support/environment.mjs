/** A Python virtual environment with the packages that a file of requirements pins, with hashes. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './commands.mjs';
import { keyOf, readOptional, writeAtomically } from './files.mjs';
import { root } from './paths.mjs';

/**
 * @param folder where the environment is
 * @param requirements a file made by `uv pip compile --generate-hashes`
 */
export const environment = (folder, requirements) => {
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const keyFile = join(folder, '.setup-key');
  // The root is part of the key: an environment that was moved with its folder has scripts that point to the old place.
  const key = () => keyOf(readOptional(requirements), root);
  return {
    python,

    isMade: () => existsSync(python) && readOptional(keyFile) === key(),

    /**
     * Makes it anew, whatever is there.
     *
     * @param base   the Python to make it with
     * @param told   what is told of the progress
     * @param finish does what else is wanted in the folder, before the environment counts as made
     * @throws SetupError with the last lines that pip printed
     */
    async make(base, told, finish = () => {}) {
      const total = (readOptional(requirements).match(/==/g) ?? []).length;
      let collected = 0;
      rmSync(keyFile, { force: true });
      await run(base, ['-m', 'venv', '--clear', folder]);
      await run(
        python,
        [
          ...['-m', 'pip', 'install', '--require-hashes', '--only-binary=:all:', '--no-input', '--progress-bar=off'],
          ...['--disable-pip-version-check', '--no-compile', '--retries=3', '-r', requirements],
        ],
        {
          onLine(line) {
            if (line.startsWith('Collecting')) told.progress(`${++collected} of about ${total} packages`);
            if (line.startsWith('Installing')) told.progress('unpacking them');
          },
        },
      );
      finish();
      writeAtomically(keyFile, key());
    },
  };
};
