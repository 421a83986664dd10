/**
 * The training loop: an async generator of logs, so that whoever calls it draws a curve, stops early or just waits. Steps
 * drive everything: the state after a step follows from the seed, the data and the number of steps in total, never from the
 * clock, so that a killed run that is taken up again gives the same losses to the last bit.
 */
import { AdamW, type AdamWOptions, type NamedArray } from '../tensors';
import { newestCheckpoint, readCheckpoint, removeCheckpoints, writeCheckpoint, type TrainingState } from './checkpoint';
import { learningRateAt, type Schedule } from './schedule';
import { trainingStep, type Trainable } from './step';
import { WeightAverage } from './weight-average';

export interface TrainingOptions extends Schedule, AdamWOptions {
  /** Steps in total. */
  readonly steps: number;
  readonly seed: number;
  /** Longest gradient let through. */
  readonly clip: number;
  /** Where checkpoints are kept; none without it. */
  readonly folder?: string;
  /** Decay of the running average of the weights, which then is what is validated and kept; none where it is 0. */
  readonly averaging?: number;
  /** Seconds from one checkpoint to the next; one is kept at the end of each epoch besides. */
  readonly checkpointSeconds: number;
  /** Goes on from the folder's newest checkpoint, where there is one. */
  readonly resume?: boolean;
  /** When aborted, a checkpoint is kept after the running step and the signal's reason thrown. */
  readonly signal?: AbortSignal | undefined;
  /** What must be the same when a training is taken up again: settings and data, hashed. */
  readonly fingerprint: string;
}

/** What the loop is fitted on. */
export interface TrainingData<Batch> {
  /** The batches of an epoch, in order; the same at every call. */
  epoch(epoch: number): readonly Batch[];
  /** Tokens in a batch, filling left out. */
  tokens(batch: Batch): number;
  /** The validation loss of the model as it is; undefined where there are no validation persons. */
  validate(): Promise<number | undefined>;
}

export interface TrainingLog {
  /** Steps done, from 1. */
  readonly step: number;
  readonly steps: number;
  /** Passes over the data so far, with their fraction. */
  readonly epoch: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly validationLoss?: number;
  readonly tokensPerSecond: number;
  readonly secondsLeft: number;
}

export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}

/** A turn of the event loop: lets Ctrl-C, a notebook's interrupt and its output through. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Fits the model in place. At the end its parameters are those of the best validation (the last where there is none),
 * averaged where that is asked for.
 *
 * @param extra writes what belongs into a checkpoint's folder besides, so that it loads by itself
 * @throws TrainingError where a checkpoint belongs to other settings or data, the signal's reason where it was aborted
 */
export async function* train<Batch>(
  model: Trainable<Batch>,
  data: TrainingData<Batch>,
  options: TrainingOptions,
  extra: (folder: string) => Promise<void> = async () => {},
): AsyncGenerator<TrainingLog, TrainingState> {
  const { folder, steps, seed, signal, fingerprint } = options;
  const optimizer = new AdamW(model.parameters, options);
  const average = options.averaging ? new WeightAverage(model.parameters, options.averaging) : undefined;
  let state: TrainingState = {
    ...{ step: 0, steps, epoch: 0, stepsBefore: 0 },
    ...{ losses: [], validation: [], best: undefined, fingerprint },
  };
  let bestParameters: readonly NamedArray[] | undefined;

  const dispose = (): void => {
    optimizer.dispose();
    average?.dispose();
  };

  const newest = folder !== undefined && options.resume ? await newestCheckpoint(folder) : undefined;
  if (newest !== undefined) {
    const checkpoint = await readCheckpoint(newest);
    if (checkpoint.state.fingerprint !== fingerprint || checkpoint.state.steps !== steps) {
      dispose();
      throw new TrainingError(
        `${newest} is of a training with other settings or data. Go on with the same ones, or choose another folder.`,
      );
    }
    state = { ...state, ...checkpoint.state }; // one that does not say its epoch is gone through from the first
    ({ bestParameters } = checkpoint);
    model.parameters.assign(checkpoint.parameters, newest);
    optimizer.restore(checkpoint.moments, state.step);
    if (checkpoint.averages) average?.averages.assign(checkpoint.averages, newest);
  }

  const keep = async (): Promise<void> => {
    if (folder === undefined) return;
    const parameters = model.parameters.toArrays();
    const [moments, averages] = [optimizer.toArrays(), average?.averages.toArrays()];
    await writeCheckpoint(folder, { state, parameters, moments, averages, bestParameters }, extra);
  };

  try {
    const began = performance.now();
    const before = state.step;
    const losses = [...state.losses];
    let kept = began;
    for (let { epoch, stepsBefore } = state; state.step < steps; epoch++) {
      const batches = data.epoch(epoch);
      if (batches.length === 0) throw new TrainingError('there is nothing to train on: no train persons in the data.');
      for (let index = state.step - stepsBefore; index < batches.length && state.step < steps; index++) {
        const started = performance.now();
        const batch = batches[index] as Batch;
        const step = state.step + 1;
        const learningRate = learningRateAt(step, steps, options);
        // one seed for each place in each layer: places are fewer than 1,000
        const dropoutSeed = ((seed % 1_000_003) + step * 1000) % 2 ** 31;
        const { loss } = trainingStep(model, optimizer, batch, learningRate, dropoutSeed, options.clip);
        average?.update(step);
        losses.push(loss);
        state = { ...state, step, losses };
        const isLast = index === batches.length - 1;
        if (isLast) state = { ...state, epoch: epoch + 1, stepsBefore: step };
        const tokensPerSecond = (data.tokens(batch) * 1000) / (performance.now() - started);
        const ended = isLast || step === steps;
        let validationLoss: number | undefined;
        if (ended) {
          validationLoss = await (average ? average.during(() => data.validate()) : data.validate());
          if (validationLoss !== undefined) {
            state = { ...state, validation: [...state.validation, { step, loss: validationLoss }] };
            if (state.best === undefined || validationLoss < state.best.loss) {
              state = { ...state, best: { step, loss: validationLoss } };
              bestParameters = (average?.averages ?? model.parameters).toArrays();
            }
          }
        }
        const now = performance.now();
        if (ended || signal?.aborted || now - kept > options.checkpointSeconds * 1000) {
          await keep();
          kept = performance.now();
        }
        yield {
          step,
          steps,
          epoch: epoch + (index + 1) / batches.length,
          loss,
          learningRate,
          ...(validationLoss === undefined ? {} : { validationLoss }),
          tokensPerSecond,
          secondsLeft: ((performance.now() - began) / 1000 / (step - before)) * (steps - step),
        };
        await breathe();
        if (signal?.aborted) {
          await keep();
          throw signal.reason;
        }
      }
      stepsBefore += batches.length;
    }
    const result = bestParameters ?? average?.averages.toArrays();
    if (result !== undefined) model.parameters.assign(result, 'best checkpoint');
    return state;
  } finally {
    dispose();
  }
}

/** Takes a finished training's checkpoints away. */
export const endTraining = async (folder: string): Promise<void> => removeCheckpoints(folder);
