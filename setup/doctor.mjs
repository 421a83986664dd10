/**
 * `npm run doctor`: what is there, what is not right, and what to do about it. It looks and changes nothing.
 * Exit code 1 when something is broken that the project needs; what merely slows it down or is optional is marked, no more.
 */
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ask, run } from './support/commands.mjs';
import { filesUnder, readJson, readOptional } from './support/files.mjs';
import { inCache, inRoot, root, venvPython } from './support/paths.mjs';
import { kernel } from './steps/kernel.mjs';
import { library } from './steps/library.mjs';
import { packages } from './steps/packages.mjs';
import { findPython, hasPython, pythonAdvice } from './steps/python.mjs';
import { recordedBackend } from './steps/tensorflow.mjs';

const marks = { ok: 'ok  ', note: 'note', wrong: 'FAIL' };
let wrongs = 0;

const say = (state, subject, text, advice) => {
  if (state === 'wrong') wrongs++;
  console.log(`${marks[state]}  ${subject.padEnd(12)} ${text}`);
  if (advice) console.log(`${' '.repeat(19)}-> ${advice}`);
};

const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
const versionOf = (name) => readJson(inRoot('node_modules', name, 'package.json'))?.version;
const startAgain = 'run npm start';

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isNewEnough = major > 20 || (major === 20 && minor >= 19);
  say(
    isNewEnough ? 'ok' : 'wrong',
    'Node',
    `${process.versions.node} (${process.execPath})`,
    isNewEnough ? '' : 'install Node 20.19 or newer',
  );
  const npm = ask(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['--version']);
  say(npm ? 'ok' : 'wrong', 'npm', npm ?? 'not found', npm ? '' : 'install npm; it comes with Node');
};

const checkMachine = () => {
  const [first] = cpus();
  say(
    'ok',
    'machine',
    `${process.platform} ${process.arch}, ${cpus().length} x ${first?.model ?? 'unknown'}, ${gigabytes(totalmem())} memory`,
  );
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  say(
    free > 2e9 ? 'ok' : 'note',
    'disk',
    `${gigabytes(free)} free under ${root}`,
    free > 2e9 ? '' : 'a set-up with TensorFlow takes about 2.5 GB',
  );
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
  const versions = names.map((name) => `${name} ${versionOf(name) ?? 'missing'}`).join(', ');
  const isDone = packages.isDone();
  say(
    isDone ? 'ok' : 'wrong',
    'packages',
    versions,
    isDone ? '' : `they are not those of package-lock.json: ${startAgain} or npm ci`,
  );
  const isBuilt = existsSync(inRoot('lib', 'dist')) && library.isDone();
  say(
    isBuilt ? 'ok' : 'wrong',
    'library',
    isBuilt ? 'lib/dist is up to date' : 'lib/dist is older than lib/src',
    isBuilt ? '' : 'run npm run build',
  );
};

/** Loads the backend that the library would choose, in a process of its own. */
const tryBackend = async (backend) => {
  const program = {
    tensorflow: `require('@tensorflow/tfjs-node-gpu')`,
    wasm: `require('@tensorflow/tfjs-backend-wasm')`,
  }[backend];
  if (!program) return `LABOR_LLM_BACKEND is "${backend}": write tensorflow or wasm`;
  try {
    await run(process.execPath, ['-e', program], { cwd: root });
    return undefined;
  } catch (error) {
    const lines = error.details.split('\n');
    return lines.find((line) => /error/i.test(line)) ?? lines[0];
  }
};

const checkBackend = async () => {
  const wish = process.env.LABOR_LLM_BACKEND;
  const recorded = recordedBackend();
  const backend = wish || recorded?.backend || 'wasm';
  const reason = wish ? 'LABOR_LLM_BACKEND says so' : (recorded?.reason ?? 'the set-up has not run here');
  const failure = await tryBackend(backend);
  if (failure) {
    say('wrong', 'backend', `${backend} does not load: ${failure}`, `${startAgain}, or set LABOR_LLM_BACKEND=wasm`);
  } else if (backend === 'wasm' && !wish) {
    const advice = recorded?.light
      ? 'npm start -- --full sets up TensorFlow, several times as fast'
      : 'see to what the reason names and run npm start again: TensorFlow is several times as fast';
    say('note', 'backend', `wasm: ${reason}`, advice);
  } else say('ok', 'backend', `${backend}: ${reason}`);
};

const checkPython = () => {
  if (hasPython()) {
    const version = ask(venvPython, ['-c', 'import platform; print(platform.python_version())']);
    const lab = ask(venvPython, ['-c', 'import jupyterlab, nbclient; print(jupyterlab.__version__)']);
    const text = `${version} in .venv, JupyterLab ${lab ?? 'does not load'}`;
    say(version && lab ? 'ok' : 'wrong', 'Python', text, version && lab ? '' : `delete .venv and ${startAgain}`);
  } else if (findPython()) {
    say('note', 'Python', 'found, but .venv is not set up: no notebooks, no JupyterLab', startAgain);
  } else {
    say('note', 'Python', 'not found: no notebooks, no JupyterLab', pythonAdvice);
  }
};

const checkKernel = () => {
  if (!kernel.isDone()) return say('wrong', 'kernel', 'its kernelspec is missing or names another Node', startAgain);
  const program = `require('zeromq'); require('tslab'); console.log('loads')`;
  const loads = ask(process.execPath, ['-e', `process.chdir(${JSON.stringify(root)}); ${program}`]) === 'loads';
  say(
    loads ? 'ok' : 'wrong',
    'kernel',
    `TypeScript (labor-llm), tslab ${versionOf('tslab')}${loads ? '' : ', does not load'}`,
    loads ? '' : 'run npm ci',
  );
};

const sizeOf = (path) =>
  (statSync(path).isDirectory() ? filesUnder(path) : [path]).reduce((sum, file) => sum + statSync(file).size, 0);

const checkCache = () => {
  const names = existsSync(inCache()) ? readdirSync(inCache()) : [];
  const list = names.map((name) => `${name} ${gigabytes(sizeOf(inCache(name)))}`).join(', ');
  say('ok', 'cache', `${inCache()}: ${list || 'empty'}`);
  const leftover = names.filter(
    (name) => name.endsWith('.partial') && !names.includes(name.replace('.partial', '.lock')),
  );
  if (leftover.length > 0) {
    say(
      'note',
      'cache',
      'an interrupted set-up left something behind',
      `delete ${leftover.map((name) => join(inCache(), name)).join(', ')}, or ${startAgain}`,
    );
  }
};

const checkCompiler = () => {
  const compiler = [process.env.CXX, 'g++', 'c++', 'clang++']
    .map((name) => name && ask(name, ['--version']))
    .find(Boolean);
  const isNeeded = recordedBackend()?.backend !== 'tensorflow';
  if (compiler) say('ok', 'compiler', compiler.split('\n')[0]);
  else
    say(
      isNeeded ? 'note' : 'ok',
      'compiler',
      'no C++ compiler',
      isNeeded ? 'sudo apt install g++ (or the like), for the tensorflow backend' : '',
    );
};

console.log(`labor-llm ${readJson(inRoot('package.json')).version}, ${root}`);
if (readOptional(inRoot('.setup', 'lock')))
  say('note', 'set-up', 'one is at work here just now, or was killed', 'wait for it, or run npm start');
checkNode();
checkMachine();
checkPackages();
await checkBackend();
checkCompiler();
checkPython();
checkKernel();
checkCache();
console.log(wrongs > 0 ? `\n${wrongs} to put right` : '\nnothing that the project needs is missing');
process.exitCode = wrongs > 0 ? 1 : 0;
