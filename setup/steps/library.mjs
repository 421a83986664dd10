/** lib/, compiled to CommonJS with declarations: what notebooks, tests and the command line import. */
import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { run } from '../support/commands.mjs';
import { SetupError } from '../support/errors.mjs';
import { filesUnder, readOptional, stampOf, writeAtomically } from '../support/files.mjs';
import { inRoot, inState, root } from '../support/paths.mjs';

// Not node_modules/.bin/tsc, which may be the older compiler that tslab brings.
export const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');

const stampFile = inState('library');
const source = inRoot('lib', 'src');
const output = inRoot('lib', 'dist');

const stamp = () =>
  stampOf([
    ...filesUnder(source),
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

export const library = {
  name: 'library',
  doing: 'lib/ is compiled',
  isDone: () => existsSync(inRoot('lib', 'dist', '.tsbuildinfo')) && readOptional(stampFile) === stamp(),

  async run() {
    const before = stamp();
    removeOrphans();
    try {
      await run(process.execPath, [compiler, '-b', 'lib'], { cwd: root });
    } catch (error) {
      throw new SetupError('lib/ does not compile', { details: error.details });
    }
    writeAtomically(stampFile, before);
  },
};
