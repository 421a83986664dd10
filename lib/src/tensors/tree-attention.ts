/** Attention of branches behind a common prefix, in a stock and a fused form as in ops.ts. */
import * as tf from '@tensorflow/tfjs';
import { hasTensorFlow } from './backend';
import { kernel, product, usesKernels } from './kernel';
import { rotate, spread, type AttentionShape, type Rotary } from './ops';

/** The positions of each of N tokens, out of a table of all positions. */
export const atPositions = ({ cos, sin, quarter }: Rotary, positions: readonly number[]): Rotary => {
  const rows = tf.tensor1d(Int32Array.from(positions), 'int32');
  return { cos: tf.gather(cos, rows), sin: tf.gather(sin, rows), quarter };
};

/**
 * [N, G·D] to [H, N, D], turned by rotary positions where they are given, times a factor; every one of the G heads stands
 * H/G times in a row.
 */
export const toHeads = (
  x: tf.Tensor2D,
  { H, G, D }: Omit<AttentionShape, 'B' | 'T'>,
  rotary?: Rotary,
  factor = 1,
): tf.Tensor3D => {
  const N = x.shape[0];
  if (usesKernels()) {
    const turn = rotary ? [rotary.cos, rotary.sin] : [tf.zeros([0]), tf.zeros([0])];
    const sizes = tf.tensor1d([1, N, H, G, D], 'int32');
    return tf.reshape(kernel('DecoderToHeads', [x, ...turn, sizes, tf.scalar(factor)], [1, H, N, D]), [H, N, D]);
  }
  const split = tf.reshape(x, [1, N, G, D]) as tf.Tensor4D;
  const turned = tf.mul(rotary ? rotate(split, rotary) : split, factor) as tf.Tensor4D;
  return tf.reshape(spread(turned, { B: 1, T: N, H, G, D }), [H, N, D]);
};

/** What the nodes of a forest behind a prefix see of it and of each other. */
export interface Forest {
  /** [M] the node before each, a smaller number; -1 right behind the prefix. */
  readonly parents: Int32Array;
  /** [N] how many of the prefix's positions each of the last N nodes sees. */
  readonly lengths: Int32Array;
}

/** [N, P] each node's path, itself first, filled up with the node itself; and 0 where it is real, -1e9 where filled. */
const pathsOf = ({ parents, lengths }: Forest): { nodes: Int32Array; mask: Float32Array; P: number } => {
  const N = lengths.length;
  const first = parents.length - N;
  const P = depthsOf(parents)
    .subarray(first)
    .reduce((most, depth) => Math.max(most, depth), 0);
  const nodes = new Int32Array(N * P);
  const mask = new Float32Array(N * P).fill(-1e9);
  for (let n = 0; n < N; n++) {
    nodes.fill(first + n, n * P, (n + 1) * P);
    let at = n * P;
    for (let node = first + n; node >= 0; node = parents[node] as number) {
      nodes[at] = node;
      mask[at++] = 0;
    }
  }
  return { nodes, mask, P };
};

/** How many nodes stand on the path of each of the M nodes, itself counted. */
const depthsOf = (parents: Int32Array): Int32Array => {
  const depths = new Int32Array(parents.length);
  parents.forEach((parent, node) => {
    depths[node] = parent < 0 ? 1 : (depths[parent] as number) + 1;
  });
  return depths;
};

/**
 * @param q            [H, N, D] turned by their positions, times 1/sqrt(D)
 * @param prefixKeys   [H, T, D] turned; prefixValues the same
 * @param keys         [H, M, D] of the nodes, turned; values the same
 * @returns [N, H·D]
 */
type TreeAttention = (
  q: tf.Tensor3D,
  prefixKeys: tf.Tensor3D,
  prefixValues: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  forest: Forest,
) => tf.Tensor2D;

const integersOf = ({ parents, lengths }: Forest): tf.Tensor[] => [
  tf.tensor1d(parents, 'int32'),
  tf.tensor1d(lengths, 'int32'),
];

/** The fused form where one kernel does it, which keeps no weights. */
const atOnce: TreeAttention = (q, prefixKeys, prefixValues, keys, values, forest) => {
  const [H, N, D] = q.shape;
  const inputs = [q, prefixKeys, prefixValues, keys, values, ...integersOf(forest)];
  return kernel('DecoderTreeAttention', inputs, [N, H * D]) as tf.Tensor2D;
};

/** The fused form of products and passes between them. */
const inPasses: TreeAttention = (q, prefixKeys, prefixValues, keys, values, forest) => {
  const [H, N, D] = q.shape;
  const [parents, lengths] = integersOf(forest) as [tf.Tensor, tf.Tensor];
  const P = depthsOf(forest.parents)
    .subarray(-N)
    .reduce((most, depth) => Math.max(most, depth), 0);
  const weights = product(q, prefixKeys, 'b'); // [H, N, T]
  const onPath = kernel('DecoderTreeSoftmax', [weights, q, keys, parents, lengths], [H, N, P]); // and weights in place
  const mixed = product(weights, prefixValues); // [H, N, D]
  return kernel('DecoderTreeMix', [mixed, onPath, values, parents], [N, H * D]) as tf.Tensor2D;
};

/**
 * The last N of M nodes attend to the prefix as far as they see it, to the nodes on their path and to themselves: the
 * tree attention of SpecInfer (Miao et al. 2024, arXiv 2305.09781, section 4.2).
 */
export const treeAttention: TreeAttention = (q, prefixKeys, prefixValues, keys, values, forest) => {
  const [H, N, D] = q.shape;
  if (usesKernels()) return (hasTensorFlow() ? atOnce : inPasses)(q, prefixKeys, prefixValues, keys, values, forest);
  const T = prefixKeys.shape[1];
  const { nodes, mask, P } = pathsOf(forest);
  const indices = tf.tensor1d(nodes, 'int32');
  const along = (x: tf.Tensor3D): tf.Tensor4D => tf.reshape(tf.gather(x, indices, 1), [H, N, P, D]);
  const seen = tf.less(tf.range(0, T, 1, 'int32'), tf.tensor2d(forest.lengths, [N, 1], 'int32')); // [N, T]
  const unseen = tf.mul(tf.sub(1, tf.cast(seen, 'float32')), -1e9); // [N, T]
  const scores = tf.add(tf.matMul(q, prefixKeys, false, true), unseen); // [H, N, T]
  const queries = tf.reshape(q, [H, N, 1, D]);
  const onPath = tf.add(tf.sum(tf.mul(queries, along(keys)), 3), tf.tensor2d(mask, [N, P])); // [H, N, P]
  const weights = tf.softmax(tf.concat([scores, onPath], 2)); // [H, N, T + P]
  const [ofPrefix, ofPath] = tf.split(weights, [T, P], 2) as [tf.Tensor3D, tf.Tensor3D];
  const mixedPath = tf.sum(tf.mul(tf.reshape(ofPath, [H, N, P, 1]), along(values)), 2); // [H, N, D]
  const mixed = tf.add(tf.matMul(ofPrefix, prefixValues), mixedPath); // [H, N, D]
  return tf.reshape(tf.transpose(mixed, [1, 0, 2]), [N, H * D]);
};
