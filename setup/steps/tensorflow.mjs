/**
 * TensorFlow's own runtime under @tensorflow/tfjs-node-gpu: the `tensorflow` backend, several times as fast as `wasm`.
 *
 * The npm package's install script would fetch a library of 2021 from a place that many networks do not reach, so scripts are off (.npmrc),
 * and we put together what it would have: the C library out of TensorFlow's wheel on PyPI (pinned by version, platform
 * and hash; unpacked once into the user's cache folder), and the addon, compiled from the C++ source that the npm package holds.
 *
 * What is missing for this is never an error: the reason is recorded in .setup/backend.json, the project works on `wasm`,
 * and the next `npm start` tries again.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ask, run } from '../support/commands.mjs';
import { SetupError } from '../support/errors.mjs';
import { filesUnder, keyOf, readJson, readOptional, writeAtomically } from '../support/files.mjs';
import { withLock } from '../support/lock.mjs';
import { inCache, inRoot, inState, venvPython } from '../support/paths.mjs';
import { findPython, pythonAdvice } from './python.mjs';

const version = '2.21.0';
const wheelMegabytes = 274;
const neededMegabytes = 1300; // the wheel, and what is unpacked of it, side by side for a moment
const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const again = 'and run npm start again';

const runtime = () => inCache(`tensorflow-${version}-${process.platform}-${process.arch}`);
const packageFolder = inRoot('node_modules', '@tensorflow', 'tfjs-node-gpu');
const inPackage = (...parts) => join(packageFolder, ...parts);
const addonFolder = inPackage('lib', 'napi-v8');
const backendFile = inState('backend.json');

/** @returns {{ backend: 'tensorflow' | 'wasm', reason: string } | undefined} what was set up or chosen in this checkout */
export const recordedBackend = () => readJson(backendFile);

const record = (backend, reason, more) =>
  writeAtomically(backendFile, `${JSON.stringify({ backend, reason, ...more }, null, 2)}\n`);

export const chooseLight = () => record('wasm', 'chosen with npm start -- --light', { light: true });
/** Forgets a recorded choice of `wasm`. */
export const chooseFull = () => {
  if (recordedBackend()?.backend === 'wasm') rmSync(backendFile);
};

const missing = (message) => new SetupError(message, { optional: true });

const hasRuntime = () =>
  libraries.every((name) => existsSync(join(runtime(), 'lib', name))) && existsSync(join(runtime(), 'include'));

const compileArguments = (output, sources) => [
  ...['-O2', '-fPIC', '-shared', '-std=c++17', '-DNAPI_VERSION=8'],
  `-I${inRoot('node_modules', 'node-api-headers', 'include')}`,
  ...['-o', output, ...sources],
];

/** Changes with whatever the compiled addon depends on. */
const addonKey = () =>
  keyOf(
    version,
    process.arch,
    compileArguments('', []).filter((argument) => !argument.startsWith('-I')),
    ...[...filesUnder(inPackage('binding')), inRoot('setup', 'tensorflow', 'quiet-addon.cc')].map((path) =>
      readFileSync(path, 'utf8'),
    ),
  );

const isLinked = () => {
  try {
    return ['lib', 'include'].every((name) => readlinkSync(inPackage('deps', name)) === join(runtime(), name));
  } catch {
    return false;
  }
};

const isInstalled = () =>
  recordedBackend()?.backend === 'tensorflow' &&
  hasRuntime() &&
  isLinked() &&
  readOptional(join(addonFolder, 'key')) === addonKey();

/** Whether the wheel can work here at all, and can be fetched and unpacked. */
const checkPlatform = () => {
  const platform = `${process.platform} ${process.arch}`;
  if (platform !== 'linux x64')
    throw missing(`TensorFlow ${version} is set up on Linux x64 only, and this is ${platform}`);
  process.report.excludeNetwork = true;
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  const [major, minor] = (glibc ?? '0.0').split('.').map(Number);
  if (major < 2 || (major === 2 && minor < 27)) {
    throw missing(
      `TensorFlow ${version} needs glibc 2.27 or newer, and this system has ${glibc ?? 'another C library'}`,
    );
  }
};

const findCompiler = () => {
  const compiler = [process.env.CXX, 'g++', 'c++', 'clang++'].find((name) => name && ask(name, ['--version']));
  if (!compiler) {
    throw missing(`no C++ compiler (g++) was found: install one (Debian and Ubuntu: sudo apt install g++) ${again}`);
  }
  return compiler;
};

const checkDisk = (folder) => {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < neededMegabytes) {
    throw missing(
      `TensorFlow needs ${neededMegabytes} MB for a moment and ${free} MB are free in ${folder}: ` +
        `make room, or set XDG_CACHE_HOME to a larger disk, ${again}`,
    );
  }
};

/** The bytes of the largest file under a folder: pip names its partial download as it likes. */
const largestFile = (folder) => {
  try {
    return Math.max(0, ...filesUnder(folder).map((path) => statSync(path).size));
  } catch {
    return 0; // a file went away while we looked
  }
};

const fetchRuntime = async (told) => {
  const python = existsSync(venvPython) ? venvPython : findPython();
  if (!python) throw missing(`TensorFlow's wheel is fetched with Python's pip: ${pythonAdvice} ${again}`);
  const partial = `${runtime()}.partial`;
  const downloads = join(partial, 'download');
  rmSync(partial, { recursive: true, force: true });
  checkDisk(downloads);
  const watch = setInterval(() => {
    told.progress(`${Math.min(wheelMegabytes, Math.round(largestFile(downloads) / 1e6))} of ${wheelMegabytes} MB`);
  }, 1000);
  try {
    await run(
      python,
      [
        ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--progress-bar=off'],
        ...['--platform=manylinux_2_27_x86_64', '--python-version=3.11', '--implementation=cp', '--abi=cp311'],
        ...['--require-hashes', '--retries=3', '-r', inRoot('setup', 'tensorflow', 'requirements.txt')],
        ...['--dest', downloads],
      ],
      { env: { TMPDIR: downloads } },
    );
  } catch (error) {
    throw new SetupError(
      `TensorFlow's wheel could not be fetched: see to the network (pip's own settings apply) ${again}`,
      {
        optional: true,
        details: error.details,
      },
    );
  } finally {
    clearInterval(watch);
  }
  told.progress('unpacking');
  const wheel = filesUnder(downloads).find((path) => path.endsWith('.whl'));
  await run(python, [inRoot('setup', 'tensorflow', 'unpack.py'), wheel, partial]);
  rmSync(downloads, { recursive: true });
  rmSync(runtime(), { recursive: true, force: true });
  renameSync(partial, runtime());
};

/** Compiles once for all clones; the result does not depend on Node's version (Node-API). */
const compileAddon = async (folder) => {
  const compiler = findCompiler();
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => inPackage('binding', name));
  await run(compiler, [
    ...compileArguments(join(partial, 'tfjs_binding_tensorflow.so'), sources),
    ...[`-I${packageFolder}`, `-I${join(runtime(), 'include')}`, `-L${join(runtime(), 'lib')}`],
    ...libraries.map((name) => `-l:${name}`),
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ]);
  await run(compiler, [
    ...compileArguments(join(partial, 'tfjs_binding.node'), [inRoot('setup', 'tensorflow', 'quiet-addon.cc')]),
    '-ldl',
  ]);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
};

const link = (target, path) => {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
};

/** Puts library, headers and addon where the npm package looks for them. */
const putInPlace = (compiled) => {
  for (const name of ['lib', 'include']) link(join(runtime(), name), inPackage('deps', name));
  const partial = `${addonFolder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(compiled, partial, { recursive: true });
  rmSync(addonFolder, { recursive: true, force: true });
  renameSync(partial, addonFolder);
};

/** A first product, in a process of its own: an old processor ends it with a signal. */
const tryOut = async () => {
  const program = `
    const tf = require('@tensorflow/tfjs-node-gpu');
    const sum = tf.matMul(tf.ones([4, 4]), tf.ones([4, 4])).sum().dataSync()[0];
    if (tf.getBackend() !== 'tensorflow' || sum !== 64) throw new Error('a product came out as ' + sum);`;
  try {
    await run(process.execPath, ['-e', program], { cwd: inRoot(), env: { TF_CPP_MIN_LOG_LEVEL: '0' } });
  } catch (error) {
    throw new SetupError(`TensorFlow ${version} does not run on this machine`, {
      optional: true,
      details: error.details,
    });
  }
};

export const tensorflow = {
  name: 'TensorFlow',
  doing: `its runtime, version ${version}, for the tensorflow backend (${wheelMegabytes} MB once, shared between clones)`,

  /** With `retry`, a runtime that could not be set up last time is not done; a choice of `--light` always is. */
  isDone({ retry }) {
    const recorded = recordedBackend();
    if (recorded?.backend === 'wasm') return recorded.light === true || !retry;
    return isInstalled();
  },

  async run(told) {
    try {
      checkPlatform();
      if (!hasRuntime()) await withLock(`${runtime()}.lock`, async () => hasRuntime() || (await fetchRuntime(told)));
      const key = addonKey();
      const compiled = inCache(`addon-${key}`);
      if (!existsSync(compiled)) {
        told.progress('compiling its addon');
        await withLock(`${compiled}.lock`, async () => existsSync(compiled) || (await compileAddon(compiled)));
      }
      putInPlace(compiled);
      told.progress('trying it out');
      await tryOut();
      writeAtomically(join(addonFolder, 'key'), key);
      record('tensorflow', `TensorFlow ${version} is set up`);
    } catch (error) {
      record('wasm', error.message);
      if (error instanceof SetupError) error.optional = true;
      throw error;
    }
  },
};
