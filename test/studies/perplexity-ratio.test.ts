import { strict as assert } from 'node:assert';
import { perplexityEstimate } from 'labor-llm/evaluation';
import { percentOf, perplexityRatio, ratioVerdict, shortNumber } from 'labor-llm/studies';
import { career } from './made-up';

/** Two observations each of as many persons as levels, the persons' levels of log-probability apart from each other. */
const scored = (levels: readonly number[]) =>
  levels.flatMap((level, i) =>
    [0, 0.3].map((more, t) => {
      const { survey, person, cluster } = career(`p${i}`, []);
      return { survey, person, cluster, year: 2000 + t, weight: 1 + (i % 3), logProbability: level - more };
    }),
  );

const levels = Array.from({ length: 40 }, (_, i) => -1 - (i % 7));

describe('perplexityRatio', () => {
  it('is the ratio of the two perplexities', () => {
    const [first, second] = [scored(levels), scored(levels.map((level, i) => level + 0.1 * (i % 4)))];
    const [a, b] = [first, second].map((one) => perplexityEstimate(one).value ?? NaN) as [number, number];
    const { value } = perplexityRatio(first, second);
    assert.ok(Math.abs((value ?? NaN) - a / b) < 1e-12);
    assert.ok(a / b > 1);
  });

  it('is paired: what persons have in common does not widen its interval', () => {
    const always = perplexityRatio(scored(levels), scored(levels.map((level) => level - 0.2)));
    assert.ok(always.interval?.every((bound) => Math.abs(bound - Math.exp(-0.2)) < 1e-9));
    const alone = perplexityEstimate(scored(levels)).interval ?? assert.fail();
    assert.ok(alone[1] / alone[0] > 1.5);
  });

  it('refuses scores that are not of the same observations', () => {
    assert.throws(() => perplexityRatio(scored(levels), scored(levels.slice(1))), /80 and 78 observations/);
  });
});

describe('ratioVerdict', () => {
  const of = (value: number, low: number, high: number) =>
    ratioVerdict('A', 'B', { value, standardError: 0.1, interval: [low, high] });

  it('says which is less perplexed only where the interval leaves one out', () => {
    assert.equal(of(0.9, 0.85, 0.95), 'A: less perplexed than B, 0.90 times its perplexity (0.85 to 0.95).');
    assert.equal(of(1.1, 1.05, 1.2), 'A: more perplexed than B, 1.10 times its perplexity (1.05 to 1.20).');
    assert.match(of(1.1, 0.9, 1.2), /^A: whether less or more perplexed than B cannot be told, 1\.10 times/);
  });

  it('says so where there are too few persons', () => {
    const nothing = { value: 1.1, standardError: null, interval: null };
    assert.equal(ratioVerdict('A', 'B', nothing), 'A and B cannot be compared on so few persons.');
  });
});

describe('numbers in sentences', () => {
  it('have as many digits as can be read', () => {
    assert.deepEqual(
      [0, 0.00413, 0.5, 7.123, 999.5, 1296.6, 349_000, 381_234_567].map((value) => shortNumber(value)),
      ['0.00', '0.0041', '0.50', '7.12', '999.50', '1,297', '349,000', '380 million'],
    );
    assert.deepEqual([shortNumber(-1296.6), shortNumber(7.1236, 3)], ['-1,297', '7.124']);
  });

  it('are shares in per cent', () => {
    assert.deepEqual([0.1, 0.005, 1].map(percentOf), ['10 %', '0.5 %', '100 %']);
  });
});
