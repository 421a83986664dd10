/**
 * `npm run doctor`: what is there, what is not right, and what to do about it. It looks and changes nothing.
 * Exit code 1 where something is broken that the project needs; what is optional or merely slow is a note.
 */
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { ask, run } from './support/commands.mjs';
import { filesUnder, readJson } from './support/files.mjs';
import { inCache, inRoot, inState, root, venvPython } from './support/paths.mjs';
import { isNodeNewEnough, minimumNode } from './steps/index.mjs';
import { kernel } from './steps/kernel.mjs';
import { library } from './steps/library.mjs';
import { npm, packages } from './steps/packages.mjs';
import { findPython, hasPython, pythonAdvice } from './steps/python.mjs';
import { recordedBackend } from './steps/tensorflow.mjs';
import { findCompiler } from './tensorflow/addon.mjs';

const startAgain = 'run npm start';
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
const packageVersion = (name) => readJson(inRoot('node_modules', name, 'package.json'))?.version;

let failures = 0;
const line = (mark, subject, text) => console.log(`${mark.padEnd(4)}  ${subject.padEnd(9)}  ${text}`);
const advise = (advice) => advice && console.log(`${' '.repeat(17)}-> ${advice}`);

const fine = (subject, text) => line('ok', subject, text);
const note = (subject, text, advice) => {
  line('note', subject, text);
  advise(advice);
};
const wrong = (subject, text, advice) => {
  failures++;
  line('FAIL', subject, text);
  advise(advice);
};

const checkNode = () => {
  const node = `${process.versions.node} (${process.execPath})`;
  if (isNodeNewEnough()) fine('Node', node);
  else wrong('Node', node, `install Node ${minimumNode} or newer`);
  const npmVersion = ask(npm, ['--version']);
  if (npmVersion) fine('npm', npmVersion);
  else wrong('npm', 'not found', 'install npm; it comes with Node');
};

const checkMachine = () => {
  const processor = `${cpus().length} x ${cpus()[0]?.model ?? 'an unknown processor'}`;
  fine('machine', `${process.platform} ${process.arch}, ${processor}, ${gigabytes(totalmem())} of memory`);
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  const text = `${gigabytes(free)} free under ${root}`;
  if (free > 2e9) fine('disk', text);
  else note('disk', text, 'packages, Python environment and TensorFlow take about 2.5 GB together');
};

const checkPackages = () => {
  const names = [
    'typescript',
    'tslab',
    '@tensorflow/tfjs',
    '@tensorflow/tfjs-node-gpu',
    'danfojs-node',
    'plotly.js-dist',
  ];
  const versions = names.map((name) => `${name} ${packageVersion(name) ?? 'missing'}`).join(', ');
  if (packages.isDone()) fine('packages', versions);
  else wrong('packages', `${versions}; they are not those of package-lock.json`, `${startAgain}, or npm ci`);
  if (library.isDone()) fine('library', 'lib/dist is up to date');
  else wrong('library', 'lib/dist is not what lib/src compiles to', 'run npm run build');
};

/** Loads a backend in a process of its own; gives what went wrong. */
const tryBackend = async (backend) => {
  const name = { tensorflow: '@tensorflow/tfjs-node-gpu', wasm: '@tensorflow/tfjs-backend-wasm' }[backend];
  if (!name) return 'there is no such backend: tensorflow and wasm are';
  try {
    await run(process.execPath, ['-e', `require('${name}')`], { cwd: root });
    return undefined;
  } catch (error) {
    const lines = error.details.split('\n');
    return lines.find((text) => /error/i.test(text)) ?? error.message;
  }
};

const checkBackend = async () => {
  const wish = process.env.LABOR_LLM_BACKEND;
  const recorded = recordedBackend() ?? { backend: 'wasm', reason: 'the set-up has not run here' };
  const { backend, reason } = wish ? { backend: wish, reason: 'LABOR_LLM_BACKEND says so' } : recorded;
  const failure = await tryBackend(backend);
  if (failure) {
    wrong(
      'backend',
      `${backend} (${reason}) does not load: ${failure}`,
      `${startAgain}, or set LABOR_LLM_BACKEND=wasm`,
    );
  } else if (backend === 'wasm' && !wish) {
    const way = recorded.light ? 'npm start -- --full' : 'put that right and npm start';
    note('backend', `wasm: ${reason}`, `${way} sets up TensorFlow, which is several times as fast`);
  } else fine('backend', `${backend}: ${reason}`);
};

const checkCompiler = () => {
  const compiler = findCompiler();
  if (compiler) fine('compiler', ask(compiler, ['--version']).split('\n')[0]);
  else note('compiler', 'no C++ compiler was found', 'the tensorflow backend is compiled with one, such as g++');
};

const checkPython = () => {
  if (hasPython()) {
    const program = 'import platform, nbclient, jupyterlab; print(platform.python_version(), jupyterlab.__version__)';
    const [version, lab] = ask(venvPython, ['-c', program])?.split(' ') ?? [];
    if (version) fine('Python', `${version} in .venv, JupyterLab ${lab}`);
    else wrong('Python', 'the environment in .venv does not load', `delete .venv and ${startAgain}`);
  } else if (findPython())
    note('Python', 'there is one, but .venv is not set up: no notebooks, no JupyterLab', startAgain);
  else note('Python', 'none was found: no notebooks, no JupyterLab', pythonAdvice);
};

const checkKernel = () => {
  if (!kernel.isDone())
    return wrong('kernel', 'its kernelspec is not there or is of another Node or folder', startAgain);
  const program = `require('zeromq'); require('tslab'); console.log('loads')`;
  const isLoading = ask(process.execPath, ['-e', program], { cwd: root }) === 'loads';
  const text = `TypeScript (labor-llm), tslab ${packageVersion('tslab')}`;
  return isLoading ? fine('kernel', text) : wrong('kernel', `${text}, does not load`, 'run npm ci, then npm start');
};

const sizeOf = (path) => {
  const files = statSync(path).isDirectory() ? filesUnder(path) : [path];
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
};

const checkCache = () => {
  const names = existsSync(inCache()) ? readdirSync(inCache()) : [];
  fine(
    'cache',
    `${inCache()}: ${names.map((name) => `${name} (${gigabytes(sizeOf(inCache(name)))})`).join(', ') || 'empty'}`,
  );
  if (existsSync(inState('lock')))
    note('set-up', 'one is at work here, or was killed', `wait for it, or ${startAgain}`);
};

if (process.argv.includes('--help')) {
  console.log(
    'npm run doctor\n\nSays what is installed, which backend is used and why, and what to do about what is not right. Takes no options.',
  );
  process.exit(0);
}
console.log(`labor-llm ${readJson(inRoot('package.json')).version} in ${root}`);
checkNode();
checkMachine();
checkPackages();
await checkBackend();
checkCompiler();
checkPython();
checkKernel();
checkCache();
console.log(failures > 0 ? `\n${failures} to put right` : '\nnothing that the project needs is missing');
process.exitCode = failures > 0 ? 1 : 0;
