/**
 * How uncertain a number is because of who happened to be in the evaluated set: the bootstrap over persons, or over
 * clusters where the survey has them (Efron and Tibshirani 1993, chapters 6 and 13; Cameron and Miller 2015, section VI
 * for clusters). Persons are drawn with replacement, each with all of its observations.
 */
import { Random } from '../support';
import type { ScoredObservation } from './scored-observation';

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
  /** Each observation counts as much as its survey weight. */
  readonly weighted?: boolean;
}

/** Which cluster each observation belongs to. */
export interface Clusters {
  /** [observations] from 0, in the order in which they first come */
  readonly of: Uint32Array;
  readonly count: number;
}

export const clustersOf = (scored: readonly Pick<ScoredObservation, 'survey' | 'cluster'>[]): Clusters => {
  const numbers = new Map<string, number>();
  const of = Uint32Array.from(scored, (observation) => {
    const key = clusterKey(observation);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  return { of, count: numbers.size };
};

/** Two surveys may use the same ids. */
export const clusterKey = ({ survey, cluster }: Pick<ScoredObservation, 'survey' | 'cluster'>): string =>
  JSON.stringify([survey, cluster]);

/** What an observation counts. */
export const weightOf = ({ weight }: { readonly weight: number }, weighted = false): number => (weighted ? weight : 1);

/**
 * The resamples: [clusters] how often each cluster is drawn. The same for the same number of clusters and seed, so that
 * what is computed from them for two models is paired. The array is used again for the next one.
 */
export function* resamples(
  clusters: number,
  { resamples: count = 1000, seed = 1 }: BootstrapOptions = {},
): Generator<Uint32Array, void> {
  if (clusters === 0) return;
  const random = new Random(seed);
  const times = new Uint32Array(clusters);
  for (let resample = 0; resample < count; resample++) {
    times.fill(0);
    for (let draw = 0; draw < clusters; draw++) (times[random.integer(clusters)] as number)++;
    yield times;
  }
}

/** Most resamples that may be left out of an interval. */
const LEFT_OUT = 0.1;

/**
 * A value with what its replicates over the resamples say of it. NaN is a resample in which the number does not exist
 * (an AUC of one kind of cases); such are left out, and where they are more than one in ten nothing is said.
 */
export const estimate = (
  value: number | null,
  replicates: ArrayLike<number>,
  clusters: number,
  { level = 0.95 }: BootstrapOptions = {},
): Estimate => {
  const sorted = Float64Array.from(replicates)
    .filter((replicate) => !Number.isNaN(replicate))
    .sort();
  const isEnough = sorted.length >= 2 && sorted.length >= (1 - LEFT_OUT) * replicates.length;
  const isKnown = value !== null && clusters >= 2 && isEnough && sorted.every(Number.isFinite);
  if (!isKnown) return { value, standardError: null, interval: null };
  return {
    value,
    standardError: standardDeviation(sorted),
    interval: [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)],
  };
};

/** Of a sample, its own mean subtracted: the sum of squares is divided by n - 1. */
export const standardDeviation = (sample: ArrayLike<number>): number => {
  const values = Float64Array.from(sample);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

/** Linear between the order statistics (type 7 of Hyndman and Fan 1996, the default of R and numpy). */
const quantile = (sorted: Float64Array, share: number): number => {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (position - Math.floor(position)) * (above - below);
};
