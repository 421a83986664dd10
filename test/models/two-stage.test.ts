import { strict as assert } from 'node:assert';
import { Random } from 'labor-llm/support';
import { tf } from 'labor-llm/tensors';
import { CERTAIN, occupationLoss, twoStageLogProbabilities } from '../../lib/dist/models/two-stage.js';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';

const random = new Random(3);
const normal = (rows: number, columns: number, scale = 1): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal() * scale));

/** The formula, written out. */
const byHand = (row: readonly number[], previous: number): number[] => {
  const jobs = row.slice(0, -1);
  const stay = 1 / (1 + Math.exp(-(row.at(-1) as number)));
  const total = jobs.reduce((sum, logit, job) => (job === previous ? sum : sum + Math.exp(logit)), 0);
  if (previous < 0) return jobs.map((logit) => Math.log(Math.exp(logit) / total));
  return jobs.map((logit, job) => Math.log(job === previous ? stay : ((1 - stay) * Math.exp(logit)) / total));
};

const rowsOf = (logits: number[][], previous: number[], options = {}): number[][] =>
  tf.tidy(() => twoStageLogProbabilities(tf.tensor2d(logits), tf.tensor1d(previous, 'int32'), options).arraySync());

onEachBackend('twoStageLogProbabilities', () => {
  const logits = normal(5, 8, 2);
  const previous = [-1, 0, 3, 6, -1];

  it('is the formula, and sums to 1 in every row', () => {
    rowsOf(logits, previous).forEach((row, n) => {
      assertClose(row, byHand(logits[n] as number[], previous[n] as number), 1e-5, `row ${n}`);
      const sum = row.reduce((total, logP) => total + Math.exp(logP), 0);
      assert.ok(Math.abs(sum - 1) < 1e-5, `row ${n}: ${sum}`);
    });
  });

  it('clamps logits first', () => {
    const wild = normal(4, 8, 30);
    const clamped = wild.map((row) => row.map((logit) => Math.max(-10, Math.min(10, logit))));
    rowsOf(wild, [-1, 0, 1, 2], { limit: 10 }).forEach((row, n) =>
      assertClose(row, byHand(clamped[n] as number[], n - 1), 1e-5, `row ${n}`),
    );
  });

  it('gives no probability to what is masked, and all of it to the rest', () => {
    const mask = tf.tensor2d([[0, 0, -CERTAIN, -CERTAIN, 0, 0, 0, 0]]).tile([5, 1]) as tf.Tensor2D;
    rowsOf(logits, [-1, 0, 1, 5, -1], { mask }).forEach((row, n) => {
      assert.deepEqual([Math.exp(row[2] as number), Math.exp(row[3] as number)], [0, 0]);
      const sum = row.reduce((total, logP) => total + Math.exp(logP), 0);
      assert.ok(Math.abs(sum - 1) < 1e-5, `row ${n}: ${sum}`);
    });
    mask.dispose();
  });

  it('stays finite at logits of any size', () => {
    const rows = rowsOf([[500, -500, 0, 500], [-500, 500, 0, -500]], [0, 1]); // prettier-ignore
    assert.ok(rows.flat().every(Number.isFinite), JSON.stringify(rows));
  });

  it('is certain where there is one occupation only', () => {
    assert.deepEqual(rowsOf([[1.5, -2], [0.5, 0.3]], [-1, 0]).flat().map(Math.exp), [1, 1]); // prettier-ignore
  });

  it('has in its loss the gradient that finite differences have', () => {
    const targets = [3, 0, 5, 6, 1];
    const weights = [1, 2, 0.5, 1, 0];
    const lossOf = (values: tf.Tensor): tf.Scalar =>
      occupationLoss(
        twoStageLogProbabilities(values as tf.Tensor2D, tf.tensor1d(previous, 'int32'), { limit: 10 }),
        tf.tensor1d(targets, 'int32'),
        tf.tensor1d(weights),
      );
    const expected = logits.map((row, n) =>
      row.map((_, column) => {
        const at = (h: number): number =>
          logits.reduce((sum, other, m) => {
            const moved = m === n ? other.map((x, i) => (i === column ? x + h : x)) : other;
            return sum - ((weights[m] as number) / 4.5) * (byHand(moved, previous[m] as number)[targets[m] as number] as number);
          }, 0); // prettier-ignore
        return (at(1e-5) - at(-1e-5)) / 2e-5;
      }),
    );
    const gradient = tf.tidy(() => tf.grad(lossOf)(tf.tensor2d(logits)).arraySync()) as number[][];
    gradient.forEach((row, n) => assertClose(row, expected[n] as number[], 1e-4, `row ${n}`));
  });
});
