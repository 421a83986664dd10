/**
 * The addon through which @tensorflow/tfjs-node-gpu calls TensorFlow's C library: compiled from the C++ source that the npm
 * package holds and our own kernels, once for all clones (Node-API: it does not depend on Node's version), and put where the
 * package looks for it.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ask, run } from '../support/commands.mjs';
import { SetupError } from '../support/errors.mjs';
import { filesUnder, keyOf, readOptional, writeAtomically } from '../support/files.mjs';
import { withLock } from '../support/lock.mjs';
import { inCache, inRoot } from '../support/paths.mjs';
import { libraries, runtimeFolder, version } from './runtime.mjs';

const packageFolder = inRoot('node_modules', '@tensorflow', 'tfjs-node-gpu');
const inPackage = (...parts) => join(packageFolder, ...parts);
const placedFolder = inPackage('lib', 'napi-v8');
const keyFile = join(placedFolder, 'key');
const quietSource = inRoot('setup', 'tensorflow', 'quiet-addon.cc');
/** The decoder's own kernels, which become part of the addon. */
const kernelSource = inRoot('lib', 'native', 'kernels.cc');

const flags = ['-O2', '-fPIC', '-shared', '-std=c++17', '-DNAPI_VERSION=8'];
// for this very processor, and free to reorder sums: loops over floats then vectorize. Not -ffast-math, which would make
// the whole process round numbers near zero down to it, JavaScript's included.
const kernelFlags = [
  ...['-O3', '-march=native', '-pthread', '-fassociative-math', '-freciprocal-math'],
  ...['-fno-signed-zeros', '-fno-trapping-math', '-fno-math-errno'],
];

/** What -march=native sees of the processor. */
const instructionSet = () => /^flags\s*:.*$/m.exec(readOptional('/proc/cpuinfo') ?? '')?.[0];

/** Changes with whatever the compiled addon depends on. */
const addonKey = () =>
  keyOf(
    ...[version, process.arch, flags, kernelFlags, instructionSet()],
    ...[...filesUnder(inPackage('binding')), quietSource, kernelSource].map((path) => readFileSync(path, 'utf8')),
  );

const compiledFolder = () => inCache(`addon-${addonKey()}`);

/** The C++ compiler's name, or undefined. CXX names one to use. */
export const findCompiler = () =>
  [process.env.CXX, 'g++', 'c++', 'clang++'].find((name) => name && ask(name, ['--version']));

/** @throws SetupError where the addon has to be compiled and there is nothing to compile it with */
export const checkCompiler = () => {
  if (existsSync(compiledFolder()) || findCompiler()) return;
  throw new SetupError(
    'no C++ compiler (g++) was found: install one (Debian and Ubuntu: sudo apt install g++), and run npm start again',
  );
};

const compile = async (folder) => {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const common = [...flags, `-I${inRoot('node_modules', 'node-api-headers', 'include')}`];
  const compiler = findCompiler();
  try {
    await run(compiler, [
      ...[...common, ...kernelFlags, `-I${packageFolder}`, `-I${join(runtimeFolder(), 'include')}`],
      ...['-o', join(partial, 'tfjs_binding_tensorflow.so')],
      ...[inPackage('binding', 'tfjs_backend.cc'), inPackage('binding', 'tfjs_binding.cc'), kernelSource],
      ...[`-L${join(runtimeFolder(), 'lib')}`, ...libraries.map((name) => `-l:${name}`)],
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ]);
    await run(compiler, [...common, '-o', join(partial, 'tfjs_binding.node'), quietSource, '-ldl']);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
};

/** Compiles the addon where no clone of this user has yet. */
export const provideAddon = async () => {
  const folder = compiledFolder();
  if (existsSync(folder)) return;
  await withLock(`${folder}.lock`, async () => {
    if (!existsSync(folder)) await compile(folder);
  });
};

const link = (target, path) => {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
};

const isLinked = () => {
  try {
    return ['lib', 'include'].every((name) => readlinkSync(inPackage('deps', name)) === join(runtimeFolder(), name));
  } catch {
    return false;
  }
};

/** Whether library and addon stand in node_modules, as they now should be. */
export const isPlaced = () => isLinked() && readOptional(keyFile) === addonKey();

/** A first product, in a process of its own: a processor too old for the library ends it with a signal. */
const tryOut = async () => {
  const program = `
    const tf = require('@tensorflow/tfjs-node-gpu');
    const sum = tf.matMul(tf.ones([4, 4]), tf.ones([4, 4])).sum().dataSync()[0];
    if (tf.getBackend() !== 'tensorflow' || sum !== 64) throw new Error('a product came out as ' + sum);`;
  try {
    await run(process.execPath, ['-e', program], { cwd: inRoot(), env: { TF_CPP_MIN_LOG_LEVEL: '0' } });
  } catch (error) {
    throw new SetupError(`TensorFlow ${version} does not run on this machine`, { details: error.details });
  }
};

/** Puts library, headers and addon where the npm package looks for them, and tries them out. */
export const placeAddon = async () => {
  for (const name of ['lib', 'include']) link(join(runtimeFolder(), name), inPackage('deps', name));
  const partial = `${placedFolder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(compiledFolder(), partial, { recursive: true });
  rmSync(placedFolder, { recursive: true, force: true });
  renameSync(partial, placedFolder);
  await tryOut();
  writeAtomically(keyFile, addonKey());
};
