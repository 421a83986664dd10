/**
 * lib/, compiled: TypeScript to CommonJS with declarations, which notebooks, tests and the command line import, and the
 * wasm backend's kernels (AssemblyScript) to WebAssembly beside what calls them.
 */
import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { run } from '../support/commands.mjs';
import { SetupError } from '../support/errors.mjs';
import { filesUnder, readOptional, stampOf, writeAtomically } from '../support/files.mjs';
import { inRoot, inState, root } from '../support/paths.mjs';

// Not node_modules/.bin/tsc, which may be the older compiler that tslab brings.
export const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');

const assemblyCompiler = inRoot('node_modules', 'assemblyscript', 'bin', 'asc.js');

const stampFile = inState('library');
const source = inRoot('lib', 'src');
const kernelSource = inRoot('lib', 'wasm');
const output = inRoot('lib', 'dist');
/** The kernels' modules, with the instructions that each needs: engines before Node 22's have no relaxed ones. */
const kernelModules = {
  [inRoot('lib', 'dist', 'tensors', 'kernels.wasm')]: 'simd',
  [inRoot('lib', 'dist', 'tensors', 'kernels-relaxed.wasm')]: 'simd,relaxed-simd',
};

const stamp = () =>
  stampOf([
    ...filesUnder(source),
    ...filesUnder(kernelSource),
    inRoot('tsconfig.json'),
    inRoot('lib', 'tsconfig.json'),
    inRoot('lib', 'package.json'),
  ]);

/** What was compiled from a file that is gone would still be found by an import. */
const removeOrphans = () => {
  for (const path of existsSync(output) ? filesUnder(output) : []) {
    const from = relative(output, path).replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
    if (from.endsWith('.ts') && !existsSync(inRoot('lib', 'src', from))) rmSync(path);
  }
};

const compileKernels = (file, features) =>
  run(
    process.execPath,
    [
      ...[assemblyCompiler, inRoot('lib', 'wasm', 'kernels.ts'), '--outFile', file],
      ...['-O3', '--noAssert', '--enable', features],
      // on memory that is not ours: imported, nothing placed in it, no heap
      ...['--importMemory', '--noExportMemory', '--runtime', 'stub'],
      ...['--disableWarning', '112'], // says that JavaScript cannot pass vectors, which it does not
    ],
    { cwd: root },
  );

export const library = {
  name: 'library',
  doing: 'lib/ is compiled',
  isDone: () =>
    existsSync(inRoot('lib', 'dist', '.tsbuildinfo')) &&
    Object.keys(kernelModules).every(existsSync) &&
    readOptional(stampFile) === stamp(),

  async run() {
    const before = stamp();
    removeOrphans();
    try {
      await run(process.execPath, [compiler, '-b', 'lib'], { cwd: root });
      for (const [file, features] of Object.entries(kernelModules)) await compileKernels(file, features);
    } catch (error) {
      throw new SetupError('lib/ does not compile', { details: error.details });
    }
    writeAtomically(stampFile, before);
  },
};
