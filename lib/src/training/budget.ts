/** Minutes turned into a number of steps, once. */
import { AdamW, type AdamWOptions } from '../tensors';
import { trainingStep, type Trainable } from './step';
import type { TrainingData } from './train';

/** Share of the time that is planned for: the rest is for what slows a machine down. */
const PLANNED = 0.93;
const PROBE_SECONDS = 6;
const WARM_UP_STEPS = 2;

/**
 * How many steps, validations included, fit into a time on this machine, measured by some steps of the real training. The
 * model is changed by it: pass one that is thrown away.
 *
 * @param seconds for the training, this measuring included
 * @returns at least 1
 */
export const stepsWithin = async <Batch>(
  seconds: number,
  model: Trainable<Batch>,
  data: TrainingData<Batch>,
  options: AdamWOptions,
): Promise<number> => {
  const began = performance.now();
  const since = (time: number): number => (performance.now() - time) / 1000;
  const batches = data.epoch(0);
  const optimizer = new AdamW(model.parameters, options);
  let tokens = 0;
  let time = 0;
  try {
    // batches stand in random order: the first ones are a sample of all lengths
    const probes = [...batches, ...batches, ...batches];
    for (const [index, batch] of probes.entries()) {
      const started = performance.now();
      trainingStep(model, optimizer, batch, 1e-4, index, 1);
      if (index < Math.min(WARM_UP_STEPS, probes.length - 1)) continue;
      time += since(started);
      tokens += data.tokens(batch);
      if (since(began) > Math.min(PROBE_SECONDS, seconds / 10)) break;
    }
    const started = performance.now();
    await data.validate();
    const validation = since(started);
    const all = batches.reduce((sum, batch) => sum + data.tokens(batch), 0);
    const epoch = (all * time) / tokens;
    const left = seconds * PLANNED - since(began);
    const epochs = left / (epoch + validation);
    const steps = epochs >= 1 ? epochs * batches.length : ((left - validation) / epoch) * batches.length;
    return Math.max(1, Math.floor(steps));
  } finally {
    optimizer.dispose();
  }
};
