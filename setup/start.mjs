/**
 * `npm start`: everything from a fresh clone to the results. Sets up what is not set up yet, runs the notebooks, and
 * prints what came out: the tables of results, and where the tables and figures lie that notebooks/outputs.json lists.
 *
 *   npm start                        all notebooks, on the classroom profile; they are left executed, for reading
 *   npm start -- 01-introduction     the notebooks named
 *   npm start -- --light             on the wasm backend: no wheel of 274 MB, no compiler; later commands remember it
 *   npm start -- --full              with TensorFlow again
 *   npm start -- --jobs 1            one notebook after the other; by default as many at once as cores and memory bear
 *   npm start -- --profile smoke     smaller or larger runs; the executed notebooks then go to data/results/<profile>/
 */
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { basename, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError } from './support/errors.mjs';
import { filesUnder, readJson } from './support/files.mjs';
import { nextNotebook, notebookOrder } from './support/notebook-order.mjs';
import { inRoot, root } from './support/paths.mjs';
import { fitAndCompare } from './without-python.mjs';
import { besideResults, checkProfile, profiles, runNotebook } from './notebook.mjs';
import { prepare, runCommand } from './steps/index.mjs';
import { hasPython } from './steps/python.mjs';
import { chooseFull, chooseLight, recordedBackend } from './steps/tensorflow.mjs';

/** A notebook keeps about one core busy, and within 2.5 GB; more than a few at once wait for each other's fits. */
const jobsByDefault = () => Math.max(1, Math.min(4, availableParallelism(), Math.floor(totalmem() / 2 ** 30 / 4)));

const readArguments = (args) => {
  const options = {
    light: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    profile: { type: 'string', default: process.env.LABOR_LLM_PROFILE || 'classroom' },
    jobs: { type: 'string', default: String(jobsByDefault()) },
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

const usage = `npm start [-- [NOTEBOOK ...] [--light | --full] [--profile ${profiles.join('|')}] [--jobs N]]

Sets up this checkout, runs the notebooks (all, or those named) and shows their results.
  --light     use the wasm backend: nothing large is fetched, no compiler is needed; remembered
  --full      use TensorFlow where it can be set up (the default), after --light
  --profile   how much is computed: classroom (the default) fits a laptop, smoke takes minutes
  --jobs      how many notebooks run at once; by default as many as cores and memory bear`;

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

/** Lists what the notebooks were to leave behind, by notebooks/outputs.json, each with where it lies. */
const listOutputs = (names, profile) => {
  const listed = readJson(inRoot('notebooks', 'outputs.json'));
  const missing = [];
  const list = (title, folder, ending, namesOf) => {
    const files = existsSync(folder) ? filesUnder(folder) : [];
    const lines = names.flatMap((notebook) =>
      namesOf(listed[notebook] ?? { figures: [], tables: {} }).flatMap((name) => {
        const paths = files.filter((path) => basename(path) === `${name}${ending}`);
        if (paths.length === 0) missing.push(`${name}${ending} of ${notebook}`);
        return paths.map((path) => `  ${relative(root, path)}`);
      }),
    );
    if (lines.length > 0) console.log(`\n${title}\n${[...new Set(lines)].join('\n')}`);
  };
  list('tables (.tex beside them)', inRoot('data', 'results', profile), '.md', ({ tables }) => Object.keys(tables));
  list('figures (.png beside them)', inRoot('figures', profile), '.svg', ({ figures }) => figures);
  if (missing.length > 0) console.log(`\nnot made: ${missing.join(', ')}`);
};

const checkJobs = (jobs) => {
  if (/^[1-9]\d*$/.test(jobs)) return Number(jobs);
  throw new SetupError(`--jobs ${jobs}: it is the number of notebooks that run at once, 1 or more`);
};

/** Runs notebooks, some at once; the first that fails ends the others. Gives its exit code. */
const runNotebooks = async (names, profile, jobs) => {
  const waiting = [...names];
  const running = [];
  const workers = Math.min(jobs, names.length);
  const ending = new AbortController();
  let failure = 0;
  const work = async () => {
    while (failure === 0) {
      const name = nextNotebook(waiting, running);
      if (name === undefined) return; // whoever runs what the others wait for goes on with them
      waiting.splice(waiting.indexOf(name), 1);
      running.push(name);
      const path = inRoot('notebooks', `${name}.ipynb`);
      const output = profile === 'classroom' ? path : besideResults(path, profile);
      console.log(`\n${name}, profile ${profile}`);
      // one alone has the terminal, and shows there how far it is
      const shared = workers > 1;
      const code = await runNotebook(path, { output, profile, lenient: true, shared, signal: ending.signal });
      running.splice(running.indexOf(name), 1);
      if (code === 0) console.log(`\nthe executed notebook: ${relative(root, output)}`);
      else if (failure === 0) {
        failure = code;
        ending.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return failure;
};

await runCommand(async (args) => {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const profile = checkProfile(values.profile);
  const jobs = checkJobs(values.jobs);
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

  const { beside, alone } = notebookOrder(names, jobs);
  const code = (await runNotebooks(beside, profile, jobs)) || (await runNotebooks(alone, profile, 1));
  if (code !== 0) return code;
  listOutputs(names, profile);
  console.log('\nnpm run lab opens the notebooks in JupyterLab');
  return 0;
});
