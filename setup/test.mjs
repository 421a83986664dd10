/**
 * `npm test`: sets up what is not set up yet, checks the types of the tests, and runs them with mocha.
 *
 *   npm test                                       all of them
 *   npm test -- --grep perplexity                  what follows -- goes to mocha
 *   npm test -- test/careers/read-survey.test.ts   only the files named
 *   LABOR_LLM_BACKEND=wasm npm test                on the wasm backend, as where TensorFlow cannot be set up
 *
 * The last line is `N passed, N failed`, with `, N skipped` where some were; the exit code is 0 only if none failed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handOver } from './support/commands.mjs';
import { SetupError } from './support/errors.mjs';
import { readJson } from './support/files.mjs';
import { inRoot, root } from './support/paths.mjs';
import { prepare } from './steps/index.mjs';
import { compiler } from './steps/library.mjs';
import { hasPython } from './steps/python.mjs';

/** Runs mocha on the tests; gives its counts, or a failure where it did not get as far as counting. */
const runMocha = async (args) => {
  const folder = mkdtempSync(join(tmpdir(), 'labor-llm-test-'));
  const counts = join(folder, 'counts.json');
  const named = args.some((arg) => arg.endsWith('.ts'));
  try {
    const code = await handOver(
      process.execPath,
      [
        ...[inRoot('node_modules', 'mocha', 'bin', 'mocha.js'), '--reporter', inRoot('setup', 'reporter.cjs')],
        '--exit', // what a failed test left open must not keep the result back
        ...[...args, ...(named ? [] : ['test/**/*.test.ts'])],
      ],
      { cwd: root, env: { LABOR_LLM_TEST_COUNTS: counts } },
    );
    const counted = readJson(counts) ?? { passed: 0, failed: 1, skipped: 0 };
    return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const runTests = async (args) => {
  try {
    await prepare();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  if (!hasPython()) console.log('without Python: the tests of notebooks are skipped');
  const typesCode = await handOver(process.execPath, [compiler, '-p', 'test'], { cwd: root });
  const counts = await runMocha(args);
  return typesCode === 0 ? counts : { ...counts, failed: counts.failed + 1 };
};

const { passed, failed, skipped } = await runTests(process.argv.slice(2));
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
