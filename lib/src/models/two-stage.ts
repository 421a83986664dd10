/**
 * The two-stage output of CAREER (Vafa et al., arXiv 2202.08370): first whether a person stays in the occupation of the
 * last observation, then, for who does not, in which of the others:
 *
 *     P(y_t = y_{t-1}) = s = sigmoid(stay logit)
 *     P(y_t = j)       = (1 - s) softmax(the other occupations' logits)_j        j other than y_{t-1}
 *
 * Before the first observation there is nothing to stay in: a softmax over all occupations.
 */
import { tf } from '../tensors';

/** Added to a logit that shall have no probability, or all of it: beyond any logit, and finite, so that 0 times it is 0. */
export const CERTAIN = 1e9;

/** [N, J] whether a column is its row's index; nowhere for an index of -1. */
const columnIs = (indices: tf.Tensor1D, J: number): tf.Tensor2D =>
  tf.equal(tf.reshape(indices, [-1, 1]), tf.range(0, J, 1, 'int32'));

/** log sigmoid(x); tf.logSigmoid loses its input before its gradient is asked for. */
const logSigmoid = (x: tf.Tensor): tf.Tensor => tf.neg(tf.softplus(tf.neg(x)));

export interface TwoStageOptions {
  /** Logits are clamped to [-limit, limit] first. */
  readonly limit?: number;
  /** [N, J+1], added to the logits after that: -CERTAIN where an occupation cannot be, 0 elsewhere. */
  readonly mask?: tf.Tensor2D;
}

/**
 * Log-probabilities of the next occupation, with gradient. Finite, whatever the logits.
 *
 * @param logits   [N, J+1] of each occupation, and behind them of staying
 * @param previous [N] int32, the last observation's occupation; -1 where there is none
 * @returns [N, J]; where J is 1, staying is certain
 */
export const twoStageLogProbabilities = (
  logits: tf.Tensor2D,
  previous: tf.Tensor1D,
  { limit, mask }: TwoStageOptions = {},
): tf.Tensor2D => {
  const [N, J] = [logits.shape[0], logits.shape[1] - 1];
  const clamped = limit === undefined ? logits : tf.clipByValue(logits, -limit, limit);
  const scores = mask === undefined ? clamped : tf.add(clamped, mask); // [N, J+1]
  const last = tf.slice(scores, [0, J], [N, 1]); // [N, 1]
  const stay = J === 1 ? tf.add(last, CERTAIN) : last;
  const isPrevious = columnIs(previous, J); // [N, J]
  const isFirst = tf.less(tf.reshape(previous, [N, 1]), 0); // [N, 1]
  const others = tf.sub(tf.slice(scores, [0, 0], [N, J]), tf.mul(tf.cast(isPrevious, 'float32'), CERTAIN)); // [N, J]
  const leave = tf.where(isFirst, tf.zerosLike(stay), logSigmoid(tf.neg(stay))); // [N, 1]
  const moved = tf.add(tf.logSoftmax(others), leave); // [N, J]
  // not tf.tile, whose gradient takes a slice for each column
  const stayed = tf.add(logSigmoid(stay), tf.zeros([1, J])); // [N, J]
  return tf.where(isPrevious, stayed, moved) as tf.Tensor2D;
};

/**
 * Weighted mean of the targets' negative log-probabilities: sum(w · nll) / sum(w).
 *
 * @param logProbabilities [N, J]
 * @param targets          [N] int32
 * @param weights          [N], of which at least one is above 0
 */
export const occupationLoss = (
  logProbabilities: tf.Tensor2D,
  targets: tf.Tensor1D,
  weights: tf.Tensor1D,
): tf.Scalar => {
  const shares = tf.reshape(tf.div(weights, tf.sum(weights)), [-1, 1]); // [N, 1]
  const hits = tf.mul(tf.cast(columnIs(targets, logProbabilities.shape[1]), 'float32'), shares); // [N, J]
  return tf.neg(tf.sum(tf.mul(logProbabilities, hits))) as tf.Scalar;
};
