/** The decoder's attention, laid open: what its fast forms compute and throw away. */
import { tf, toHeads } from '../tensors';
import type { Decoder } from './decoder';

/** One pass over a text of T tokens. */
export interface OpenedPass {
  /** For each layer [H, T, T], row by row: how much each token (row) takes from each token up to itself; rows sum to 1. */
  readonly weights: readonly Float32Array[];
  /** [T, C] hidden states after the last norm, as `Decoder.hidden` gives them. */
  readonly hidden: Float32Array;
}

/** Runs a text and keeps the weights of its attention: softmax(q kᵀ / sqrt(D)) of Vaswani et al. 2017, eq. 1. */
export const attentionWeights = (decoder: Decoder, ids: ArrayLike<number>): OpenedPass => {
  const { H, G, D } = decoder.heads;
  const T = ids.length;
  const weights: Float32Array[] = [];
  const hidden = tf.tidy(() => {
    const rotary = decoder.positions(T);
    const place = tf.range(0, T, 1, 'int32');
    const later = tf.cast(tf.greater(place, tf.reshape(place, [T, 1])), 'float32'); // [T, T]
    const mask = tf.mul(later, -1e9);
    const x = decoder.embed(tf.tensor1d(Int32Array.from(ids), 'int32'));
    const states = decoder.layers(x, (_, q, k, v) => {
      const qh = toHeads(q, { H, G: H, D }, rotary, 1 / Math.sqrt(D)); // [H, T, D]
      const kh = toHeads(k, { H, G, D }, rotary); // [H, T, D]
      const vh = toHeads(v, { H, G, D }); // [H, T, D]
      const shares = tf.softmax(tf.add(tf.matMul(qh, kh, false, true), mask)); // [H, T, T]
      weights.push(shares.dataSync().slice() as Float32Array);
      return tf.reshape(tf.transpose(tf.matMul(shares, vh), [1, 0, 2]), [T, H * D]);
    });
    return states.dataSync().slice() as Float32Array;
  });
  return { weights, hidden };
};
