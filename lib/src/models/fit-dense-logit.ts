/**
 * Fitting a multinomial logit of dense features with a ridge to its optimum: the objective of ./fit-logit, computed in
 * tensors.
 */
import { minimize, type Iteration } from '../support';
import { crossEntropy, linear, tf } from '../tensors';
import type { LogitOptions } from './fit-logit';
import { classesOf, countsOf, Logit } from './logit';

/** What a dense logit is fitted to. */
export interface DenseLogitData {
  /** [N, F] row by row, of mean 0 and variance 1 if the ridge is to treat all alike. */
  readonly rows: Float32Array;
  /** F */
  readonly features: number;
  /** [N] the outcome of each row. */
  readonly targets: readonly number[];
  /** J: how many outcomes there are. */
  readonly outcomes: number;
}

/** Rows whose scores are in memory at once. */
const BLOCK_ROWS = 8192;

/** Fits a logit, yielding where the fit is after each iteration. Sums are of 32-bit floats, which bounds the tolerance. */
export function* fitDenseLogit(
  { rows, features: F, targets, outcomes }: DenseLogitData,
  { ridge, tolerance, maxIterations }: LogitOptions,
): Generator<Iteration, Logit> {
  const N = targets.length;
  const counts = countsOf(targets, outcomes);
  const classes = classesOf(counts);
  const K = classes.length;
  if (N === 0) return new Logit(counts, new Float32Array(0));
  const classOf = new Map(classes.map((outcome, k) => [outcome, k]));
  const blocks: { readonly x: tf.Tensor2D; readonly y: tf.Tensor1D; readonly weights: tf.Tensor1D }[] = [];
  for (let begin = 0; begin < N; begin += BLOCK_ROWS) {
    const n = Math.min(BLOCK_ROWS, N - begin);
    const y = Int32Array.from(targets.slice(begin, begin + n), (target) => classOf.get(target) as number);
    blocks.push({
      x: tf.tensor2d(rows.subarray(begin * F, (begin + n) * F), [n, F]),
      y: tf.tensor1d(y, 'int32'),
      weights: tf.ones([n]),
    });
  }

  /** x: [K, F] weights, then [K] intercepts */
  const objective = (x: Float64Array, gradient: Float64Array): number => {
    const penalised = K * F;
    let value = 0;
    gradient.fill(0);
    for (const { x: features, y, weights } of blocks) {
      tf.tidy(() => {
        const w = tf.tensor2d(Float32Array.from(x.subarray(0, penalised)), [K, F]);
        const c = tf.tensor1d(Float32Array.from(x.subarray(penalised)));
        const loss = (w: tf.Tensor, c: tf.Tensor): tf.Scalar =>
          crossEntropy(tf.add(linear(features, w as tf.Tensor2D), c), y, weights);
        const { value: mean, grads } = tf.valueAndGrads(loss as (...args: tf.Tensor[]) => tf.Scalar)([w, c]);
        const share = y.size / N;
        value += share * (mean.dataSync()[0] as number);
        let at = 0;
        for (const part of grads) {
          for (const slope of part.dataSync()) gradient[at] = (gradient[at++] as number) + share * slope;
        }
      });
    }
    for (let i = 0; i < penalised; i++) {
      const w = x[i] as number;
      value += (ridge / (2 * N)) * w * w;
      gradient[i] = (gradient[i] as number) + (ridge / N) * w;
    }
    return value;
  };
  // the curvature of a class of this share, for features of variance 1
  const curvatures = classes.map((outcome) => {
    const share = (counts[outcome] as number) / N;
    return share * (1 - share) + ridge / N;
  });
  const precondition = (vector: Float64Array): void => {
    for (let i = 0; i < vector.length; i++) {
      const k = i < K * F ? Math.floor(i / F) : i - K * F;
      vector[i] = (vector[i] as number) / (curvatures[k] as number);
    }
  };
  const x = new Float64Array(K * (F + 1));
  classes.forEach((outcome, k) => (x[K * F + k] = Math.log((counts[outcome] as number) / N)));
  try {
    yield* minimize(objective, x, { tolerance, maxIterations, precondition });
  } finally {
    for (const { x: features, y, weights } of blocks) tf.dispose([features, y, weights]);
  }
  const weights = new Float32Array((F + 1) * K);
  for (let k = 0; k < K; k++) {
    for (let f = 0; f < F; f++) weights[f * K + k] = x[k * F + f] as number;
    weights[F * K + k] = x[K * F + k] as number;
  }
  return new Logit(counts, weights);
}
