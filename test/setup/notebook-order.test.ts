import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root, runModule } from './programs';

const orderOf = (names: readonly string[], jobs: number): { beside: readonly string[]; alone: readonly string[] } => {
  const { stdout, stderr } = runModule(`
    import { notebookOrder } from './setup/support/notebook-order.mjs';
    console.log(JSON.stringify(notebookOrder(${JSON.stringify(names)}, ${jobs})));`);
  assert.equal(stderr, '');
  return JSON.parse(stdout) as ReturnType<typeof orderOf>;
};

describe('the order in which npm start runs notebooks', () => {
  const all = readdirSync(join(root, 'notebooks'))
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => basename(name, '.ipynb'))
    .sort();

  it('leaves none out, and runs alone at the end what reads the others or measures speed', () => {
    const { beside, alone } = orderOf(all, 2);
    assert.deepEqual([...beside, ...alone].sort(), all);
    assert.deepEqual(alone, ['09-conclusion', 'appendix-speed']);
  });

  it('begins with the longest where several run side by side, and is the one asked for where none do', () => {
    const names = ['02-related-work', '09-conclusion', '06-labor-llm', '08-sources-of-gains'];
    const alone = ['09-conclusion'];
    assert.deepEqual(orderOf(names, 2), { beside: ['08-sources-of-gains', '06-labor-llm', '02-related-work'], alone });
    assert.deepEqual(orderOf(names, 1), { beside: ['02-related-work', '06-labor-llm', '08-sources-of-gains'], alone });
  });
});
