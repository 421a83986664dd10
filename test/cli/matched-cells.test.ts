import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProgram, type Ended } from '../setup/programs';

describe('labor-llm matched-cells', function () {
  this.timeout(300_000);
  let top: string;
  before(async () => {
    top = await mkdtemp(join(tmpdir(), 'labor-llm-matched-cells-'));
  });
  after(() => rm(top, { recursive: true }));
  const laborLlm = (...args: readonly string[]): Ended =>
    runProgram(process.execPath, [join(root, 'lib/bin/labor-llm.js'), ...args], { env: { LABOR_LLM_OUTPUT: top } });

  it('leaves the two headline models, which evaluate, with tables, figure and results', () => {
    const out = join(top, 'out');
    const ended = laborLlm('matched-cells', 'young-men', '--out', out, '--profile', 'smoke');
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /labor-llm pre-trained +career pre-trained/);
    const { cells, headline } = JSON.parse(readFileSync(join(out, 'matched-cells.json'), 'utf8'));
    assert.equal(headline, 'pre-trained');
    for (const file of ['matched-cells.md', 'matched-cells-differences.tex', 'matched-cells-groups.md']) {
      assert.ok(existsSync(join(out, file)), file);
    }
    const data = 'data/young-men/young-men.csv.gz';
    for (const model of ['labor-llm', 'career']) {
      const said = laborLlm('evaluate', '--model', join(out, model), '--data', data, '--json');
      assert.equal(said.code, 0, said.stderr);
      const cell = cells.find((one: { model: string; beginning: string }) => {
        return one.model === model && one.beginning === 'pre-trained';
      });
      assert.ok(Math.abs(JSON.parse(said.stdout).perplexity / cell.seeds[0].perplexity.value - 1) < 1e-6);
    }
  });
});
