import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProgram, type Ended } from '../setup/programs';

describe('labor-llm publish', function () {
  this.timeout(240_000);
  let output: string;
  before(() => {
    output = mkdtempSync(join(tmpdir(), 'labor-llm-publish-'));
  });
  after(() => rmSync(output, { recursive: true }));

  const publish = (...args: readonly string[]): Ended =>
    runProgram(process.execPath, [join(root, 'lib/bin/labor-llm.js'), 'publish', '--profile', 'smoke', ...args], {
      env: { LABOR_LLM_OUTPUT: output },
    });
  const few = ['--only', 'young-men/all-models,market-report'];

  it('lists what is missing and computes nothing', () => {
    const ended = publish(...few, '--list');
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /^young-men\/all-models +missing +every model/m);
    assert.match(ended.stdout, /^Synthetic-NLSY97\/market-report +missing/m);
    assert.match(ended.stdout, /^2 of 2 to compute$/m);
    assert.equal(existsSync(join(output, 'data', 'results')), false);
  });

  it('computes studies with their tables and figures, and finds nothing to do a second time', () => {
    const ended = publish(...few);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /^computed: young-men\/all-models, Synthetic-NLSY97\/market-report$/m);
    const results = join(output, 'data', 'results', 'smoke');
    const { rows, manifest } = JSON.parse(readFileSync(join(results, 'young-men', 'all-models.json'), 'utf8'));
    assert.equal(manifest.command, 'npm run publish -- --only young-men/all-models');
    const scored = rows.filter(({ report }: { report: unknown }) => report !== null);
    assert.deepEqual(scored.map(({ model }: { model: string }) => model).sort(), [
      'career',
      'empirical',
      'labor-llm',
      'uniform',
    ]);
    for (const table of ['all-models.md', 'all-models.tex']) assert.ok(existsSync(join(results, 'young-men', table)));
    const { moments } = JSON.parse(readFileSync(join(results, 'Synthetic-NLSY97', 'market-report.json'), 'utf8'));
    assert.ok(moments.length > 30);
    assert.match(ended.stdout + readFileSync(join(results, 'Synthetic-NLSY97', 'market-report.md'), 'utf8'), /NLSY97/);
    const figure = join(output, 'figures', 'smoke', 'young-men', 'all-models.svg');
    assert.ok(existsSync(figure) || /No pictures are drawn/.test(ended.stdout), ended.stdout);

    const again = publish(...few);
    assert.match(again.stdout, /^young-men\/all-models +published/m);
    assert.match(again.stdout, /^There was nothing to compute\.$/m);
  });

  it('refuses a name that is of no study', () => {
    const ended = publish('--only', 'all-the-models');
    assert.notEqual(ended.code, 0);
    assert.match(ended.stderr, /No study or result is called "all-the-models"/);
  });
});
