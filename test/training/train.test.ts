import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Parameters, startBackend, tf } from 'labor-llm/tensors';
import { train, type TrainingData, type TrainingLog, type TrainingOptions } from 'labor-llm/training';

/** Two epochs' batches differ, and so do their numbers: 3, 4, 5, 3 ... */
const batchesOf = (epoch: number): number[] =>
  Array.from({ length: 3 + (epoch % 3) }, (_, i) => Math.sin(7 * epoch + i));

const options: TrainingOptions = {
  ...{ steps: 14, seed: 1, fingerprint: 'same', clip: 1, checkpointSeconds: 1000 },
  ...{ peak: 0.1, warmup: 0.1, floor: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.1 },
};

describe('train', () => {
  let folder: string;
  before(async () => {
    await startBackend();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-train-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Fits a number to the batches' numbers; stops after a step, if one is given. */
  const fit = async (own: Partial<TrainingOptions>, stopAt = Infinity) => {
    const stop = new AbortController();
    const parameters = new Parameters();
    parameters.add('x', tf.tensor1d([2]));
    const x = () => parameters.get('x') as tf.Tensor;
    const asked: number[] = [];
    const data: TrainingData<number> = {
      epoch: (epoch) => {
        asked.push(epoch);
        return batchesOf(epoch);
      },
      tokens: () => 1,
      validate: async () => x().dataSync()[0] as number,
    };
    const loss = (batch: number): tf.Scalar => tf.sum(tf.square(tf.sub(x(), batch)));
    const logs: TrainingLog[] = [];
    try {
      for await (const log of train({ parameters, loss }, data, { ...options, ...own, signal: stop.signal })) {
        logs.push(log);
        if (log.step === stopAt) stop.abort(new Error('stopped'));
      }
      return { asked, logs, value: x().dataSync()[0] };
    } finally {
      parameters.dispose();
    }
  };
  const said = (logs: readonly TrainingLog[]) =>
    logs.map(({ step, epoch, loss, validationLoss, learningRate }) => [
      step,
      epoch,
      loss,
      validationLoss,
      learningRate,
    ]);

  it('goes through the epochs in their order, and validates at the end of each', async () => {
    const { asked, logs } = await fit({});
    assert.deepEqual(asked, [0, 1, 2, 3]);
    assert.deepEqual(
      logs.flatMap(({ step, validationLoss }) => (validationLoss === undefined ? [] : [step])),
      [3, 7, 12, 14],
    );
  });

  for (const [where, stopAt, epochs] of [
    ['within an epoch', 9, [2, 3]],
    ['at the end of one', 7, [2, 3]],
    ['in the first', 2, [0, 1, 2, 3]],
  ] as const) {
    it(`goes on ${where} as if it had not been stopped, without the batches of the epochs that are done`, async () => {
      const whole = await fit({});
      await assert.rejects(fit({ folder }, stopAt), /stopped/);
      const rest = await fit({ folder, resume: true });
      assert.deepEqual(rest.asked, epochs);
      assert.deepEqual(said(rest.logs), said(whole.logs.slice(stopAt)));
      assert.equal(rest.value, whole.value);
    });
  }

  it('refuses to go on with other settings', async () => {
    await assert.rejects(fit({ folder }, 5), /stopped/);
    await assert.rejects(fit({ folder, resume: true, fingerprint: 'other' }), /other settings or data/);
  });
});
