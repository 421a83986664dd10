/**
 * Kernels of our own, under the same names on both backends but for attention's: lib/native/kernels.cc on tensorflow,
 * lib/wasm/kernels.ts on wasm. There they are described, input by input.
 */
import * as tf from '@tensorflow/tfjs';
import { hasTensorFlow } from './backend';
import { runTensorFlowKernel } from './tensorflow-kernels';
import { runWasmKernel } from './wasm-kernels';

type Shape = readonly number[];

let stockOnly = false;

/** Runs with stock operations only: for tests and benchmarks that hold the kernels against them. */
export const withStockForms = <T>(run: () => T): T => {
  stockOnly = true;
  try {
    return run();
  } finally {
    stockOnly = false;
  }
};

/** Whether what has a form of kernels and one of stock operations runs the kernels. */
export const usesKernels = (): boolean => !stockOnly;

/**
 * Runs a kernel of any number of outputs; one of none writes in place of its inputs.
 *
 * @param outputs    the outputs' shapes
 * @param listLength K, where the kernel takes lists of inputs
 */
export const kernels = (
  name: string,
  inputs: readonly tf.Tensor[],
  outputs: readonly Shape[],
  listLength?: number,
): tf.Tensor[] =>
  hasTensorFlow()
    ? runTensorFlowKernel(name, inputs, outputs.length, listLength === undefined ? {} : { K: listLength })
    : runWasmKernel(name, inputs, outputs, listLength);

/** Runs a kernel of one output. */
export const kernel = (name: string, inputs: readonly tf.Tensor[], output: Shape, listLength?: number): tf.Tensor =>
  kernels(name, inputs, [output], listLength)[0] as tf.Tensor;

/** Which factor of a product is transposed. */
type Transposed = 'neither' | 'a' | 'b';

/**
 * Products of the last two dimensions: TensorFlow's own, or our kernel's, since that of tfjs-backend-wasm is slow at
 * transposes and batches (batch_mat_mul_impl.cc).
 *
 * @param a [..., M, K], or [..., K, M] where it is transposed
 * @param b [..., K, N], or [..., N, K] where it is transposed
 * @returns [..., M, N]
 */
export const product = <T extends tf.Tensor>(a: T, b: T, transposed: Transposed = 'neither'): T => {
  if (hasTensorFlow()) {
    if (transposed !== 'a' || a.rank > 2) return tf.matMul(a, b, transposed === 'a', transposed === 'b');
    // not tf.matMul, which is BatchMatMulV2 to TensorFlow and a tenth slower at transposing the first
    const attributes = { transpose_a: true, transpose_b: false, T: 'float32' } as const;
    return runTensorFlowKernel('MatMul', [a, b], 1, attributes)[0] as T;
  }
  const batch = a.shape.slice(0, -2);
  const rows = a.shape.at(transposed === 'a' ? -1 : -2) as number;
  const columns = b.shape.at(transposed === 'b' ? -2 : -1) as number;
  const name = { neither: 'DecoderProduct', a: 'DecoderProductOfTransposedA', b: 'DecoderProductOfTransposedB' };
  return kernel(name[transposed], [a, b], [...batch, rows, columns]) as T;
};
