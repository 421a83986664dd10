/** What a decoder says within texts, from one pass over each: log-probabilities of stretches, hidden states at places. */
import type { Decoder } from '../decoder';
import { logProbabilityOf, tf } from '../tensors';
import { tokenBatch } from '../training';

/** A text as tokens, and the stretches of it that are asked about: tokens [from, to), `from` above 0. */
export interface SpannedText {
  readonly ids: Int32Array;
  readonly spans: readonly { readonly from: number; readonly to: number; readonly index: number }[];
}

/**
 * Adds the log-probability of every stretch's tokens, each given all before it, to `sums[index]`.
 *
 * @param filling the token that fills up shorter texts
 */
export const addSpanScores = (
  decoder: Decoder,
  texts: readonly SpannedText[],
  filling: number,
  sums: Float64Array,
): void => {
  const { inputs, targets, B, T } = tokenBatch(
    texts.map(({ ids }) => ({ ids, weights: new Float32Array(ids.length) })),
    filling,
  );
  const rows: number[] = [];
  const owners: number[] = [];
  texts.forEach(({ spans }, b) => {
    for (const { from, to, index } of spans) {
      for (let at = from; at < to; at++) {
        rows.push(b * T + at - 1); // the token before predicts it
        owners.push(index);
      }
    }
  });
  const scores = tf.tidy(() => {
    const hidden = decoder.hidden(tf.tensor1d(inputs, 'int32'), B, T);
    const logits = decoder.logits(tf.gather(hidden, tf.tensor1d(rows, 'int32')));
    const wanted = Int32Array.from(rows, (row) => targets[row] as number);
    return logProbabilityOf(logits, tf.tensor1d(wanted, 'int32')).dataSync();
  });
  owners.forEach((index, at) => {
    sums[index] = (sums[index] as number) + (scores[at] as number);
  });
};

/** [places, C] hidden states at places of texts, each after the token `at`, text by text. */
export const hiddenAt = (
  decoder: Decoder,
  texts: readonly { readonly ids: Int32Array; readonly at: readonly number[] }[],
  filling: number,
): Float32Array => {
  const B = texts.length;
  const T = Math.max(...texts.map(({ ids }) => ids.length));
  const inputs = new Int32Array(B * T).fill(filling);
  texts.forEach(({ ids }, b) => inputs.set(ids, b * T));
  const rows = texts.flatMap(({ at }, b) => at.map((place) => b * T + place));
  return tf.tidy(() => {
    const hidden = decoder.hidden(tf.tensor1d(inputs, 'int32'), B, T);
    return tf.gather(hidden, tf.tensor1d(rows, 'int32')).dataSync() as Float32Array;
  });
};
