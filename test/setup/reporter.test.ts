import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProgram } from './programs';

describe('the counts that npm test ends with', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-reporter-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('tell passed, failed and skipped tests apart', () => {
    const file = join(folder, 'three.test.js');
    const counts = join(folder, 'counts.json');
    writeFileSync(
      file,
      `it('a', () => {}); it('b', () => {}); it('c', () => { throw new Error('c'); }); it.skip('d', () => {});`,
    );
    const ended = runProgram(
      process.execPath,
      ['node_modules/mocha/bin/mocha.js', '--no-config', '--reporter', join(root, 'setup', 'reporter.cjs'), file],
      { env: { LABOR_LLM_TEST_COUNTS: counts } },
    );
    assert.equal(ended.code, 1);
    assert.deepEqual(JSON.parse(readFileSync(counts, 'utf8')), { passed: 2, failed: 1, skipped: 1 });
  });
});
