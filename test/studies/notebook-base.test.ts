import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notebookBase, type NotebookBase } from 'labor-llm/studies';

const toEnd = async (): Promise<{ base: NotebookBase; steps: number }> => {
  const training = notebookBase('smoke', 1);
  for (let steps = 0; ; steps++) {
    const item = await training.next();
    if (item.done === true) return { base: item.value, steps };
  }
};

describe('notebookBase', function () {
  this.timeout(120_000);
  let folder: string;
  let output: string | undefined;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-base-'));
    output = process.env['LABOR_LLM_OUTPUT'];
    process.env['LABOR_LLM_OUTPUT'] = folder;
  });
  after(() => {
    if (output === undefined) delete process.env['LABOR_LLM_OUTPUT'];
    else process.env['LABOR_LLM_OUTPUT'] = output;
    rmSync(folder, { recursive: true });
  });

  it('is trained once, and there when it is asked for again', async () => {
    const first = await toEnd();
    assert.equal(first.steps, first.base.steps);
    assert.ok(first.base.folder.startsWith(folder));
    assert.equal(first.base.positions, 4096);
    assert.deepEqual(await toEnd(), { base: first.base, steps: 0 });
  });
});
