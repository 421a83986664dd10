/** Perplexities with intervals, of one model or of several on the same observations, and their differences. */
import { clustersOf, estimate, resamples, weightOf, type BootstrapOptions, type Estimate } from './bootstrap';
import { EvaluationError } from './evaluation-error';
import type { ScoredObservation } from './scored-observation';

/** All that a comparison takes of an observation. */
export type Compared = Pick<ScoredObservation, 'survey' | 'person' | 'cluster' | 'year' | 'weight' | 'logProbability'>;

/** Perplexity with standard error and interval; its value is null where there is no observation. */
export const perplexityEstimate = (scored: readonly Compared[], options: BootstrapOptions = {}): Estimate =>
  comparePerplexities([scored], options).models[0] as Estimate;

/** Several models' perplexities over the same observations. */
export interface Comparisons {
  /** In the order in which they were given. */
  readonly models: readonly Estimate[];
  /** The perplexity of one model minus that of another, by their numbers; paired on the same resamples. */
  difference(first: number, second: number): Estimate;
}

/**
 * Compares models' answers on the same observations. All are resampled together, so that persons who are hard for every
 * model do not blur a difference; a difference is computed when it is asked for.
 *
 * @throws EvaluationError if the answers are not of the same observations in the same order.
 */
export const comparePerplexities = (
  scores: readonly (readonly Compared[])[],
  options: BootstrapOptions = {},
): Comparisons => {
  scores.slice(1).forEach((other) => checkSameObservations(scores[0] as readonly Compared[], other));
  const { of, count } = clustersOf(scores[0] ?? []);
  const totals = scores.map((scored) => totalsOf(scored, of, count, options.weighted));
  const values = totals.map((total) => perplexityOf(total));
  const replicates = scores.map((): number[] => []);
  for (const times of resamples(count, options)) {
    totals.forEach((total, model) => replicates[model]?.push(perplexityOf(total, times) ?? NaN));
  }
  return {
    models: values.map((value, model) => estimate(value, replicates[model] ?? [], count, options)),
    difference: (first, second) => {
      const [a, b] = [values[first] ?? null, values[second] ?? null];
      const [ofFirst, ofSecond] = [replicates[first] ?? [], replicates[second] ?? []];
      return estimate(
        a === null || b === null ? null : a - b,
        ofFirst.map((value, resample) => value - (ofSecond[resample] ?? NaN)),
        count,
        options,
      );
    },
  };
};

/** Two models' perplexities over the same observations, and the first minus the second. */
export interface Comparison {
  readonly first: Estimate;
  readonly second: Estimate;
  readonly difference: Estimate;
}

/** `comparePerplexities` of two. */
export const compareScores = (
  first: readonly Compared[],
  second: readonly Compared[],
  options: BootstrapOptions = {},
): Comparison => {
  const { models, difference } = comparePerplexities([first, second], options);
  return { first: models[0] as Estimate, second: models[1] as Estimate, difference: difference(0, 1) };
};

/** All that perplexity takes of a cluster: a resample is then a sum over clusters, not over observations. */
interface Totals {
  /** [clusters] sum of negative log-probabilities */
  readonly sums: Float64Array;
  /** [clusters] observations, or their weight */
  readonly counts: Float64Array;
}

const totalsOf = (
  scored: readonly Compared[],
  clusters: Uint32Array,
  count: number,
  weighted: boolean | undefined,
): Totals => {
  const totals = { sums: new Float64Array(count), counts: new Float64Array(count) };
  scored.forEach((observation, index) => {
    const weight = weightOf(observation, weighted);
    if (weight === 0) return; // 0 times -Infinity would be no number
    const cluster = clusters[index] as number;
    (totals.sums[cluster] as number) -= weight * observation.logProbability;
    (totals.counts[cluster] as number) += weight;
  });
  return totals;
};

/** @param times [clusters] how often each counts; once each without it */
const perplexityOf = ({ sums, counts }: Totals, times?: Uint32Array): number | null => {
  let sum = 0;
  let count = 0;
  for (let cluster = 0; cluster < sums.length; cluster++) {
    const often = times === undefined ? 1 : (times[cluster] as number);
    if (often === 0) continue;
    sum += often * (sums[cluster] as number);
    count += often * (counts[cluster] as number);
  }
  return count === 0 ? null : Math.exp(sum / count);
};

const checkSameObservations = (first: readonly Compared[], second: readonly Compared[]): void => {
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
