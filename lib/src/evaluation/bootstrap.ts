/**
 * How uncertain a perplexity is because of who happened to be in the evaluated set: the bootstrap over persons, or over
 * clusters where the survey has them (Efron and Tibshirani 1993, chapters 6 and 13; Cameron and Miller 2015, section VI
 * for clusters). Persons are drawn with replacement, each with all of its observations.
 */
import { Random } from '../support';
import { EvaluationError } from './evaluation-error';
import type { ScoredObservation } from './score';

/** A number with its uncertainty, which is null where fewer than two clusters leave it unknown. */
export interface Estimate {
  readonly value: number | null;
  readonly standardError: number | null;
  /** Percentile interval. */
  readonly interval: readonly [low: number, high: number] | null;
}

export interface BootstrapOptions {
  readonly resamples?: number;
  readonly seed?: number;
  /** Share of resamples within the interval. */
  readonly level?: number;
}

/**
 * Perplexity with standard error and interval; its value is null where there is no observation.
 */
export const perplexityEstimate = (scored: readonly ScoredObservation[], options: BootstrapOptions = {}): Estimate => {
  const totals = clusterTotals(scored);
  const [replicates = new Float64Array()] = resampledPerplexities([totals], options);
  return estimate(perplexityOf(totals), replicates, totals.counts.length, options);
};

/** Two models' perplexities over the same observations, and the first minus the second. */
export interface Comparison {
  readonly first: Estimate;
  readonly second: Estimate;
  readonly difference: Estimate;
}

/**
 * Compares two models' answers on the same observations. Both are resampled together, so that persons who are hard for
 * both do not blur the difference.
 *
 * @throws EvaluationError if the two are not of the same observations in the same order.
 */
export const compareScores = (
  first: readonly ScoredObservation[],
  second: readonly ScoredObservation[],
  options: BootstrapOptions = {},
): Comparison => {
  checkSameObservations(first, second);
  const [a, b] = [clusterTotals(first), clusterTotals(second)];
  const [ofA = new Float64Array(), ofB = new Float64Array()] = resampledPerplexities([a, b], options);
  const [valueA, valueB] = [perplexityOf(a), perplexityOf(b)];
  const difference = valueA === null || valueB === null ? null : valueA - valueB;
  const clusters = a.counts.length;
  return {
    first: estimate(valueA, ofA, clusters, options),
    second: estimate(valueB, ofB, clusters, options),
    difference: estimate(
      difference,
      ofA.map((value, index) => value - (ofB[index] ?? NaN)),
      clusters,
      options,
    ),
  };
};

/** All that perplexity takes of a cluster: a resample is then a sum over clusters, not over observations. */
interface ClusterTotals {
  /** [clusters] sum of negative log-probabilities */
  readonly sums: Float64Array;
  /** [clusters] observations */
  readonly counts: Float64Array;
}

const clusterTotals = (scored: readonly ScoredObservation[]): ClusterTotals => {
  const totals = new Map<string, { sum: number; count: number }>();
  for (const { survey, cluster, logProbability } of scored) {
    const key = JSON.stringify([survey, cluster]); // two surveys may use the same ids
    const total = totals.get(key) ?? { sum: 0, count: 0 };
    total.sum -= logProbability;
    total.count += 1;
    totals.set(key, total);
  }
  const all = [...totals.values()];
  return { sums: Float64Array.from(all, ({ sum }) => sum), counts: Float64Array.from(all, ({ count }) => count) };
};

const perplexityOf = ({ sums, counts }: ClusterTotals): number | null => {
  const count = counts.reduce((a, b) => a + b, 0);
  return count === 0 ? null : Math.exp(sums.reduce((a, b) => a + b, 0) / count);
};

/** [models][resamples]: the same clusters are drawn for all models. */
const resampledPerplexities = (
  models: readonly ClusterTotals[],
  { resamples = 1000, seed = 1 }: BootstrapOptions,
): readonly Float64Array[] => {
  const replicates = models.map(() => new Float64Array(resamples));
  const clusters = models[0]?.counts.length ?? 0;
  if (clusters === 0) return replicates;
  const random = new Random(seed);
  const drawn = new Uint32Array(clusters);
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < clusters; i++) drawn[i] = random.integer(clusters);
    models.forEach(({ sums, counts }, model) => {
      let sum = 0;
      let count = 0;
      for (const cluster of drawn) {
        sum += sums[cluster] ?? 0;
        count += counts[cluster] ?? 0;
      }
      (replicates[model] as Float64Array)[resample] = Math.exp(sum / count);
    });
  }
  return replicates;
};

const estimate = (
  value: number | null,
  replicates: Float64Array,
  clusters: number,
  { level = 0.95 }: BootstrapOptions,
): Estimate => {
  const isKnown = value !== null && clusters >= 2 && replicates.length >= 2 && replicates.every(Number.isFinite);
  if (!isKnown) return { value, standardError: null, interval: null };
  const mean = replicates.reduce((a, b) => a + b, 0) / replicates.length;
  const squares = replicates.reduce((sum, replicate) => sum + (replicate - mean) ** 2, 0);
  const sorted = replicates.slice().sort();
  return {
    value,
    standardError: Math.sqrt(squares / (replicates.length - 1)),
    interval: [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)],
  };
};

/** Linear between the order statistics (type 7 of Hyndman and Fan 1996, the default of R and numpy). */
const quantile = (sorted: Float64Array, share: number): number => {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (position - Math.floor(position)) * (above - below);
};

const checkSameObservations = (first: readonly ScoredObservation[], second: readonly ScoredObservation[]): void => {
  if (first.length !== second.length) {
    throw new EvaluationError(
      `The two models were scored on ${first.length} and ${second.length} observations: ` +
        'score both on the same careers.',
      { first: first.length, second: second.length },
    );
  }
  first.forEach((one, index) => {
    const other = second[index] as ScoredObservation;
    if (one.survey === other.survey && one.person === other.person && one.year === other.year) return;
    throw new EvaluationError(
      `Observation ${index + 1} is of person "${one.person}" in ${one.year} for the first model and of ` +
        `"${other.person}" in ${other.year} for the second: score both on the same careers, in the same order.`,
      { index, first: one.person, second: other.person },
    );
  });
};
