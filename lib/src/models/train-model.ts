/** What fitting any model by gradient steps has in common: how many steps, checkpoints, resuming. */
import { createHash } from 'node:crypto';
import { train, newestCheckpoint, readCheckpoint, stepsWithin } from '../training';
import type { Trainable, TrainingData, TrainingOptions } from '../training';
import type { FitLog, FitOptions } from './fit';

/** What the training loop needs of a model. */
export interface Training<Batch> {
  readonly trainable: Trainable<Batch>;
  readonly data: TrainingData<Batch>;
}

/** Settings that steer the training loop; a model's own settings hold them among others. */
export interface TrainingSettings extends Omit<
  TrainingOptions,
  'steps' | 'seed' | 'folder' | 'resume' | 'signal' | 'fingerprint'
> {
  /** Passes over the train persons: what is done where no steps are given, and the most that minutes are used for. */
  readonly epochs: number;
  /** Fewest steps, for which passes are added where the persons are few; any number without it. */
  readonly leastUpdates?: number;
  /** Most steps that these epochs may have; any number without it. */
  readonly updates?: number;
}

/** What a fit says of itself. */
export interface TrainingRecord {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly parameters: number;
  readonly steps: number;
  /** [steps] */
  readonly losses: readonly number[];
  /** Mean negative log-probability of the validation persons' observations. */
  readonly validation: readonly { readonly step: number; readonly loss: number }[];
  readonly best: { readonly step: number; readonly loss: number } | undefined;
}

const stepsOfEpochs = (
  data: TrainingData<unknown>,
  { epochs, leastUpdates = 0, updates = Infinity }: TrainingSettings,
): number => {
  let steps = 0;
  for (let epoch = 0; (epoch < epochs || steps < leastUpdates) && steps < updates; epoch++) {
    steps += data.epoch(epoch).length;
  }
  return Math.min(steps, updates);
};

/**
 * Trains a model in place. Steps are those of a checkpoint to go on from, else those given, else as many as the minutes
 * allow, at most those of all epochs.
 *
 * @param model    a fresh model, the same at every call: one is thrown away after steps were measured with it
 * @param dataHash of the surveys
 * @param began    when the fit began, in milliseconds of `performance.now`
 * @param extra    writes what belongs into a checkpoint's folder besides
 * @throws TrainingError where a checkpoint belongs to other data or settings
 */
export async function* trainModel<Batch, Model extends { dispose(): void }>(
  model: () => Model,
  trainingOf: (model: Model) => Training<Batch>,
  settings: TrainingSettings,
  options: FitOptions,
  dataHash: string,
  began: number,
  extra: (model: Model, folder: string) => Promise<void> = async () => {},
): AsyncGenerator<FitLog, { readonly model: Model; readonly record: Omit<TrainingRecord, 'settings' | 'parameters'> }> {
  const { folder, seed, resume = false, signal } = options;
  const newest = folder !== undefined && resume ? await newestCheckpoint(folder) : undefined;
  let steps = options.steps;
  if (steps === undefined && newest !== undefined) steps = (await readCheckpoint(newest)).state.steps;
  if (steps === undefined) {
    const probe = model();
    const { data, trainable } = trainingOf(probe);
    steps = stepsOfEpochs(data, settings);
    if (options.minutes !== undefined) {
      const seconds = options.minutes * 60 - (performance.now() - began) / 1000;
      steps = Math.min(steps, await stepsWithin(seconds, trainable, data, settings));
    }
    probe.dispose();
  }
  const fitted = model();
  try {
    const { data, trainable } = trainingOf(fitted);
    const fingerprint = createHash('sha256').update(JSON.stringify({ settings, seed, data: dataHash }));
    const { losses, validation, best } = yield* train(
      trainable,
      data,
      {
        ...settings,
        steps,
        seed,
        resume,
        fingerprint: fingerprint.digest('hex'),
        ...(folder === undefined ? {} : { folder }),
        signal,
      },
      (checkpoint) => extra(fitted, checkpoint),
    );
    return { model: fitted, record: { steps, losses, validation, best } };
  } catch (error) {
    fitted.dispose();
    throw error;
  }
}
