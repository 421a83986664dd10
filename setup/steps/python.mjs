/**
 * The Python side, in a virtual environment of the checkout's own (.venv): JupyterLab, the notebook runner's nbclient,
 * Plotly's JupyterLab extension and kaleido, which draws figures as files. Versions and hashes are pinned in
 * setup/requirements.txt (made from requirements.in as its first line says).
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ask, run } from '../support/commands.mjs';
import { SetupError } from '../support/errors.mjs';
import { keyOf, readOptional, writeAtomically } from '../support/files.mjs';
import { inRoot, root, venvPython } from '../support/paths.mjs';

export const pythonAdvice =
  'install Python 3.10 or newer with venv and pip (Debian and Ubuntu: sudo apt install python3-venv)';

const probe = 'import sys, venv, ensurepip; sys.exit(0) if sys.version_info >= (3, 10) else sys.exit(1)';

/** A Python that can make virtual environments, or undefined. LABOR_LLM_PYTHON names one to use. */
export const findPython = () =>
  [process.env.LABOR_LLM_PYTHON, 'python3', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`), 'python'].find(
    (name) => name && ask(name, ['-c', probe]) !== undefined,
  );

const requirementsFile = inRoot('setup', 'requirements.txt');
const keyFile = inRoot('.venv', '.setup-key');
// The root is part of the key: an environment that was moved with its folder has scripts that point to the old place.
const key = () => keyOf(readOptional(requirementsFile), root);

/** Whether the environment is complete: what notebooks and JupyterLab need is there. */
export const hasPython = () => existsSync(venvPython) && readOptional(keyFile) === key();

/** JupyterLab asks every new user whether to fetch news from its makers; a class has better things to do. */
const labSettings = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
};

export const python = {
  name: 'Python environment',
  doing: 'JupyterLab and the notebook runner, in .venv',
  isDone: hasPython,

  async run(told) {
    const base = findPython();
    if (!base) {
      throw new SetupError(
        `no Python for the notebooks was found: ${pythonAdvice}; all but notebooks and JupyterLab works without`,
        {
          optional: true,
        },
      );
    }
    const total = (readOptional(requirementsFile).match(/==/g) ?? []).length;
    let collected = 0;
    try {
      rmSync(keyFile, { force: true });
      await run(base, ['-m', 'venv', '--clear', inRoot('.venv')]);
      await run(
        venvPython,
        [
          ...['-m', 'pip', 'install', '--require-hashes', '--only-binary=:all:', '--no-input', '--progress-bar=off'],
          ...['--disable-pip-version-check', '--no-compile', '--retries=3', '-r', requirementsFile],
        ],
        {
          onLine(line) {
            if (line.startsWith('Collecting')) told.progress(`${++collected} of about ${total} packages`);
            if (line.startsWith('Installing')) told.progress('unpacking them');
          },
        },
      );
    } catch (error) {
      throw new SetupError('the Python environment could not be made: see to what pip says, and run npm start again', {
        optional: true,
        details: error.details || error.message,
      });
    }
    const settings = inRoot('.venv', 'share', 'jupyter', 'lab', 'settings', 'overrides.json');
    mkdirSync(dirname(settings), { recursive: true });
    writeAtomically(settings, JSON.stringify(labSettings));
    writeAtomically(keyFile, key());
  },
};
