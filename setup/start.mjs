/**
 * `npm start`: everything from a fresh clone to the results. Sets up what is not set up yet, runs the notebooks, and
 * prints what came out: the table of results, and where tables and figures lie.
 *
 *   npm start                        all notebooks, on the classroom profile; they are left executed, for reading
 *   npm start -- 01-introduction     the notebooks named
 *   npm start -- --light             on the wasm backend: no wheel of 274 MB, no compiler; later commands remember it
 *   npm start -- --full              with TensorFlow again
 *   npm start -- --profile smoke     smaller or larger runs; the executed notebooks then go to data/results/<profile>/
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError } from './support/errors.mjs';
import { filesUnder } from './support/files.mjs';
import { inRoot, root } from './support/paths.mjs';
import { fitAndCompare } from './without-python.mjs';
import { besideResults, checkProfile, profiles, runNotebook } from './notebook.mjs';
import { prepare, runCommand } from './steps/index.mjs';
import { hasPython } from './steps/python.mjs';
import { chooseFull, chooseLight, recordedBackend } from './steps/tensorflow.mjs';

const readArguments = (args) => {
  const options = {
    light: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    profile: { type: 'string', default: process.env.LABOR_LLM_PROFILE || 'classroom' },
    help: { type: 'boolean', default: false },
  };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new SetupError(
      `${error.message.split('.')[0]}. npm start -- takes ${known.join(', ')} and names of notebooks`,
    );
  }
};

const usage = `npm start [-- [NOTEBOOK ...] [--light | --full] [--profile ${profiles.join('|')}]]

Sets up this checkout, runs the notebooks (all, or those named) and shows their results.
  --light     use the wasm backend: nothing large is fetched, no compiler is needed; remembered
  --full      use TensorFlow where it can be set up (the default), after --light
  --profile   how much is computed: classroom (the default) fits a laptop, smoke takes minutes`;

const notebookNames = () =>
  (existsSync(inRoot('notebooks')) ? readdirSync(inRoot('notebooks')) : [])
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => name.replace(/\.ipynb$/, ''))
    .sort();

const chooseNotebooks = (wanted) => {
  const known = notebookNames();
  const names = wanted.map((name) => name.replace(/^notebooks\//, '').replace(/\.ipynb$/, ''));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) throw new SetupError(`no notebook is called "${unknown}": there are ${known.join(', ')}`);
  return names.length > 0 ? names : known;
};

const listNewFiles = (title, folder, from) => {
  const paths = existsSync(folder) ? filesUnder(folder).filter((path) => statSync(path).mtimeMs >= from) : [];
  const shown = paths.filter((path) => !path.endsWith('.ipynb')).map((path) => `  ${relative(root, path)}`);
  if (shown.length > 0) console.log(`\n${title}\n${shown.join('\n')}`);
};

await runCommand(async (args) => {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const profile = checkProfile(values.profile);
  const names = chooseNotebooks(positionals);
  if (values.light && values.full) throw new SetupError('--light and --full exclude each other');
  if (values.light) chooseLight();
  if (values.full) chooseFull();
  await prepare({ retry: true });

  const { backend, reason } = process.env.LABOR_LLM_BACKEND
    ? { backend: process.env.LABOR_LLM_BACKEND, reason: 'LABOR_LLM_BACKEND says so' }
    : recordedBackend();
  console.log(`set up; backend ${backend}: ${reason}`);
  if (!hasPython()) {
    console.log('no Python, no notebooks: both models are fitted and compared by the command line instead');
    return fitAndCompare(profile);
  }

  const from = Date.now();
  for (const name of names) {
    const path = inRoot('notebooks', `${name}.ipynb`);
    console.log(`\n${name}, profile ${profile}`);
    const output = profile === 'classroom' ? path : besideResults(path, profile);
    const code = await runNotebook(path, { output, profile, lenient: true });
    if (code !== 0) return code;
    console.log(`\nthe executed notebook: ${relative(root, output)}`);
  }
  listNewFiles('tables', inRoot('data', 'results', profile), from);
  listNewFiles('figures', inRoot('figures', profile), from);
  console.log('\nnpm run lab opens the notebooks in JupyterLab');
  return 0;
});
