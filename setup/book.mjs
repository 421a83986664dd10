/**
 * `npm run book`: the notebooks as they are committed, with README and the plan for a class, as one static site in book/
 * whose figures answer to the mouse. Nothing is executed, and nothing fetched, when it is built or read.
 *
 *   npm run book [-- --output FOLDER]
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeSources } from './book/sources.mjs';
import { ask, run } from './support/commands.mjs';
import { SetupError } from './support/errors.mjs';
import { inRoot, root } from './support/paths.mjs';
import { book, bookEnvironment } from './steps/book.mjs';
import { prepare, runCommand } from './steps/index.mjs';

const buildBook = 'from jupyter_book.cli.main import main; main()';
const packagesFolder = 'import sysconfig; print(sysconfig.get_path("purelib"))';

await runCommand(async (args) => {
  const { values } = parseArgs({ args, options: { output: { type: 'string', default: inRoot('book') } } });
  const output = resolve(values.output);
  await prepare({ only: [book] });
  const folder = mkdtempSync(join(tmpdir(), 'labor-llm-book-'));
  try {
    const source = join(folder, 'source');
    writeSources(source, ask(bookEnvironment.python, ['-c', packagesFolder]));
    // -W: a link that leads nowhere is an error
    const build = ['build', source, '--path-output', folder, '-W', '--keep-going', '-q'];
    await run(bookEnvironment.python, ['-c', buildBook, ...build]).catch((error) => {
      throw new SetupError(`the book could not be built:\n${error.details}`);
    });
    rmSync(output, { recursive: true, force: true });
    cpSync(join(folder, '_build', 'html'), output, { recursive: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`the book: ${join(relative(root, output) || '.', 'index.html')}`);
  return 0;
});
