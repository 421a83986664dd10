import { strict as assert } from 'node:assert';
import { AdamW, Parameters, tf, withStockForms } from 'labor-llm/tensors';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';

const waves = (shape: number[], phase: number): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase)),
    shape,
  );
};

const shapes = { matrix: [5, 7], vector: [3], long: [2, 20_001] };

/** Parameters and moments after three updates, the second of them clipped. */
const afterThreeUpdates = (): Record<string, Float32Array> => {
  const parameters = new Parameters();
  Object.entries(shapes).forEach(([name, shape], i) => parameters.add(name, waves(shape, i)));
  const optimizer = new AdamW(parameters, { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 });
  [1, 0.25, 1].forEach((scale, step) =>
    tf.tidy(() => {
      const gradients = Object.entries(shapes).map(([name, shape], i) => [name, waves(shape, 10 * step + i)]);
      optimizer.step(Object.fromEntries(gradients) as Record<string, tf.Tensor>, 0.01, scale);
    }),
  );
  const arrays = [...parameters.toArrays(), ...optimizer.toArrays()];
  optimizer.dispose();
  parameters.dispose();
  return Object.fromEntries(arrays.map(({ name, data }) => [name, data]));
};

onEachBackend('AdamW', () => {
  it('is by our kernel what it is in stock operations, parameters and moments', () => {
    const stock = withStockForms(afterThreeUpdates);
    for (const [name, values] of Object.entries(afterThreeUpdates())) {
      assertClose(values, stock[name] as Float32Array, 2e-6, name);
    }
  });

  it('decays matrices alone, and vectors too where asked', () => {
    for (const decayVectors of [false, true]) {
      const parameters = new Parameters();
      parameters.add('vector', tf.ones([3]));
      parameters.add('matrix', tf.ones([1, 3]));
      const optimizer = new AdamW(parameters, { beta1: 0, beta2: 0, epsilon: 1, weightDecay: 0.5, decayVectors });
      tf.tidy(() => optimizer.step({ vector: tf.zeros([3]), matrix: tf.zeros([1, 3]) }, 0.5));
      const [vector, matrix] = parameters.toArrays().map(({ data }) => data[0]);
      assert.deepEqual([vector, matrix], [decayVectors ? 0.75 : 1, 0.75]);
      optimizer.dispose();
      parameters.dispose();
    }
  });

  it("lets the backend's own product see what an update changed", () => {
    const parameters = new Parameters();
    parameters.add('w', tf.ones([4, 4]));
    const optimizer = new AdamW(parameters, { beta1: 0, beta2: 0, epsilon: 1e-8, weightDecay: 0 });
    const corner = (): number =>
      tf.tidy(() => tf.matMul(tf.eye(4), parameters.get('w') as tf.Tensor as tf.Tensor2D).dataSync()[0] as number);
    assert.equal(corner(), 1);
    tf.tidy(() => optimizer.step({ w: tf.ones([4, 4]) }, 0.25));
    assert.ok(Math.abs(corner() - 0.75) < 1e-6, `${corner()}`);
    optimizer.dispose();
    parameters.dispose();
  });
});
