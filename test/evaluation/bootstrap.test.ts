import { strict as assert } from 'node:assert';
import {
  comparePerplexities,
  compareScores,
  EvaluationError,
  perplexityEstimate,
  type ScoredObservation,
} from 'labor-llm/evaluation';
import { Random } from 'labor-llm/support';
import { scoredPerson } from './scored';

/** Persons of different length whose observations are alike: what a bootstrap over observations would get wrong. */
const simulated = (persons: number, seed: number): ScoredObservation[] => {
  const random = new Random(seed);
  return Array.from({ length: persons }, (_, index) => {
    const own = 0.5 * random.normal();
    const length = 1 + random.integer(15);
    return scoredPerson(
      `p${index}`,
      Array.from({ length }, () => Math.exp(-Math.abs(2 + own + 0.3 * random.normal()))),
    );
  }).flat();
};

/** Delta method on the cluster-robust variance of a mean: se(exp(m)) = exp(m) se(m). */
const analyticError = (scored: readonly ScoredObservation[]): { perplexity: number; error: number } => {
  const mean = scored.reduce((sum, { logProbability }) => sum - logProbability, 0) / scored.length;
  const residuals = new Map<string, number>();
  for (const { cluster, logProbability } of scored) {
    residuals.set(cluster, (residuals.get(cluster) ?? 0) - logProbability - mean);
  }
  const clusters = residuals.size;
  const squares = [...residuals.values()].reduce((sum, residual) => sum + residual ** 2, 0);
  const error = Math.sqrt((squares * clusters) / (clusters - 1)) / scored.length;
  return { perplexity: Math.exp(mean), error: Math.exp(mean) * error };
};

const near = (actual: number | null | undefined, expected: number, share: number): void =>
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) <= share * Math.abs(expected),
    `${actual} is not ${expected} to ${100 * share} %`,
  );

describe('perplexityEstimate', () => {
  it('has the cluster-robust standard error of the delta method, and the normal interval, on a large sample', () => {
    const scored = simulated(600, 1);
    const { perplexity, error } = analyticError(scored);
    const { value, standardError, interval } = perplexityEstimate(scored, { resamples: 4000 });
    near(value, perplexity, 1e-12);
    near(standardError, error, 0.05); // a standard error from 4,000 resamples is itself uncertain by 1.1 %
    near(interval?.[0], perplexity - 1.96 * error, 0.01);
    near(interval?.[1], perplexity + 1.96 * error, 0.01);
    // an observation is no independent draw: taking each for a person gives less than half the error
    const asIfIndependent = scored.map((observation, index) => ({ ...observation, cluster: String(index) }));
    assert.ok((perplexityEstimate(asIfIndependent).standardError ?? NaN) < error / 2);
  });

  it('draws the members of a cluster together: a household counted twice adds nothing', () => {
    const scored = simulated(300, 2);
    const doubled = scored.flatMap((one) => [one, { ...one, person: `${one.person} again` as typeof one.person }]);
    const alone = doubled.map((one) => ({ ...one, cluster: one.person }));
    const expected = perplexityEstimate(scored).standardError ?? NaN;
    near(perplexityEstimate(doubled).standardError, expected, 1e-9);
    near(perplexityEstimate(alone).standardError, expected / Math.SQRT2, 0.1);
  });

  it('keeps two surveys apart that use the same ids', () => {
    const scored = simulated(300, 3);
    const other = scored.map((one) => ({ ...one, survey: 'other' }));
    const expected = perplexityEstimate(scored).standardError ?? NaN;
    near(perplexityEstimate([...scored, ...other]).standardError, expected / Math.SQRT2, 0.1);
  });

  it('gives the same numbers for the same seed and others for another', () => {
    const scored = simulated(50, 4);
    assert.deepEqual(perplexityEstimate(scored, { seed: 5 }), perplexityEstimate(scored, { seed: 5 }));
    assert.notDeepEqual(perplexityEstimate(scored, { seed: 5 }), perplexityEstimate(scored, { seed: 6 }));
  });

  it('counts a cluster of weight 2 as two of its kind, in value and in every resample', () => {
    const scored = simulated(200, 7).map((one, index) => ({ ...one, weight: index % 3 }));
    const repeated = scored.flatMap((one) => Array.from({ length: one.weight }, () => one));
    const weighted = perplexityEstimate(scored, { weighted: true });
    near(weighted.value, perplexityEstimate(repeated).value ?? NaN, 1e-12);
    assert.notEqual(weighted.value, perplexityEstimate(scored).value);
    const constant = scored.map((one) => ({ ...one, weight: 5 }));
    const [even, plain] = [perplexityEstimate(constant, { weighted: true }), perplexityEstimate(scored)];
    near(even.standardError, plain.standardError ?? NaN, 1e-9);
  });

  it('is wider for a higher level', () => {
    const scored = simulated(50, 5);
    const [low, high] = perplexityEstimate(scored, { level: 0.5 }).interval ?? [NaN, NaN];
    const [lower, higher] = perplexityEstimate(scored, { level: 0.99 }).interval ?? [NaN, NaN];
    assert.ok(lower < low && low < high && high < higher);
  });

  it('says null of what cannot be known: everything without observations, the uncertainty of a single person', () => {
    assert.deepEqual(perplexityEstimate([]), { value: null, standardError: null, interval: null });
    const { value, standardError, interval } = perplexityEstimate(scoredPerson('p', [1 / 2, 1 / 8]));
    near(value, 4, 1e-12);
    assert.deepEqual([standardError, interval], [null, null]);
  });

  it('is infinite without an interval where something impossible happened', () => {
    const scored = [...scoredPerson('p', [0.5]), ...scoredPerson('q', [0])];
    assert.deepEqual(perplexityEstimate(scored), { value: Infinity, standardError: null, interval: null });
  });
});

describe('compareScores', () => {
  const first = simulated(100, 6);

  it('finds no difference at all between a model and itself', () => {
    assert.deepEqual(compareScores(first, first).difference, { value: 0, standardError: 0, interval: [0, 0] });
  });

  it('draws the same persons for both: a model better by a factor differs by it in every resample', () => {
    // log P higher by 0.1 everywhere: the second perplexity is exp(-0.1) of the first, draw by draw
    const second = first.map((one) => ({ ...one, logProbability: one.logProbability + 0.1 }));
    const { first: alone, difference } = compareScores(first, second);
    const factor = 1 - Math.exp(-0.1);
    near(difference.value, factor * (alone.value ?? NaN), 1e-9);
    near(difference.standardError, factor * (alone.standardError ?? NaN), 1e-9);
    near(difference.interval?.[0], factor * (alone.interval?.[0] ?? NaN), 1e-9);
    near(difference.interval?.[1], factor * (alone.interval?.[1] ?? NaN), 1e-9);
  });

  it('gives each model the interval that it has alone', () => {
    const second = first.map((one, index) => ({ ...one, logProbability: one.logProbability - 0.01 * (index % 7) }));
    const comparison = compareScores(first, second);
    assert.deepEqual(comparison.first, perplexityEstimate(first));
    assert.deepEqual(comparison.second, perplexityEstimate(second));
  });

  it('refuses answers on other observations, and says which', () => {
    assert.throws(() => compareScores(first, first.slice(1)), EvaluationError);
    const [head, ...tail] = first as [ScoredObservation, ...ScoredObservation[]];
    assert.throws(
      () => compareScores(first, [{ ...head, year: 1999 }, ...tail]),
      /Observation 1 is of person "p0" in 2000 .* "p0" in 1999/,
    );
  });
});

describe('comparePerplexities', () => {
  const scores = [0, 0.1, 0.3].map((gain) =>
    simulated(100, 8).map((one, index) => ({ ...one, logProbability: one.logProbability + gain + 0.01 * (index % 5) })),
  );

  it('gives each of many models, and each pair, what it gives two', () => {
    const { models, difference } = comparePerplexities(scores);
    scores.forEach((first, i) =>
      scores.forEach((second, j) => {
        const two = compareScores(first, second);
        assert.deepEqual(two.first, models[i]);
        assert.deepEqual(two.second, models[j]);
        assert.deepEqual(two.difference, difference(i, j));
      }),
    );
  });

  it('refuses answers on other observations, whichever model they are of', () => {
    const [first, second, third] = scores as [ScoredObservation[], ScoredObservation[], ScoredObservation[]];
    assert.throws(() => comparePerplexities([first, second, third.slice(1)]), EvaluationError);
  });
});
