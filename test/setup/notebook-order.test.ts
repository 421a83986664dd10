import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root, runModule } from './programs';

/** What an exported function of the module gives. */
const said = (call: string): unknown => {
  const { stdout, stderr } = runModule(`
    import { nextNotebook, notebookOrder } from './setup/support/notebook-order.mjs';
    console.log(JSON.stringify(${call} ?? null));`);
  assert.equal(stderr, '');
  return JSON.parse(stdout);
};

const orderOf = (names: readonly string[], jobs: number) =>
  said(`notebookOrder(${JSON.stringify(names)}, ${jobs})`) as { beside: readonly string[]; alone: readonly string[] };

const nextOf = (waiting: readonly string[], running: readonly string[]) =>
  said(`nextNotebook(${JSON.stringify(waiting)}, ${JSON.stringify(running)})`);

describe('the order in which npm start runs notebooks', () => {
  const all = readdirSync(join(root, 'notebooks'))
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => basename(name, '.ipynb'))
    .sort();

  it('leaves none out, and runs alone at the end what measures speed', () => {
    const { beside, alone } = orderOf(all, 2);
    assert.deepEqual([...beside, ...alone].sort(), all);
    assert.deepEqual(alone, ['appendix-speed']);
  });

  it('begins with the longest where several run side by side, and is the one asked for where none do', () => {
    const [related, ours, gains, end] = ['02-related-work', '06-labor-llm', '08-sources-of-gains', '09-conclusion'];
    const names = [related, end, ours, gains];
    assert.deepEqual(orderOf(names, 2), { beside: [gains, ours, related, end], alone: [] });
    assert.deepEqual(orderOf(names, 1), { beside: names, alone: [] });
  });

  it('lets the conclusion wait for what it reads, while others go on', () => {
    const [reader, read, other] = ['09-conclusion', '08-sources-of-gains', 'appendix-template'];
    assert.equal(nextOf([reader, other], [read]), other);
    assert.equal(nextOf([reader, read], []), read);
    assert.equal(nextOf([reader], [read]), null);
    assert.equal(nextOf([reader, other], []), reader);
  });
});
