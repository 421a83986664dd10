import { strict as assert } from 'node:assert';
import { meanKeptMass, perplexity } from 'labor-llm/evaluation';
import { scoredWith } from './scored';

const close = (actual: number | null, expected: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-12 * expected, `${actual} is not ${expected}`);

describe('perplexity', () => {
  it('equals 40 when every occupation of 40 is equally likely', () => {
    close(perplexity(Array.from({ length: 7 }, () => scoredWith(1 / 40))), 40);
  });

  it('equals 1 where everything was certain, and infinity where something was impossible', () => {
    assert.equal(perplexity([scoredWith(1), scoredWith(1)]), 1);
    assert.equal(perplexity([scoredWith(1), scoredWith(0)]), Infinity);
  });

  it('is the inverse of the geometric mean of the probabilities: 4 for 1/2, 1/4 and 1/8', () => {
    close(perplexity([scoredWith(1 / 2), scoredWith(1 / 4), scoredWith(1 / 8)]), 4);
  });

  it('counts an observation of weight 3 as three, and one of weight 0 as none', () => {
    const weighted = [
      scoredWith(1 / 2, { weight: 3 }),
      scoredWith(1 / 32, { weight: 1 }),
      scoredWith(0, { weight: 0 }),
    ];
    close(perplexity(weighted, { weighted: true }), 4); // (2^3 * 32)^(1/4)
    assert.equal(perplexity(weighted), Infinity);
  });

  it('divides by the kept mass where it is renormalised', () => {
    const scored = [scoredWith(1 / 4, { keptMass: 1 / 2 }), scoredWith(1 / 8, { keptMass: 1 })];
    close(perplexity(scored, { renormalised: true }), 4); // 1/2 and 1/8
    close(meanKeptMass(scored), 3 / 4);
  });

  it('is null, not 0, where there is no observation or no weight', () => {
    assert.equal(perplexity([]), null);
    assert.equal(perplexity([scoredWith(1 / 2, { weight: 0 })], { weighted: true }), null);
  });

  it('is null where it is to be renormalised and a kept mass is unknown', () => {
    const scored = [scoredWith(1 / 2, { keptMass: 1 }), scoredWith(1 / 2)];
    assert.equal(perplexity(scored, { renormalised: true }), null);
    assert.equal(meanKeptMass(scored), null);
    assert.equal(meanKeptMass([]), null);
  });
});
