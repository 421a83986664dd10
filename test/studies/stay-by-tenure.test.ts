import { strict as assert } from 'node:assert';
import { EmpiricalModel, UniformModel } from 'labor-llm/models';
import { stayByTenure } from 'labor-llm/studies';
import { career, survey } from './made-up';

describe('stayByTenure', () => {
  // crc32 % 100 by Python's zlib: '3' 11, a train person
  const one = survey(['a', 'b'], career('3', [0, 0, 0, 1, 1]), career('1', [1, 0, 0, 0]));

  it('has observed and predicted shares by how long the last occupation has lasted', async () => {
    const unsmoothed = EmpiricalModel.fit([one], { seed: 1, config: { lambda: 0 } });
    const rows = await stayByTenure([unsmoothed], one.careers, 3);
    // tenure 1: a>a, b>b; b>a, a>a. tenure 2: a>a; a>a. tenure 3: a>b
    assert.deepEqual(
      rows.map(({ tenure, observed, observations }) => [tenure, observed.value, observations]),
      [
        [1, 0.75, 4],
        [2, 1, 2],
        [3, 0, 1],
      ],
    );
    // of person 3 alone: P(a | a) = 2/3, P(b | b) = 1
    const [first, second] = rows.map(({ predicted }) => predicted[0]?.value);
    assert.ok(Math.abs((first ?? NaN) - (2 / 3 + 1 + 1 + 2 / 3) / 4) < 1e-12);
    assert.ok(Math.abs((second ?? NaN) - 2 / 3) < 1e-12);
  });

  it('counts longer stays as the longest, and says nothing of what never happens', async () => {
    const rows = await stayByTenure([], one.careers, 2);
    assert.deepEqual(
      rows.map(({ observations }) => observations),
      [4, 3],
    );
    const [, , , none] = await stayByTenure([], one.careers, 4);
    assert.deepEqual([none?.observed.value, none?.observations], [null, 0]);
  });

  it('gives a prediction an interval over persons, of no width where all are predicted the same', async () => {
    const alike = survey(['a', 'b'], career('3', [0, 0, 1]), career('1', [1, 0, 0]));
    const [first] = await stayByTenure([UniformModel.fit([alike], { seed: 1 })], alike.careers, 1);
    const [low, high] = first?.predicted[0]?.interval ?? [NaN, NaN];
    assert.ok(Math.abs(low - 0.5) < 1e-9 && Math.abs(high - 0.5) < 1e-9, `${low} to ${high}`);
  });
});
