/**
 * Operations of a decoder in GPT-2's form, which CAREER has, each with its gradient in two forms (see ./ops): layer
 * normalisation with a bias, and GELU.
 */
import * as tf from '@tensorflow/tfjs';
import { kernel, kernels } from './kernel';
import { operation, scalar } from './operation';

/**
 * Layer normalisation (Ba et al. 2016, arXiv 1607.06450): y = (x - mean) / sqrt(variance + eps) · g + b, over the last axis.
 *
 * @param x    [N, C]
 * @param gain [C]
 * @param bias [C]
 */
export const layerNorm = (x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D, eps: number): tf.Tensor2D =>
  operation([x, gain, bias], {
    stock: {
      forward: (save) => {
        const centered = tf.sub(x, tf.mean(x, 1, true)); // [N, C]
        const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centered), 1, true), scalar(eps))); // [N, 1]
        const unit = tf.mul(centered, scale); // [N, C]
        save([unit, scale, gain]);
        return tf.add(tf.mul(unit, gain), bias);
      },
      backward: (dy, saved) => {
        const [unit, scale, gain] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        const dUnit = tf.mul(dy, gain); // [N, C]
        const along = tf.mul(unit, tf.mean(tf.mul(dUnit, unit), 1, true)); // [N, C]
        const dx = tf.mul(tf.sub(tf.sub(dUnit, tf.mean(dUnit, 1, true)), along), scale);
        return [dx, tf.sum(tf.mul(dy, unit), 0), tf.sum(dy, 0)];
      },
    },
    fused: {
      forward: (save) => {
        const rows = [x.shape[0]];
        const inputs = [x, gain, bias, scalar(eps)];
        const [y, mean, scale] = kernels('DecoderLayerNorm', inputs, [x.shape, rows, rows]) as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ];
        save([x, gain, mean, scale]);
        return y;
      },
      backward: (dy, saved) => kernels('DecoderLayerNormGradient', [dy, ...saved], [x.shape, gain.shape, bias.shape]),
    },
  }) as tf.Tensor2D;

/** 1 / sqrt(2 pi) */
const NORMAL_PEAK = 1 / Math.sqrt(2 * Math.PI);

/** The normal distribution's F(x). */
const normalBelow = (x: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);

/**
 * GELU (Hendrycks and Gimpel 2016, arXiv 1606.08415), exact: y = x · F(x), F the normal distribution's.
 *
 * @param x [N, F]
 */
export const gelu = (x: tf.Tensor2D): tf.Tensor2D =>
  operation([x], {
    stock: {
      forward: (save) => {
        save([x]);
        return tf.mul(x, normalBelow(x));
      },
      backward: (dy, saved) => {
        const [x] = saved as [tf.Tensor];
        const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), NORMAL_PEAK);
        return [tf.mul(dy, tf.add(normalBelow(x), tf.mul(x, density)))];
      },
    },
    fused: {
      forward: (save) => {
        save([x]);
        return kernel('DecoderGelu', [x], x.shape);
      },
      backward: (dy, saved) => [kernel('DecoderGeluGradient', [dy, ...saved], x.shape)],
    },
  }) as tf.Tensor2D;
