/**
 * How uncertain a perplexity is because of who happened to be in the train set, or because of the seed: how much it
 * differs from one fit to the next, scored on the same observations. The third source, who is in the evaluated set, is
 * the bootstrap's (bootstrap.ts); the three are reported apart.
 */
import { standardDeviation } from './bootstrap';
import { EvaluationError } from './evaluation-error';

/** A number that each of several fits has given. */
export interface Spread {
  /** [fits] */
  readonly values: readonly number[];
  readonly mean: number | null;
  /** Standard deviation of a single fit's value; null of fewer than two. */
  readonly standardError: number | null;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  values,
  mean: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
  standardError: values.length < 2 ? null : standardDeviation(values),
});

/**
 * The first model's values minus the second's, fit by fit: paired where both were fitted on the same resamples.
 *
 * @throws EvaluationError unless they have as many fits
 */
export const spreadOfDifference = (first: Spread, second: Spread): Spread => {
  if (first.values.length !== second.values.length) {
    throw new EvaluationError(
      `The two models were fitted ${first.values.length} and ${second.values.length} times: fit both as often.`,
      { first: first.values.length, second: second.values.length },
    );
  }
  return spreadOf(first.values.map((value, fit) => value - (second.values[fit] as number)));
};
