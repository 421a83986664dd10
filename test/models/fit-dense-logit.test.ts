import { strict as assert } from 'node:assert';
import { Random } from 'labor-llm/support';
import { tf } from 'labor-llm/tensors';
import { fitDenseLogit } from '../../lib/dist/models/fit-dense-logit.js';
import { fitLogit } from '../../lib/dist/models/fit-logit.js';
import type { Logit } from '../../lib/dist/models/logit.js';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';

const [N, F, J] = [400, 3, 5];
const options = { ridge: 2, tolerance: 1e-5, maxIterations: 300 };
const random = new Random(4);
const rows = Float32Array.from({ length: N * F }, () => random.normal());
/** Outcome 3 is never seen. */
const targets = Array.from({ length: N }, (_, row) => {
  const score = (rows[row * F] as number) + 0.5 * (rows[row * F + 1] as number) + random.normal();
  return score > 1 ? 4 : score > 0 ? 2 : score > -1 ? 1 : 0;
});

const toEnd = (fitting: Generator<unknown, Logit>): Logit => {
  for (;;) {
    const item = fitting.next();
    if (item.done === true) return item.value;
  }
};

onEachBackend('a logit of dense features', () => {
  it('has the optimum that the logit of sparse ones finds, which scikit-learn finds too', () => {
    const parts = Array.from({ length: N }, (_, row) => [
      { features: [0, 1, 2], values: [...rows.subarray(row * F, (row + 1) * F)] },
    ]);
    const excluded = targets.map(() => -1);
    const sparse = toEnd(fitLogit({ rows: parts, targets, excluded, features: F, outcomes: J }, options));
    const before = tf.memory().numTensors;
    const dense = toEnd(fitDenseLogit({ rows, features: F, targets, outcomes: J }, options));
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(dense.classes, [0, 1, 2, 4]);
    for (let row = 0; row < 20; row++) {
      assertClose(
        dense.logProbabilities(parts[row] as (typeof parts)[number]),
        sparse.logProbabilities(parts[row] as (typeof parts)[number]),
        1e-3,
        `row ${row}`,
      );
    }
  });
});
