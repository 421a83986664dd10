/**
 * Sequences of one length side by side: each epoch sorts the persons by length, with ties and near ties broken anew, cuts
 * them into batches of a bounded number of tokens and shuffles the batches. So hardly anything is computed on filling, and
 * no token ever stands in a row with another person's.
 */
import type { TokenBatch } from '../decoder';
import { Random } from '../support/random';

/** One person's tokens, and how much each counts as a target. */
export interface TokenSequence {
  /** [T + 1] */
  readonly ids: Int32Array;
  /** [T + 1] weight of each token as a target; the first is never one. */
  readonly weights: Float32Array;
}

/**
 * Sequences filled up to the longest, as the decoder reads them: T is one less than the longest's tokens.
 *
 * @throws RangeError for a sequence of less than two tokens, which has no target.
 */
export const tokenBatch = (sequences: readonly TokenSequence[], filling = 0): TokenBatch => {
  const B = sequences.length;
  const T = Math.max(...sequences.map(({ ids }) => ids.length)) - 1;
  const inputs = new Int32Array(B * T).fill(filling);
  const targets = new Int32Array(B * T).fill(filling);
  const weights = new Float32Array(B * T);
  sequences.forEach((sequence, b) => {
    if (sequence.ids.length < 2)
      throw new RangeError(`a sequence of ${sequence.ids.length} tokens has nothing to predict.`);
    inputs.set(sequence.ids.subarray(0, -1), b * T);
    targets.set(sequence.ids.subarray(1), b * T);
    weights.set(sequence.weights.subarray(1), b * T);
  });
  return { inputs, targets, weights, B, T };
};

/**
 * The items of each batch: sorted by length, cut so that rows times the longest row stays within the bound (one row may
 * exceed it alone).
 *
 * @param lengths tokens of each item
 * @param order   the items in the order that breaks ties
 */
export const cutByLength = (lengths: readonly number[], order: readonly number[], tokens: number): number[][] => {
  const length = (item: number) => lengths[item] as number;
  const sorted = [...order].sort((a, b) => length(a) - length(b));
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const item of sorted) {
    if (batch.length > 0 && (batch.length + 1) * length(item) > tokens) {
      batches.push(batch);
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
};

/**
 * One epoch's batches, the same for the same seed and epoch.
 *
 * @param tokens most tokens of a batch, filling included
 */
export const epochBatches = (lengths: readonly number[], tokens: number, seed: number, epoch: number): number[][] => {
  const random = new Random(seed, epoch + 1);
  const order = random.shuffle(lengths.map((_, item) => item));
  const near = lengths.map((length) => length + random.integer(8)); // mixes neighbours in length, so that batches differ
  const sorted = cutByLength(near, order, tokens);
  return random.shuffle(sorted);
};

/** `epochBatches` of sequences themselves. @param lengthOf tokens of a sequence */
export const sequenceBatches = <Sequence>(
  sequences: readonly Sequence[],
  lengthOf: (sequence: Sequence) => number,
  tokens: number,
  seed: number,
  epoch: number,
): Sequence[][] =>
  epochBatches(sequences.map(lengthOf), tokens, seed, epoch).map((batch) =>
    batch.map((item) => sequences[item] as Sequence),
  );
