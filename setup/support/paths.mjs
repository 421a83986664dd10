/** Where things are: in the checkout, in its git-ignored `.setup/`, and in the user's cache folder. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const inRoot = (...parts) => join(root, ...parts);

/** The checkout's own state: what was chosen and what was built here. */
export const inState = (...parts) => inRoot('.setup', ...parts);

/** Shared between the user's clones: what is large and the same for all of them. */
export const inCache = (...parts) =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'labor-llm', ...parts);

/** The interpreter of the checkout's own Python environment. */
export const venvPython =
  process.platform === 'win32' ? inRoot('.venv', 'Scripts', 'python.exe') : inRoot('.venv', 'bin', 'python');
