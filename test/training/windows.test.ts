import { strict as assert } from 'node:assert';
import { windowBatches } from 'labor-llm/training';

describe('windows over documents', () => {
  it('hold all tokens in order, each document between ends, every token followed by its target', () => {
    const batches = windowBatches([[1, 2, 3], [4], [5, 6]], 0, 2, 4);
    assert.deepEqual(
      batches.map(({ inputs, targets, B, T }) => [[...inputs], [...targets], B, T]),
      [
        [[0, 1, 2, 3], [1, 2, 3, 0], 2, 2],
        [[0, 4, 0, 5], [4, 0, 5, 6], 2, 2],
      ],
    );
    for (const { weights } of batches) assert.deepEqual([...weights], [1, 1, 1, 1]);
  });

  it('take at least one window a batch, and drop what fills none', () => {
    const batches = windowBatches([[1, 2, 3, 4, 5]], 0, 4, 2);
    assert.equal(batches.length, 1);
    assert.equal(batches[0]?.B, 1);
    assert.deepEqual(windowBatches([[1]], 0, 4, 4), []);
  });
});
