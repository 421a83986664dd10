/**
 * The operations of the decoder that stock TensorFlow.js lacks, gets wrong or is slow at, each with its gradient, in two
 * forms side by side:
 *
 * - `stock`, of TensorFlow.js' own operations, in the form that its wasm backend is fast at: that has one fast matrix
 *   product, without transposes and batches (tfjs-backend-wasm, batch_mat_mul_impl.cc), so transposes are made explicit;
 *   it lacks UnsortedSegmentSum, so embeddings scatter instead. It is what the other form is tested against.
 * - `fused`, of kernels of our own (./kernel), one pass over memory where stock operations need several, and of matrix
 *   products that take their transposes for nothing.
 */
import * as tf from '@tensorflow/tfjs';
import { hasTensorFlow } from './backend';
import { kernel, kernels, product, usesKernels } from './kernel';
import { operation, scalar, type Form, type Save } from './operation';

/**
 * y = x Wᵀ, with the weight as PyTorch and Hugging Face keep it.
 *
 * @param x [N, C]
 * @param w [K, C]
 * @returns [N, K]
 */
export const linear = (x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D =>
  operation([x, w], {
    stock: {
      forward: (save) => {
        save([x, w]);
        return tf.matMul(x, tf.transpose(w)); // [N, K]
      },
      backward: (dy, [x, w]) => [
        tf.matMul(dy as tf.Tensor2D, w as tf.Tensor2D), // [N, C]
        tf.matMul(tf.transpose(dy as tf.Tensor2D), x as tf.Tensor2D), // [K, C]
      ],
    },
    fused: {
      forward: (save) => {
        save([x, w]);
        return product(x, w, 'b');
      },
      backward: (dy, [x, w]) => [product(dy, w as tf.Tensor), product(dy, x as tf.Tensor, 'a')],
    },
  }) as tf.Tensor2D;

/**
 * Rows of a table by index. The indices are not checked on wasm: whoever makes them checks them.
 *
 * @param ids   [N] int32
 * @param table [V, C]
 * @returns [N, C]
 */
export const embedding = (ids: tf.Tensor1D, table: tf.Tensor2D): tf.Tensor2D => {
  const forward = (save: Save): tf.Tensor => {
    save([ids]);
    return tf.gather(table, ids);
  };
  // scattering adds duplicates up
  const scatter = (dy: tf.Tensor, ids: tf.Tensor): tf.Tensor => tf.scatterND(tf.reshape(ids, [-1, 1]), dy, table.shape);
  const sum = (dy: tf.Tensor, ids: tf.Tensor): tf.Tensor =>
    tf.unsortedSegmentSum(dy, ids as tf.Tensor1D, table.shape[0]);
  return operation([table], {
    stock: { forward, backward: (dy, [ids]) => [scatter(dy, ids as tf.Tensor)] },
    fused: { forward, backward: (dy, [ids]) => [(hasTensorFlow() ? sum : scatter)(dy, ids as tf.Tensor)] },
  }) as tf.Tensor2D;
};

/**
 * Root-mean-square layer normalisation (Zhang and Sennrich 2019, arXiv 1910.07467, eq. 4):
 * y = x / sqrt(mean(x²) + eps) · g, over the last axis.
 *
 * @param x    [N, C]
 * @param gain [C]
 */
export const rmsNorm = (x: tf.Tensor2D, gain: tf.Tensor1D, eps: number): tf.Tensor2D =>
  operation([x, gain], {
    stock: {
      forward: (save) => {
        const scale = tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), scalar(eps))); // [N, 1]
        const unit = tf.mul(x, scale); // [N, C]
        save([unit, scale, gain]);
        return tf.mul(unit, gain);
      },
      backward: (dy, saved) => {
        const [unit, scale, gain] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        const dUnit = tf.mul(dy, gain); // [N, C]
        const along = tf.mean(tf.mul(dUnit, unit), 1, true); // [N, 1]
        const dx = tf.mul(tf.sub(dUnit, tf.mul(unit, along)), scale);
        return [dx, tf.sum(tf.mul(dy, unit), 0)];
      },
    },
    fused: {
      forward: (save) => {
        const [y, scale] = kernels('DecoderRmsNorm', [x, gain, scalar(eps)], [x.shape, [x.shape[0]]]) as [
          tf.Tensor,
          tf.Tensor,
        ];
        save([x, gain, scale]);
        return y;
      },
      backward: (dy, saved) => kernels('DecoderRmsNormGradient', [dy, ...saved], [x.shape, gain.shape]),
    },
  }) as tf.Tensor2D;

/**
 * The gated activation of SwiGLU (Shazeer 2020, arXiv 2002.05202, eq. 6): silu(gate) · up.
 *
 * @param gate [N, F]
 * @param up   [N, F]
 */
export const swiglu = (gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D =>
  operation([gate, up], {
    stock: {
      forward: (save) => {
        const sigmoid = tf.sigmoid(gate);
        const silu = tf.mul(gate, sigmoid);
        save([sigmoid, silu, up]);
        return tf.mul(silu, up);
      },
      backward: (dy, saved) => {
        const [sigmoid, silu, up] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        // d silu/d gate = sigmoid + silu (1 - sigmoid)
        const slope = tf.sub(tf.add(sigmoid, silu), tf.mul(silu, sigmoid));
        return [tf.mul(tf.mul(dy, up), slope), tf.mul(dy, silu)];
      },
    },
    fused: {
      forward: (save) => {
        save([gate, up]);
        return kernel('DecoderSwiglu', [gate, up], gate.shape);
      },
      backward: (dy, saved) => kernels('DecoderSwigluGradient', [dy, ...saved], [gate.shape, up.shape]),
    },
  }) as tf.Tensor2D;

/** Cosines and sines of rotary positions, each [T, 1, D], and the matrix that turns a head by a quarter, [D, D]. */
export interface Rotary {
  readonly cos: tf.Tensor3D;
  readonly sin: tf.Tensor3D;
  readonly quarter: tf.Tensor2D;
}

/**
 * Rotary positions (Su et al. 2021, arXiv 2104.09864, eq. 34) in Hugging Face's arrangement: dimension i turns with
 * dimension i + D/2, by position · frequencies[i].
 *
 * @param positions   T positions
 * @param frequencies D/2 of them, in radians a position
 */
export const rotaryAt = (positions: readonly number[], frequencies: readonly number[]): Rotary => {
  const half = frequencies.length;
  const width = 2 * half;
  const cos = new Float32Array(positions.length * width);
  const sin = new Float32Array(positions.length * width);
  positions.forEach((position, t) => {
    for (let i = 0; i < half; i++) {
      const angle = position * (frequencies[i] as number);
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
  return tf.add(tf.mul(dy, cos), tf.reshape(tf.matMul(side, tf.transpose(quarter)), dy.shape));
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
export const spread = (x: tf.Tensor4D, { B, T, H, G, D }: AttentionShape): tf.Tensor4D => {
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
const causalMask = (length: number): tf.Tensor2D => {
  const values = new Float32Array(length * length);
  for (let t = 0; t < length; t++) values.fill(-1e9, t * length + t + 1, (t + 1) * length);
  return tf.tensor2d(values, [length, length]);
};

/** The fused form of `attention` where one kernel does it, which keeps no weights. */
const attentionAtOnce = (
  q: tf.Tensor2D,
  k: tf.Tensor2D,
  v: tf.Tensor2D,
  { cos, sin }: Rotary,
  drop: Dropout = { rate: 0, seed: 0 },
): Form => ({
  forward: (save) => {
    save([q, k, v, cos, sin]);
    return kernel('DecoderAttention', [q, k, v, cos, sin, dropoutSettings(drop)], q.shape);
  },
  backward: (dy, saved) =>
    kernels('DecoderAttentionGradient', [dy, ...saved, dropoutSettings(drop)], [q.shape, k.shape, v.shape]),
});

/** The fused form of `attention` of products and passes between them. */
const attentionInPasses = (
  q: tf.Tensor2D,
  k: tf.Tensor2D,
  v: tf.Tensor2D,
  rotary: Rotary,
  { B, T, H, G, D }: AttentionShape,
  drop?: Dropout,
): Form => {
  const scale = 1 / Math.sqrt(D);
  const thinned = (x: tf.Tensor): tf.Tensor =>
    drop === undefined ? x : kernel('DecoderDropout', [x, dropoutSettings(drop)], x.shape);
  const settings = (groups: number, factor: number): tf.Tensor[] => [
    tf.tensor1d([B, T, H, groups, D], 'int32'),
    scalar(factor),
  ];
  const toHeads = (x: tf.Tensor, groups: number, turn: readonly tf.Tensor[], factor: number): tf.Tensor =>
    kernel('DecoderToHeads', [x, ...turn, ...settings(groups, factor)], [B, H, T, D]);
  const fromHeads = (x: tf.Tensor, groups: number, turn: readonly tf.Tensor[], factor: number): tf.Tensor =>
    kernel('DecoderFromHeads', [x, ...turn, ...settings(groups, factor)], [B * T, groups * D]);
  const unturned = (): tf.Tensor[] => [tf.zeros([0]), tf.zeros([0])];
  return {
    forward: (save) => {
      const turn = [rotary.cos, rotary.sin];
      const qh = toHeads(q, H, turn, scale); // [B, H, T, D]
      const kh = toHeads(k, G, turn, 1); // [B, H, T, D]
      const vh = toHeads(v, G, unturned(), 1); // [B, H, T, D]
      const weights = product(qh, kh, 'b'); // [B, H, T, T]
      kernels('DecoderCausalSoftmax', [weights], []); // in place
      save([qh, kh, vh, weights, ...turn]);
      return fromHeads(product(thinned(weights), vh), H, unturned(), 1);
    },
    backward: (dy, saved) => {
      const [qh, kh, vh, weights, ...turn] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const dMixed = toHeads(dy, H, unturned(), 1); // [B, H, T, D]
      const dScores = thinned(product(dMixed, vh, 'b')); // [B, H, T, T]
      kernels('DecoderCausalSoftmaxGradient', [dScores, weights], []); // in place
      return [
        fromHeads(product(dScores, kh), H, turn, scale),
        fromHeads(product(dScores, qh, 'a'), G, turn, 1),
        fromHeads(product(thinned(weights), dMixed, 'a'), G, unturned(), 1),
      ];
    },
  };
};

/**
 * Causal attention with rotary positions (Vaswani et al. 2017, arXiv 1706.03762, eq. 1; grouped heads: Ainslie et al.
 * 2023, arXiv 2305.13245). Padding stands behind a sequence's end, so that being causal hides it from every token.
 *
 * @param q [B·T, H·D] queries, not yet turned
 * @param k [B·T, G·D] keys, not yet turned
 * @param v [B·T, G·D] values
 * @param drop dropout of the attention's weights, where it is on
 * @returns [B·T, H·D]
 */
export const attention = (
  q: tf.Tensor2D,
  k: tf.Tensor2D,
  v: tf.Tensor2D,
  rotary: Rotary,
  shape: AttentionShape,
  drop?: Dropout,
): tf.Tensor2D => {
  const { B, T, H, G, D } = shape;
  const scale = 1 / Math.sqrt(D);
  const thinned = (x: tf.Tensor): tf.Tensor => (drop === undefined ? x : tf.mul(x, dropoutMask([B, H, T, T], drop)));
  return operation([q, k, v], {
    stock: {
      forward: (save) => {
        const qh = tf.transpose(tf.mul(rotate(tf.reshape(q, [B, T, H, D]), rotary), scale), [0, 2, 1, 3]); // [B, H, T, D]
        const kh = spread(rotate(tf.reshape(k, [B, T, G, D]), rotary), shape); // [B, H, T, D]
        const vh = spread(tf.reshape(v, [B, T, G, D]), shape); // [B, H, T, D]
        const weights = tf.softmax(tf.add(tf.matMul(qh, kh, false, true), causalMask(T))); // [B, H, T, T]
        save([qh, kh, vh, weights, rotary.cos, rotary.sin, rotary.quarter]);
        const mixed = tf.matMul(thinned(weights), vh); // [B, H, T, D]
        return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [B * T, H * D]);
      },
      backward: (dy, saved) => {
        const [qh, kh, vh, weights] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
        const [cos, sin, quarter] = saved.slice(4) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor2D];
        const turn = { cos, sin, quarter };
        const dMixed = tf.transpose(tf.reshape(dy, [B, T, H, D]), [0, 2, 1, 3]); // [B, H, T, D]
        const dvh = tf.matMul(thinned(weights), dMixed, true); // [B, H, T, D]
        const dWeights = thinned(tf.matMul(dMixed, vh, false, true)); // [B, H, T, T]
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
    },
    fused: hasTensorFlow() ? attentionAtOnce(q, k, v, rotary, drop) : attentionInPasses(q, k, v, rotary, shape, drop),
  }) as tf.Tensor2D;
};

/** Dropout that is on: how much is dropped, and the seed that decides what. */
export interface Dropout {
  readonly rate: number;
  readonly seed: number;
}

/** A well-mixed word of a counter: lowbias32 of Chris Wellons' hash-prospector, as in our kernels. */
const mixed = (word: number): number => {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
};

/** The rate in units of 2^-31, as both forms take it. */
const rateUnits = (rate: number): number => Math.round(rate * 2 ** 31);

/** 0 where a unit is dropped, 1/(1-rate) where it is kept, drawn from the seed alone: the same on every backend. */
const dropoutMask = (shape: number[], { rate, seed }: Dropout): tf.Tensor => {
  const threshold = rateUnits(rate) * 2;
  const kept = 1 / (1 - threshold / 2 ** 32);
  const start = mixed(seed);
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < values.length; i++) if (mixed((start + i) | 0) >= threshold) values[i] = kept;
  return tf.tensor(values, shape);
};

const dropoutSettings = ({ rate, seed }: Dropout): tf.Tensor1D => tf.tensor1d([seed | 0, rateUnits(rate)], 'int32');

/**
 * Dropout (Srivastava et al. 2014): each unit is zero with probability `rate`, the others are scaled up. The same seed
 * drops the same units, so that a resumed training goes on as it was.
 *
 * @param x [N, C]
 */
export const dropout = (x: tf.Tensor2D, drop: Dropout): tf.Tensor2D =>
  operation([x], {
    stock: {
      forward: (save) => {
        const mask = dropoutMask(x.shape, drop);
        save([mask]);
        return tf.mul(x, mask);
      },
      backward: (dy, [mask]) => [tf.mul(dy, mask as tf.Tensor)],
    },
    fused: {
      forward: () => kernel('DecoderDropout', [x, dropoutSettings(drop)], x.shape),
      backward: (dy) => [kernel('DecoderDropout', [dy, dropoutSettings(drop)], dy.shape)],
    },
  }) as tf.Tensor2D;

/**
 * What a layer adds to the residual stream, thinned by dropout where it is on: h + dropout(x).
 *
 * @param h [N, C]
 * @param x [N, C]
 */
export const addResidual = (h: tf.Tensor2D, x: tf.Tensor2D, drop?: Dropout): tf.Tensor2D => {
  if (drop === undefined) return tf.add(h, x);
  return operation([h, x], {
    stock: {
      forward: (save) => {
        const mask = dropoutMask(x.shape, drop);
        save([mask]);
        return tf.add(h, tf.mul(x, mask));
      },
      backward: (dy, [mask]) => [tf.clone(dy), tf.mul(dy, mask as tf.Tensor)],
    },
    fused: {
      forward: () => kernel('DecoderAddDropout', [h, x, dropoutSettings(drop)], h.shape),
      backward: (dy) => [tf.clone(dy), kernel('DecoderDropout', [dy, dropoutSettings(drop)], dy.shape)],
    },
  }) as tf.Tensor2D;
};

/** [N, 2] row and target of each row, as gathering and scattering take them. */
const cellsOf = (targets: tf.Tensor1D): tf.Tensor2D =>
  tf.stack([tf.range(0, targets.size, 1, 'int32'), targets], 1) as tf.Tensor2D;

/** [N] negative log-probability of the targets, and [N] log of each row's summed exponentials. */
const tokenLosses = (logits: tf.Tensor2D, targets: tf.Tensor1D): [loss: tf.Tensor1D, total: tf.Tensor1D] => {
  if (usesKernels()) {
    const rows = [targets.size];
    return kernels('DecoderCrossEntropy', [logits, targets], [rows, rows]) as [tf.Tensor1D, tf.Tensor1D];
  }
  const total = tf.logSumExp(logits, 1) as tf.Tensor1D; // [N]
  return [tf.sub(total, tf.gatherND(logits, cellsOf(targets)) as tf.Tensor1D), total];
};

/**
 * Weighted mean of the targets' negative log-probabilities: sum(w · nll) / sum(w).
 *
 * @param logits  [N, V]
 * @param targets [N] int32
 * @param weights [N], of which at least one is above 0
 */
export const crossEntropy = (logits: tf.Tensor2D, targets: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar => {
  const forward = (save: Save): tf.Tensor => {
    const [loss, total] = tokenLosses(logits, targets);
    const shares = tf.div(weights, tf.sum(weights)); // [N]
    save([logits, targets, total, shares]);
    return tf.sum(tf.mul(loss, shares));
  };
  return operation([logits], {
    stock: {
      forward,
      backward: (dy, saved) => {
        const [logits, targets, total, shares] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
        const factors = tf.mul(shares, dy); // [N]
        const probabilities = tf.exp(tf.sub(logits, tf.reshape(total, [-1, 1]))); // [N, V]
        const hits = tf.scatterND(cellsOf(targets), factors, logits.shape); // [N, V]
        return [tf.sub(tf.mul(probabilities, tf.reshape(factors, [-1, 1])), hits)];
      },
    },
    fused: {
      forward,
      backward: (dy, saved) => {
        const [logits, targets, total, shares] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
        return [kernel('DecoderCrossEntropyGradient', [logits, targets, total, tf.mul(shares, dy)], logits.shape)];
      },
    },
  }) as tf.Scalar;
};

/**
 * [N] log-probabilities of the targets.
 *
 * @param logits  [N, V]
 * @param targets [N] int32
 */
export const logProbabilityOf = (logits: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor1D =>
  tf.neg(tokenLosses(logits, targets)[0]);

/**
 * Log-probabilities of single tokens, any number from a row.
 *
 * @param logits [N, V]
 * @param rows   [E] the row of each
 * @param tokens [E] the token of each
 * @returns [E]
 */
export const logProbabilitiesAt = (logits: tf.Tensor2D, rows: Int32Array, tokens: Int32Array): tf.Tensor1D => {
  const total = tokenLosses(logits, tf.zeros([logits.shape[0]], 'int32'))[1]; // [N]
  const rowOf = tf.tensor1d(rows, 'int32');
  const cells = tf.stack([rowOf, tf.tensor1d(tokens, 'int32')], 1);
  return tf.sub(tf.gatherND(logits, cells) as tf.Tensor1D, tf.gather(total, rowOf));
};

/** Sum of the squares of all entries of all tensors. */
export const squaredNorm = (tensors: readonly tf.Tensor[]): tf.Scalar => {
  if (usesKernels()) return kernel('DecoderSquaredNorm', tensors, [], tensors.length) as tf.Scalar;
  return tf.addN(tensors.map((tensor) => tf.sum(tf.square(tensor)))) as tf.Scalar;
};
