/**
 * TensorFlow's kernels, its own and those of lib/native/kernels.cc, called by name through tfjs-node-gpu's backend, which
 * must be the current one. Names, inputs and attributes are those of TensorFlow's op registry
 * (tensorflow.org/api_docs/python/tf/raw_ops).
 */
import * as tf from '@tensorflow/tfjs';

interface OpAttribute {
  readonly name: string;
  readonly type: number | undefined;
  readonly value: unknown;
}

interface NodeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/** Runs a kernel of any number of outputs; numbers among its attributes are integers. */
export const runTensorFlowKernel = (
  name: string,
  inputs: readonly tf.Tensor[],
  outputs: number,
  attributes: Readonly<Record<string, 'float32' | boolean | number>> = {},
): tf.Tensor[] => {
  const backend = tf.backend() as unknown as NodeBackend;
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_ATTR_INT, TF_FLOAT } = backend.binding;
  const converted = Object.entries(attributes).map(([name, value]): OpAttribute => {
    if (value === 'float32') return { name, type: TF_ATTR_TYPE, value: TF_FLOAT };
    return { name, type: typeof value === 'boolean' ? TF_ATTR_BOOL : TF_ATTR_INT, value };
  });
  return backend.executeMultipleOutputs(name, converted, inputs, outputs);
};
