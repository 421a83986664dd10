/**
 * The Python side, in a virtual environment of the checkout's own (.venv): JupyterLab, the notebook runner's nbclient,
 * Plotly's JupyterLab extension and kaleido, which draws figures as files. Versions and hashes are pinned in
 * setup/requirements.txt (made from requirements.in as its first line says).
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ask } from '../support/commands.mjs';
import { environment } from '../support/environment.mjs';
import { SetupError } from '../support/errors.mjs';
import { writeAtomically } from '../support/files.mjs';
import { inRoot } from '../support/paths.mjs';

export const pythonAdvice =
  'install Python 3.10 or newer with venv and pip (Debian and Ubuntu: sudo apt install python3-venv)';

const probe = 'import sys, venv, ensurepip; sys.exit(0) if sys.version_info >= (3, 10) else sys.exit(1)';

/** A Python that can make virtual environments, or undefined. LABOR_LLM_PYTHON names one to use. */
export const findPython = () =>
  [process.env.LABOR_LLM_PYTHON, 'python3', ...[14, 13, 12, 11, 10].map((minor) => `python3.${minor}`), 'python'].find(
    (name) => name && ask(name, ['-c', probe]) !== undefined,
  );

const notebooks = environment(inRoot('.venv'), inRoot('setup', 'requirements.txt'));

/** Whether the environment is complete: what notebooks and JupyterLab need is there. */
export const hasPython = notebooks.isMade;

/** JupyterLab asks every new user whether to fetch news from its makers; a class has better things to do. */
const labSettings = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
};

const writeLabSettings = () => {
  const settings = inRoot('.venv', 'share', 'jupyter', 'lab', 'settings', 'overrides.json');
  mkdirSync(dirname(settings), { recursive: true });
  writeAtomically(settings, JSON.stringify(labSettings));
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
    try {
      await notebooks.make(base, told, writeLabSettings);
    } catch (error) {
      throw new SetupError('the Python environment could not be made: see to what pip says, and run npm start again', {
        optional: true,
        details: error.details || error.message,
      });
    }
  },
};
