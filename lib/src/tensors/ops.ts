/**
 * The operations of the decoder that stock TensorFlow.js lacks, gets wrong or is slow at, each with its gradient. Where
 * the two backends want different forms, both stand side by side here and nowhere else:
 *
 * - wasm has one fast matrix product, without transposes and without batches (tfjs-backend-wasm, batch_mat_mul_impl.cc),
 *   so transposes are made explicit there; it lacks UnsortedSegmentSum, so embeddings scatter instead.
 * - tensorflow's products take their transposes as flags for nothing, and some kernels fuse what here is several passes.
 */
import * as tf from '@tensorflow/tfjs';
import { hasTensorFlow } from './backend';
import { kernel, kernels } from './kernel';

type Save = (tensors: tf.Tensor[]) => void;

/**
 * An operation with a gradient of its own: `forward` saves what `backward` is given beside dy. A tensor that `backward`
 * caught from outside instead would be disposed by then.
 */
const operation = (
  inputs: readonly tf.Tensor[],
  forward: (save: Save) => tf.Tensor,
  backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor =>
  tf.customGrad((...args: (tf.Tensor | Save)[]) => ({
    value: forward(args[args.length - 1] as Save),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(dy, saved),
  }))(...inputs);

const scalar = (x: number): tf.Scalar => tf.scalar(x, 'float32');

/** a [N, M] times b [M, K], either transposed first; 2-D only. */
const product = (a: tf.Tensor2D, b: tf.Tensor2D, transposeA = false, transposeB = false): tf.Tensor2D => {
  if (hasTensorFlow()) return tf.matMul(a, b, transposeA, transposeB);
  return tf.matMul(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b);
};

/**
 * y = x Wᵀ, with the weight as PyTorch and Hugging Face keep it.
 *
 * @param x [N, C]
 * @param w [K, C]
 * @returns [N, K]
 */
export const linear = (x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D =>
  operation(
    [x, w],
    (save) => {
      save([x, w]);
      return product(x, w, false, true); // [N, K]
    },
    (dy, [x, w]) => [
      product(dy as tf.Tensor2D, w as tf.Tensor2D), // [N, C]
      product(dy as tf.Tensor2D, x as tf.Tensor2D, true), // [K, C]
    ],
  ) as tf.Tensor2D;

/**
 * Rows of a table by index. The indices are not checked on wasm: whoever makes them checks them.
 *
 * @param ids   [N] int32
 * @param table [V, C]
 * @returns [N, C]
 */
export const embedding = (ids: tf.Tensor1D, table: tf.Tensor2D): tf.Tensor2D =>
  operation(
    [table],
    (save) => {
      save([ids]);
      return tf.gather(table, ids);
    },
    (dy, [ids]) => {
      const rows = ids as tf.Tensor1D;
      if (hasTensorFlow()) return [tf.unsortedSegmentSum(dy, rows, table.shape[0])];
      return [tf.scatterND(tf.reshape(rows, [-1, 1]), dy, table.shape)]; // adds duplicates up
    },
  ) as tf.Tensor2D;

/**
 * Root-mean-square layer normalisation (Zhang and Sennrich 2019, arXiv 1910.07467, eq. 4):
 * y = x / sqrt(mean(x²) + eps) · g, over the last axis.
 *
 * @param x    [N, C]
 * @param gain [C]
 */
export const rmsNorm = (x: tf.Tensor2D, gain: tf.Tensor1D, eps: number): tf.Tensor2D =>
  operation(
    [x, gain],
    (save) => {
      const scale = tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), scalar(eps))); // [N, 1]
      const unit = tf.mul(x, scale); // [N, C]
      save([unit, scale, gain]);
      return tf.mul(unit, gain);
    },
    (dy, saved) => {
      const [unit, scale, gain] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const dUnit = tf.mul(dy, gain); // [N, C]
      const along = tf.mean(tf.mul(dUnit, unit), 1, true); // [N, 1]
      const dx = tf.mul(tf.sub(dUnit, tf.mul(unit, along)), scale);
      return [dx, tf.sum(tf.mul(dy, unit), 0)];
    },
  ) as tf.Tensor2D;

/**
 * The gated activation of SwiGLU (Shazeer 2020, arXiv 2002.05202, eq. 6): silu(gate) · up.
 *
 * @param gate [N, F]
 * @param up   [N, F]
 */
export const swiglu = (gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D =>
  operation(
    [gate, up],
    (save) => {
      const sigmoid = tf.sigmoid(gate);
      const silu = tf.mul(gate, sigmoid);
      save([sigmoid, silu, up]);
      return tf.mul(silu, up);
    },
    (dy, saved) => {
      const [sigmoid, silu, up] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      // d silu/d gate = sigmoid + silu (1 - sigmoid)
      const slope = tf.sub(tf.add(sigmoid, silu), tf.mul(silu, sigmoid));
      return [tf.mul(tf.mul(dy, up), slope), tf.mul(dy, silu)];
    },
  ) as tf.Tensor2D;

/** Cosines and sines of rotary positions, each [T, 1, D], and the matrix that turns a head by a quarter, [D, D]. */
export interface Rotary {
  readonly cos: tf.Tensor3D;
  readonly sin: tf.Tensor3D;
  readonly quarter: tf.Tensor2D;
}

/**
 * Rotary positions (Su et al. 2021, arXiv 2104.09864, eq. 34) in Hugging Face's arrangement: dimension i turns with
 * dimension i + D/2, by position · theta^(-2i/D).
 *
 * @param positions T positions
 * @param width     D, even
 */
export const rotaryAt = (positions: readonly number[], width: number, theta: number): Rotary => {
  const half = width / 2;
  const cos = new Float32Array(positions.length * width);
  const sin = new Float32Array(positions.length * width);
  positions.forEach((position, t) => {
    for (let i = 0; i < half; i++) {
      const angle = position * theta ** (-i / half);
      cos[t * width + i] = cos[t * width + half + i] = Math.cos(angle);
      sin[t * width + i] = sin[t * width + half + i] = Math.sin(angle);
    }
  });
  // x · quarter = (-x's second half, x's first half): a small product costs less than slicing and concatenating
  const quarter = new Float32Array(width * width);
  for (let i = 0; i < half; i++) {
    quarter[(i + half) * width + i] = -1;
    quarter[i * width + i + half] = 1;
  }
  return {
    cos: tf.tensor3d(cos, [positions.length, 1, width]),
    sin: tf.tensor3d(sin, [positions.length, 1, width]),
    quarter: tf.tensor2d(quarter, [width, width]),
  };
};

/** x [B, T, H, D] turned by its positions. */
export const rotate = (x: tf.Tensor4D, { cos, sin, quarter }: Rotary): tf.Tensor4D => {
  const turned = tf.reshape(tf.matMul(tf.reshape(x, [-1, quarter.shape[0]]) as tf.Tensor2D, quarter), x.shape);
  return tf.add(tf.mul(x, cos), tf.mul(turned, sin));
};

/** The transpose of `rotate`, which is turning back. */
const rotateBack = (dy: tf.Tensor4D, { cos, sin, quarter }: Rotary): tf.Tensor4D => {
  const side = tf.reshape(tf.mul(dy, sin), [-1, quarter.shape[0]]) as tf.Tensor2D;
  return tf.add(tf.mul(dy, cos), tf.reshape(product(side, quarter, false, true), dy.shape));
};

/** Sizes of an attention: B sequences, T positions, H query heads, G key/value heads (G divides H), D head width. */
export interface AttentionShape {
  readonly B: number;
  readonly T: number;
  readonly H: number;
  readonly G: number;
  readonly D: number;
}

/** [B, T, G, D] to [B, H, T, D]: every key/value head serves H/G query heads. */
const spread = (x: tf.Tensor4D, { B, T, H, G, D }: AttentionShape): tf.Tensor4D => {
  const heads = tf.transpose(x, [0, 2, 1, 3]); // [B, G, T, D]
  if (G === H) return heads;
  return tf.reshape(tf.tile(tf.reshape(heads, [B, G, 1, T, D]), [1, 1, H / G, 1, 1]), [B, H, T, D]);
};

/** The transpose of `spread`: the H/G query heads' gradients added up. */
const gatherUp = (dy: tf.Tensor4D, { B, T, H, G, D }: AttentionShape): tf.Tensor4D => {
  const heads = G === H ? dy : (tf.sum(tf.reshape(dy, [B, G, H / G, T, D]), 2) as tf.Tensor4D); // [B, G, T, D]
  return tf.transpose(heads, [0, 2, 1, 3]);
};

/** [T, T], 0 where a position may look (itself and before), -1e9 where not. */
export const causalMask = (length: number): tf.Tensor2D => {
  const values = new Float32Array(length * length);
  for (let t = 0; t < length; t++) values.fill(-1e9, t * length + t + 1, (t + 1) * length);
  return tf.tensor2d(values, [length, length]);
};

/**
 * Causal attention with rotary positions (Vaswani et al. 2017, arXiv 1706.03762, eq. 1; grouped heads: Ainslie et al.
 * 2023, arXiv 2305.13245). Padding stands behind a sequence's end, so that the causal mask hides it from every token.
 *
 * @param q [B·T, H·D] queries
 * @param k [B·T, G·D] keys, not yet turned
 * @param v [B·T, G·D] values
 * @param mask [T, T] as `causalMask` makes it
 * @returns [B·T, H·D]
 */
export const attention = (
  q: tf.Tensor2D,
  k: tf.Tensor2D,
  v: tf.Tensor2D,
  rotary: Rotary,
  mask: tf.Tensor2D,
  shape: AttentionShape,
): tf.Tensor2D => {
  const { B, T, H, G, D } = shape;
  const scale = 1 / Math.sqrt(D);
  return operation(
    [q, k, v],
    (save) => {
      const qh = tf.transpose(tf.mul(rotate(tf.reshape(q, [B, T, H, D]), rotary), scale), [0, 2, 1, 3]); // [B, H, T, D]
      const kh = spread(rotate(tf.reshape(k, [B, T, G, D]), rotary), shape); // [B, H, T, D]
      const vh = spread(tf.reshape(v, [B, T, G, D]), shape); // [B, H, T, D]
      const weights = tf.softmax(tf.add(tf.matMul(qh, kh, false, true), mask)); // [B, H, T, T]
      save([qh, kh, vh, weights, rotary.cos, rotary.sin, rotary.quarter]);
      return tf.reshape(tf.transpose(tf.matMul(weights, vh), [0, 2, 1, 3]), [B * T, H * D]);
    },
    (dy, saved) => {
      const [qh, kh, vh, weights] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const [cos, sin, quarter] = saved.slice(4) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor2D];
      const turn = { cos, sin, quarter };
      const dMixed = tf.transpose(tf.reshape(dy, [B, T, H, D]), [0, 2, 1, 3]); // [B, H, T, D]
      const dvh = tf.matMul(weights, dMixed, true); // [B, H, T, D]
      const dWeights = tf.matMul(dMixed, vh, false, true); // [B, H, T, T]
      const inner = tf.mul(weights, dWeights);
      const dScores = tf.sub(inner, tf.mul(weights, tf.sum(inner, 3, true))); // [B, H, T, T]
      const dqh = tf.mul(tf.matMul(dScores, kh), scale); // [B, H, T, D]
      const dkh = tf.matMul(dScores, qh, true); // [B, H, T, D]
      const dq = rotateBack(tf.transpose(dqh, [0, 2, 1, 3]) as tf.Tensor4D, turn);
      const dk = rotateBack(gatherUp(dkh as tf.Tensor4D, shape), turn);
      return [
        tf.reshape(dq, [B * T, H * D]),
        tf.reshape(dk, [B * T, G * D]),
        tf.reshape(gatherUp(dvh as tf.Tensor4D, shape), [B * T, G * D]),
      ];
    },
  ) as tf.Tensor2D;
};

/** 0 where a unit is dropped, 1/(1-rate) where it is kept, drawn from the seed alone. */
const dropoutMask = (shape: number[], rate: number, seed: number): tf.Tensor => {
  const kept = 1 / (1 - rate);
  if (hasTensorFlow()) {
    const uniform = kernel('StatelessRandomUniform', [tf.tensor1d(shape, 'int32'), tf.tensor1d([seed, 0], 'int32')], {
      dtype: 'float32',
      T: 'int32',
      Tseed: 'int32',
    });
    return tf.mul(tf.step(tf.sub(uniform, scalar(rate)), 0), scalar(kept));
  }
  // mulberry32; random tensors of tfjs itself are drawn one by one by a much slower generator
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  const threshold = rate * 2 ** 32;
  let state = seed | 0;
  for (let i = 0; i < values.length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    if ((x ^ (x >>> 14)) >>> 0 >= threshold) values[i] = kept;
  }
  return tf.tensor(values, shape);
};

/**
 * Dropout (Srivastava et al. 2014): each unit is zero with probability `rate`, the others are scaled up. The same seed
 * drops the same units (on one backend: the two have different generators), so that a resumed training goes on as it was.
 */
export const dropout = <T extends tf.Tensor>(x: T, rate: number, seed: number): T => {
  if (rate === 0) return x;
  return operation(
    [x],
    (save) => {
      const mask = dropoutMask(x.shape, rate, seed);
      save([mask]);
      return tf.mul(x, mask);
    },
    (dy, [mask]) => [tf.mul(dy, mask as tf.Tensor)],
  ) as T;
};

/** [N] log-probability of the target, and what its gradient needs: [N, V] probabilities minus one-hot (TensorFlow only). */
const sparseCrossEntropy = (logits: tf.Tensor2D, targets: tf.Tensor1D): { loss: tf.Tensor1D; slope: tf.Tensor2D } => {
  if (hasTensorFlow()) {
    const [loss, slope] = kernels(
      'SparseSoftmaxCrossEntropyWithLogits',
      [logits, targets],
      { T: 'float32', Tlabels: 'int32' },
      2,
    ) as [tf.Tensor1D, tf.Tensor2D];
    return { loss, slope };
  }
  const [n, v] = logits.shape;
  const top = tf.max(logits, 1, true); // [N, 1]
  const powers = tf.exp(tf.sub(logits, top)); // [N, V]
  const total = tf.sum(powers, 1, true); // [N, 1]
  const rows = tf.range(0, n, 1, 'int32');
  const cells = tf.stack([rows, targets], 1); // [N, 2]
  const hit = tf.gatherND(logits, cells) as tf.Tensor1D; // [N]
  const loss = tf.sub(tf.reshape(tf.add(tf.log(total), top), [n]), hit) as tf.Tensor1D;
  const slope = tf.sub(tf.div(powers, total), tf.scatterND(cells, tf.ones([n]), [n, v])) as tf.Tensor2D;
  return { loss, slope };
};

/**
 * Weighted mean of the targets' negative log-probabilities: sum(w · nll) / sum(w).
 *
 * @param logits  [N, V]
 * @param targets [N] int32
 * @param weights [N], of which at least one is above 0
 */
export const crossEntropy = (logits: tf.Tensor2D, targets: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar =>
  operation(
    [logits],
    (save) => {
      const { loss, slope } = sparseCrossEntropy(logits, targets);
      const share = tf.div(weights, tf.sum(weights)); // [N]
      save([slope, share]);
      return tf.sum(tf.mul(loss, share));
    },
    (dy, saved) => {
      const [slope, share] = saved as [tf.Tensor2D, tf.Tensor1D];
      return [tf.mul(slope, tf.reshape(tf.mul(share, dy), [-1, 1]))];
    },
  ) as tf.Scalar;

/**
 * [N] log-probabilities of the targets.
 *
 * @param logits  [N, V]
 * @param targets [N] int32
 */
export const logProbabilityOf = (logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor1D =>
  tf.neg(sparseCrossEntropy(logits, targets).loss);
