/**
 * Runs a notebook headless (run_notebook.py does it; here it gets its kernel and its environment):
 *
 *   npm run notebook -- notebooks/01-introduction.ipynb [--output FILE] [--profile smoke|classroom|published]
 *                       [--timeout SECONDS] [--lenient]
 *
 * Fails, with the cell, its source and what it said, on whatever goes wrong in it, silent errors included.
 * Without --output the executed notebook goes to data/results/<profile>/notebooks/.
 */
import { basename, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { handOver } from './support/commands.mjs';
import { SetupError } from './support/errors.mjs';
import { inRoot, root, venvPython } from './support/paths.mjs';
import { prepare, runCommand } from './steps/index.mjs';
import { jupyterEnvironment } from './steps/kernel.mjs';
import { hasPython, pythonAdvice } from './steps/python.mjs';

export const profiles = ['smoke', 'classroom', 'published'];

/** @throws SetupError naming the profiles there are */
export const checkProfile = (profile) => {
  if (profiles.includes(profile)) return profile;
  throw new SetupError(`no profile is called "${profile}": choose ${profiles.join(', ')}`);
};

/** Where an executed notebook goes that must not change the committed one: solutions into a folder of their own, too. */
export const besideResults = (notebook, profile) => {
  const inside = relative(inRoot('notebooks'), resolve(notebook));
  return inRoot('data', 'results', profile, 'notebooks', inside.startsWith('..') ? basename(notebook) : inside);
};

/** Runs one notebook and gives the runner's exit code; its kernel's folder is notebooks/, wherever the file is. */
export const runNotebook = (notebook, { output, profile, timeout, lenient = false, shared, signal }) =>
  handOver(
    venvPython,
    [
      ...[inRoot('setup', 'run_notebook.py'), resolve(notebook), '--output', resolve(output)],
      ...['--cwd', inRoot('notebooks'), ...(timeout ? ['--timeout', timeout] : []), ...(lenient ? ['--lenient'] : [])],
    ],
    {
      cwd: root,
      env: { ...jupyterEnvironment(), LABOR_LLM_PROFILE: profile, PYTHONUNBUFFERED: '1' },
      shared,
      signal,
    },
  );

const main = async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      output: { type: 'string' },
      profile: { type: 'string', default: process.env.LABOR_LLM_PROFILE || 'classroom' },
      timeout: { type: 'string' },
      lenient: { type: 'boolean' },
    },
  });
  const profile = checkProfile(values.profile);
  if (positionals.length !== 1) throw new SetupError('name one notebook, such as notebooks/01-introduction.ipynb');
  await prepare();
  if (!hasPython()) throw new SetupError(`notebooks need Python: ${pythonAdvice}`);
  const [notebook] = positionals;
  return runNotebook(notebook, { ...values, profile, output: values.output ?? besideResults(notebook, profile) });
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) await runCommand(main);
