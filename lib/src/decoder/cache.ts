/**
 * Scoring continuations of one prefix: the prefix is run once and its keys and values kept, then every continuation sees
 * the prefix and its own tokens.
 */
import { causalMask, rotaryAt, rotate, tf, type AttentionShape } from '../tensors';
import type { Decoder } from './decoder';

/** What a pass over T tokens leaves behind. Dispose of it with `disposeCache`. */
export interface PrefixCache {
  /** For each layer [H, T, D], turned by their positions, grouped heads already spread. */
  readonly keys: readonly tf.Tensor3D[];
  readonly values: readonly tf.Tensor3D[];
  /** [T, C] hidden states after the last norm. */
  readonly hidden: tf.Tensor2D;
  readonly length: number;
}

export const disposeCache = ({ keys, values, hidden }: PrefixCache): void => tf.dispose([...keys, ...values, hidden]);

/** [T, G·D] to [H, T, D]: every key/value head serves H/G query heads. */
const toHeads = (x: tf.Tensor4D, { T, H, G, D }: Omit<AttentionShape, 'B'>): tf.Tensor3D => {
  const heads = tf.transpose(tf.reshape(x, [T, G, D]), [1, 0, 2]); // [G, T, D]
  if (G === H) return heads as tf.Tensor3D;
  return tf.reshape(tf.tile(tf.reshape(heads, [G, 1, T, D]), [1, H / G, 1, 1]), [H, T, D]);
};

/** Runs a prefix of T tokens and keeps what its continuations need. */
export const runPrefix = (decoder: Decoder, ids: ArrayLike<number>): PrefixCache => {
  const { num_attention_heads: H, num_key_value_heads: G, hidden_size: C } = decoder.config;
  const T = ids.length;
  const D = C / H;
  const keys: tf.Tensor3D[] = [];
  const values: tf.Tensor3D[] = [];
  const hidden = tf.tidy(() => {
    const rotary = decoder.positions(T);
    const mask = causalMask(T);
    const x = decoder.embed(tf.tensor1d(Int32Array.from(ids), 'int32'));
    return decoder.layers(x, (_, q, k, v) => {
      const qh = toHeads(rotate(tf.reshape(q, [1, T, H, D]), rotary), { T, H, G: H, D }); // [H, T, D]
      const kh = tf.keep(toHeads(rotate(tf.reshape(k, [1, T, G, D]), rotary), { T, H, G, D })); // [H, T, D]
      const vh = tf.keep(toHeads(tf.reshape(v, [1, T, G, D]), { T, H, G, D })); // [H, T, D]
      keys.push(kh);
      values.push(vh);
      const scores = tf.mul(tf.matMul(qh, kh, false, true), 1 / Math.sqrt(D)); // [H, T, T]
      const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), vh); // [H, T, D]
      return tf.reshape(tf.transpose(mixed, [1, 0, 2]), [T, C]);
    });
  });
  return { keys, values, hidden, length: T };
};

/**
 * Hidden states of J continuations of L tokens each, behind the first P tokens of a prefix.
 *
 * @param ids [J·L] the continuations' tokens, row by row
 * @param P   how many of the prefix's tokens they see and follow
 * @returns [J·L, C]
 */
export const runContinuations = (
  decoder: Decoder,
  prefix: PrefixCache,
  P: number,
  ids: Int32Array,
  L: number,
): tf.Tensor2D =>
  tf.tidy(() => {
    const { num_attention_heads: H, num_key_value_heads: G, hidden_size: C, rope_theta } = decoder.config;
    const N = ids.length; // J·L
    const J = N / L;
    const D = C / H;
    const rotary = rotaryAt(
      Array.from({ length: L }, (_, l) => P + l),
      D,
      rope_theta,
    );
    const mask = causalMask(L);
    return decoder.layers(decoder.embed(tf.tensor1d(ids, 'int32')), (layer, q, k, v) => {
      const heads = (x: tf.Tensor2D, G: number): tf.Tensor3D => toHeads(tf.reshape(x, [1, N, G, D]), { T: N, H, G, D }); // [H, J·L, D]
      const turn = (x: tf.Tensor2D, G: number): tf.Tensor2D =>
        tf.reshape(rotate(tf.reshape(x, [J, L, G, D]), rotary), [N, G * D]);
      const qh = tf.mul(heads(turn(q, H), H), 1 / Math.sqrt(D)) as tf.Tensor3D; // [H, J·L, D]
      const branches = (x: tf.Tensor3D): tf.Tensor4D => tf.reshape(x, [H, J, L, D]);
      const kh = branches(heads(turn(k, G), G));
      const vh = branches(heads(v, G));
      const before = tf.slice(prefix.keys[layer] as tf.Tensor3D, [0, 0, 0], [H, P, D]);
      const valuesBefore = tf.slice(prefix.values[layer] as tf.Tensor3D, [0, 0, 0], [H, P, D]);
      const scoresBefore = tf.reshape(tf.matMul(qh, before, false, true), [H, J, L, P]);
      const scoresOwn = tf.add(tf.matMul(branches(qh), kh, false, true), mask); // [H, J, L, L]
      const weights = tf.softmax(tf.concat([scoresBefore, scoresOwn], 3)); // [H, J, L, P + L]
      const [weightsBefore, weightsOwn] = tf.split(weights, [P, L], 3) as [tf.Tensor4D, tf.Tensor4D];
      const mixedBefore = tf.matMul(tf.reshape(weightsBefore, [H, N, P]), valuesBefore); // [H, J·L, D]
      const mixedOwn = tf.reshape(tf.matMul(weightsOwn, vh), [H, N, D]);
      return tf.reshape(tf.transpose(tf.add(mixedBefore, mixedOwn), [1, 0, 2]), [N, C]);
    });
  });
