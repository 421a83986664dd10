import { strict as assert } from 'node:assert';
import { cutByLength, epochBatches, learningRateAt, tokenBatch } from 'labor-llm/training';

describe('learningRateAt', () => {
  const schedule = { peak: 2, warmup: 0.1, floor: 0.25 };
  const at = (step: number) => learningRateAt(step, 100, schedule);

  it('rises in a line to the peak over the first steps', () => {
    assert.equal(at(1), 0.2);
    assert.equal(at(5), 1);
    assert.equal(at(10), 2);
  });
  it('is half-way between peak and floor half-way down, and ends at the floor', () => {
    assert.ok(Math.abs(at(55) - (2 + 0.5) / 2) < 1e-12);
    assert.ok(Math.abs(at(100) - 0.5) < 1e-12);
  });
  it('has a rate for a training of one step', () => {
    assert.equal(learningRateAt(1, 1, schedule), 2);
  });
});

describe('learningRateAt with an inverse root', () => {
  const schedule = { peak: 1e-4, warmup: 500, floor: 1e-3, schedule: 'inverse-sqrt' } as const;

  it('is that of fairseq: 1e-7 at the first of 500 steps up, the peak behind them, half of it at four times as many', () => {
    const at = (step: number) => learningRateAt(step, 5000, schedule);
    const expected = [1e-7, (1e-7 + 1e-4) / 2, 1e-4, 5e-5];
    [1, 251, 501, 2001].forEach((step, i) =>
      assert.ok(Math.abs(at(step) - (expected[i] as number)) < 1e-15, `${step}`),
    );
  });
  it('does not depend on the number of steps in total', () => {
    assert.equal(learningRateAt(700, 900, schedule), learningRateAt(700, 5000, schedule));
  });
});

describe('tokenBatch', () => {
  const sequence = (...ids: number[]) => ({
    ids: Int32Array.from(ids),
    weights: Float32Array.from(ids, (id) => id / 10),
  });

  it('puts the next token beside each, and no weight on what fills up', () => {
    const batch = tokenBatch([sequence(1, 2, 3, 4), sequence(5, 6)], 99);
    assert.deepEqual([batch.B, batch.T], [2, 3]);
    assert.deepEqual([...batch.inputs], [1, 2, 3, 5, 99, 99]);
    assert.deepEqual([...batch.targets], [2, 3, 4, 6, 99, 99]);
    assert.deepEqual([...batch.weights], [...Float32Array.of(0.2, 0.3, 0.4, 0.6, 0, 0)]);
  });
  it('refuses a sequence without a target', () => {
    assert.throws(() => tokenBatch([sequence(1)]), RangeError);
  });
});

describe('batches by length', () => {
  const lengths = Array.from({ length: 300 }, (_, i) => 10 + ((i * 37) % 90));

  it('hold every item once, within the bound', () => {
    for (const batches of [cutByLength(lengths, [...lengths.keys()], 400), epochBatches(lengths, 400, 1, 0)]) {
      assert.deepEqual(
        batches.flat().sort((a, b) => a - b),
        [...lengths.keys()],
      );
      for (const batch of batches) {
        const longest = Math.max(...batch.map((item) => lengths[item] as number));
        assert.ok(batch.length * longest <= 400, `${batch.length} rows of ${longest}`);
      }
    }
  });
  it('waste less than a tenth on filling', () => {
    const batches = epochBatches(lengths, 1000, 1, 0);
    const computed = batches.map((batch) => batch.length * Math.max(...batch.map((item) => lengths[item] as number)));
    const used = lengths.reduce((a, b) => a + b, 0);
    assert.ok(computed.reduce((a, b) => a + b, 0) < used / 0.9);
  });
  it('let an item longer than the bound stand alone', () => {
    assert.deepEqual(cutByLength([5, 50, 4], [0, 1, 2], 10), [[2, 0], [1]]); // prettier-ignore
  });
  it('are the same for the same seed and epoch, others in the next epoch', () => {
    assert.deepEqual(epochBatches(lengths, 400, 1, 3), epochBatches(lengths, 400, 1, 3));
    assert.notDeepEqual(epochBatches(lengths, 400, 1, 3), epochBatches(lengths, 400, 1, 4));
    assert.notDeepEqual(epochBatches(lengths, 400, 1, 3), epochBatches(lengths, 400, 2, 3));
  });
});
