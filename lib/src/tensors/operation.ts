/**
 * What an operation with a gradient of its own is made of: a form of stock operations and one of our kernels (see ./ops).
 */
import * as tf from '@tensorflow/tfjs';
import { usesKernels } from './kernel';

export type Save = (tensors: tf.Tensor[]) => void;

/** One way to compute an operation; `forward` saves what `backward` is given beside dy. */
export interface Form {
  forward(save: Save): tf.Tensor;
  backward(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[];
}

/**
 * An operation with a gradient of its own. A tensor that `backward` caught from outside, instead of having it saved, would
 * be disposed by then. What backward has used is let go at once: the tape would hold all of it to its end.
 */
export const operation = (
  inputs: readonly tf.Tensor[],
  forms: { readonly stock: Form; readonly fused: Form },
): tf.Tensor => {
  const { forward, backward } = usesKernels() ? forms.fused : forms.stock;
  return tf.customGrad((...args: (tf.Tensor | Save)[]) => ({
    value: forward(args[args.length - 1] as Save),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const gradients = backward(dy, saved);
      tf.dispose([dy, ...saved]);
      return gradients;
    },
  }))(...inputs);
};

export const scalar = (x: number): tf.Scalar => tf.scalar(x, 'float32');
