/**
 * TensorFlow's own kernels, called by name through tfjs-node-gpu's backend. The backend must be `tensorflow`.
 * The names, inputs and attributes are those of TensorFlow's op registry (tensorflow.org/api_docs/python/tf/raw_ops).
 */
import * as tf from '@tensorflow/tfjs';

type Attribute =
  | 'float32'
  | 'int32'
  | 'resource'
  | boolean
  | string
  | { readonly int: number }
  | { readonly shape: readonly number[] };

interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

interface NodeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeSingleOutput(name: string, attributes: readonly OpAttribute[], inputs: readonly tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

const attributesOf = (backend: NodeBackend, attributes: Readonly<Record<string, Attribute>>): OpAttribute[] => {
  const of = (key: string): number => {
    const value = backend.binding[key];
    if (value === undefined) throw new Error(`tfjs-node-gpu's addon has no constant ${key}`);
    return value;
  };
  return Object.entries(attributes).map(([name, value]): OpAttribute => {
    if (value === 'float32') return { name, type: of('TF_ATTR_TYPE'), value: of('TF_FLOAT') };
    if (value === 'int32') return { name, type: of('TF_ATTR_TYPE'), value: of('TF_INT32') };
    if (typeof value === 'boolean') return { name, type: of('TF_ATTR_BOOL'), value };
    if (typeof value === 'string') return { name, type: of('TF_ATTR_STRING'), value };
    if ('int' in value) return { name, type: of('TF_ATTR_INT'), value: value.int };
    return { name, type: of('TF_ATTR_SHAPE'), value: value.shape };
  });
};

/** Runs a kernel of one output. */
export const kernel = (
  name: string,
  inputs: readonly tf.Tensor[],
  attributes: Readonly<Record<string, Attribute>> = {},
): tf.Tensor => {
  const backend = tf.backend() as unknown as NodeBackend;
  return backend.executeSingleOutput(name, attributesOf(backend, attributes), inputs);
};

/** Runs a kernel of any number of outputs, 0 included. */
export const kernels = (
  name: string,
  inputs: readonly tf.Tensor[],
  attributes: Readonly<Record<string, Attribute>>,
  outputs: number,
): tf.Tensor[] => {
  const backend = tf.backend() as unknown as NodeBackend;
  return backend.executeMultipleOutputs(name, attributesOf(backend, attributes), inputs, outputs);
};
