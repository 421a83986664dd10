/**
 * A multinomial logit, P(b | x) = exp(w_b · x + c_b) / sum over classes, as it is once fitted (./fit-logit).
 */
import { smoothedShares } from './marginal';

/** Features that are not 0. */
export interface Part {
  readonly features: readonly number[];
  readonly values: readonly number[];
}

/** The features of a row, in parts: a part that rows share is one object, which is multiplied once for all of them. */
export type Row = readonly Part[];

/** to[k] += value · from[at + k] for all k. */
export const addRow = (to: Float64Array, from: Float64Array | Float32Array, at: number, value = 1): void => {
  for (let k = 0; k < to.length; k++) to[k] = (to[k] as number) + value * (from[at + k] as number);
};

/** Turns scores into probabilities, in place. @returns the log of the summed exponentials */
export const softmax = (scores: Float64Array): number => {
  let most = -Infinity;
  for (let k = 0; k < scores.length; k++) most = Math.max(most, scores[k] as number);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const exponential = Math.exp((scores[k] as number) - most);
    scores[k] = exponential;
    sum += exponential;
  }
  for (let k = 0; k < scores.length; k++) scores[k] = (scores[k] as number) / sum;
  return most + Math.log(sum);
};

/** [J] how many rows had each outcome. */
export const countsOf = (targets: readonly number[], outcomes: number): Float64Array => {
  const counts = new Float64Array(outcomes);
  for (const target of targets) counts[target] = (counts[target] as number) + 1;
  return counts;
};

/** The outcomes that some row had, in order: the classes. */
export const classesOf = (counts: Float64Array): readonly number[] =>
  [...counts.keys()].filter((outcome) => (counts[outcome] as number) > 0);

/**
 * A fitted logit over J outcomes. An outcome that no row had is no class of it: it has the smoothed share
 * u(b) = 0.5 / (N + 0.5 J), and the classes have the rest.
 */
export class Logit {
  /** [K] */
  readonly classes: readonly number[];
  /** [J] u(b) */
  private readonly shares: Float64Array;

  /**
   * @param counts  [J] how many rows had each outcome
   * @param weights [F + 1, K] of each class, the intercepts last
   */
  constructor(
    readonly counts: Float64Array,
    readonly weights: Float32Array,
  ) {
    this.classes = classesOf(counts);
    this.shares = smoothedShares(counts);
  }

  /** [J] log-probabilities of a row's outcomes; -Infinity of the one that it cannot have, where there is one. */
  logProbabilities(row: Row, excluded = -1): Float64Array {
    const K = this.classes.length;
    const scores = new Float64Array(this.weights.subarray(this.weights.length - K));
    for (const { features, values } of row) {
      features.forEach((feature, at) => addRow(scores, this.weights, feature * K, values[at]));
    }
    const logs = this.shares.map(Math.log);
    this.classes.forEach((outcome, k) => {
      if (outcome === excluded) scores[k] = -Infinity;
      logs[outcome] = scores[k] as number;
    });
    if (excluded >= 0) logs[excluded] = -Infinity;
    let unseen = 0;
    this.counts.forEach((count, outcome) => {
      if (count === 0 && outcome !== excluded) unseen += this.shares[outcome] as number;
    });
    // where the one class is what the row cannot have, the outcomes without a row have everything
    const hasClass = this.classes.some((outcome) => outcome !== excluded);
    const ofClass = hasClass ? Math.log1p(-unseen) - softmax(scores) : 0;
    const ofUnseen = hasClass ? 0 : -Math.log(unseen);
    return logs.map((log, outcome) => log + ((this.counts[outcome] as number) > 0 ? ofClass : ofUnseen));
  }
}
