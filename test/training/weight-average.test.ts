import { strict as assert } from 'node:assert';
import { Parameters, tf } from 'labor-llm/tensors';
import { train, type TrainingOptions } from 'labor-llm/training';
import { WeightAverage } from '../../lib/dist/training/weight-average.js';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';

const one = (value: number): Parameters => {
  const parameters = new Parameters();
  parameters.add('w', tf.tensor1d([value, -value]));
  return parameters;
};
const first = (parameters: Parameters): number => parameters.get('w').dataSync()[0] as number;

onEachBackend('a running average of weights', () => {
  it('keeps (1 + step) / (10 + step) of itself at first, later its decay', () => {
    const parameters = one(1);
    const average = new WeightAverage(parameters, 0.5);
    const steps = [3, 5, -2, 7, 1, 8, -6, 4, 9, 2, 6, 0];
    let expected = 1;
    steps.forEach((value, i) => {
      parameters.get('w').assign(tf.tensor1d([value, -value]));
      average.update(i + 1);
      const decay = Math.min(0.5, (2 + i) / (11 + i));
      expected = expected * decay + value * (1 - decay);
    });
    assertClose(average.averages.toArrays()[0]?.data as Float32Array, [expected, -expected], 1e-5, 'average');
    average.dispose();
    parameters.dispose();
  });

  it('stands in the place of the weights for a while, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const parameters = one(2);
    const average = new WeightAverage(parameters, 0.9);
    tf.tidy(() => parameters.get('w').assign(tf.tensor1d([4, -4])));
    const seen = await average.during(() => Promise.resolve(first(parameters)));
    assert.equal(seen, 2);
    assert.equal(first(parameters), 4);
    await assert.rejects(
      average.during(() => Promise.reject(new Error('stopped'))),
      /stopped/,
    );
    assert.equal(first(parameters), 4);
    average.dispose();
    parameters.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('is what a training validates and ends with', async () => {
    const parameters = one(0);
    const validated: number[] = [];
    const options: TrainingOptions = {
      ...{ steps: 8, seed: 1, clip: Infinity, checkpointSeconds: 60, fingerprint: '', averaging: 0.9 },
      ...{ peak: 0.1, warmup: 0, floor: 1, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0 },
    };
    const run = train(
      // the loss falls along (1, 1) without end: each step moves by about the rate
      { parameters, loss: () => tf.neg(tf.sum(parameters.get('w'))) as tf.Scalar },
      {
        epoch: () => [0, 0, 0, 0],
        tokens: () => 1,
        validate: () => {
          validated.push(first(parameters));
          return Promise.resolve(-first(parameters));
        },
      },
      options,
    );
    while (!(await run.next()).done);
    // weights 0.1, 0.2, ..., 0.8
    let average = 0;
    const expected: number[] = [];
    for (let step = 1; step <= 8; step++) {
      const decay = (1 + step) / (10 + step);
      average = average * decay + 0.1 * step * (1 - decay);
      if (step % 4 === 0) expected.push(average);
    }
    assertClose(Float64Array.from(validated), expected, 1e-4, 'validated');
    assertClose(Float64Array.of(first(parameters)), [expected[1] as number], 1e-4, 'result');
    parameters.dispose();
  });
});
