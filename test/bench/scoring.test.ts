import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel } from 'labor-llm/models';
import { startBackend, useBackend } from 'labor-llm/tensors';
import { ResumeTokenizer } from 'labor-llm/tokens';
import { assertSameLogs } from '../../bench/scoring';
import { writeScoringTask, type ScoringTask } from '../../bench/scoring-task';

describe('the scoring benchmark', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-bench-'));
    await useBackend((await startBackend()).name); // earlier tests may have left another
  });
  after(() => rmSync(folder, { recursive: true }));

  it('gives all sides the prompts and titles of one model, as text that it reads', async () => {
    const modelFolder = await writeScoringTask(folder);
    const { prompts, titles } = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')) as ScoringTask;
    const model = await loadModel(modelFolder);
    const tokenizer = await ResumeTokenizer.load(modelFolder);
    const declared = model.surveys[0]?.titles as readonly string[];
    model.dispose();
    assert.equal(declared.length, 344);
    titles.forEach((title, j) => assert.equal(tokenizer.decode(title), ` ${declared[j]}\n`));
    assert.equal(prompts.length, 3);
    for (const [first, ...rest] of prompts) {
      assert.equal(first, tokenizer.endOfText);
      assert.match(tokenizer.decode(rest), /^<A worker from the made-up dataset>[^]*\n\d{4} \(high school\):$/);
    }
  });

  it('refuses sides whose probabilities differ: one of them would be wrong', () => {
    assertSameLogs([-1, -2], [-1.0001, -2]);
    assert.throws(() => assertSameLogs([-1, -2], [-1, -2.1]), /differ by 0\.1/);
  });
});
