/**
 * What networks over occupation codes have in common, CAREER's and others that read and answer as it does: careers side by
 * side, covariates by their levels, an output in two stages.
 *
 * Shapes: B careers, T years, C width, J outputs but staying, N years that are asked about.
 */
import type { Random } from '../support';
import { embedding, Parameters, tf } from '../tensors';
import type { CareerCoding, CareerSequence } from './career-coding';
import { occupationLoss, twoStageLogProbabilities } from './two-stage';

/** Careers side by side, the shorter ones filled up behind their end, and years of them that are asked about. */
export interface CareerBatch {
  readonly sequences: readonly CareerSequence[];
  /** [N] which of them, and which of its years. */
  readonly asked: readonly (readonly [sequence: number, year: number])[];
}

/** T: years of the longest. */
export const longest = (sequences: readonly CareerSequence[]): number =>
  Math.max(...sequences.map(({ last }) => last.length));

/** [B·T] int32 one of the careers' series, 0 behind a career's end. */
export const sideBySide = (
  sequences: readonly CareerSequence[],
  seriesOf: (sequence: CareerSequence) => Int32Array,
): tf.Tensor1D => {
  const T = longest(sequences);
  const values = new Int32Array(sequences.length * T);
  sequences.forEach((sequence, b) => values.set(seriesOf(sequence), b * T));
  return tf.tensor1d(values, 'int32');
};

/** [N, C] rows at the years that are asked about. @param x [B·T, C] */
export const atAsked = (x: tf.Tensor2D, { sequences, asked }: CareerBatch): tf.Tensor2D => {
  const T = longest(sequences);
  const rows = Int32Array.from(asked, ([sequence, year]) => sequence * T + year);
  return embedding(tf.tensor1d(rows, 'int32'), x);
};

export abstract class CodeNetwork {
  readonly parameters = new Parameters();
  /** Logits are clamped to [-logitLimit, logitLimit]; not at all where it is 0. */
  abstract readonly settings: { readonly logitLimit: number };
  /** [surveys, J+1] */
  readonly #masks: tf.Tensor2D | undefined;

  protected constructor(readonly coding: CareerCoding) {
    const masks = coding.masks();
    this.#masks = masks && tf.tidy(() => tf.stack(masks.map((mask) => tf.tensor1d(mask))) as tf.Tensor2D);
  }

  /** [N, J+1] of each output, and behind them of staying. @param seed of what dropout drops; none is dropped without it */
  protected abstract logits(batch: CareerBatch, seed?: number): tf.Tensor2D;

  /** Adds a matrix of normal numbers of mean 0. */
  protected addMatrix(name: string, rows: number, columns: number, deviation: number, random: Random): void {
    const values = Float32Array.from({ length: rows * columns }, () => random.normal() * deviation);
    this.parameters.add(name, tf.tensor2d(values, [rows, columns]));
  }

  protected matrix(name: string): tf.Tensor2D {
    return this.parameters.get(name) as tf.Tensor as tf.Tensor2D;
  }

  /**
   * Log-probabilities at the years that are asked about.
   *
   * @param seed of what dropout drops; none is dropped without it
   * @returns [N, J]
   */
  logProbabilities(batch: CareerBatch, seed?: number): tf.Tensor2D {
    const { logitLimit: limit } = this.settings;
    const asked = batch.asked.map(([sequence, year]) => ({ own: batch.sequences[sequence] as CareerSequence, year }));
    const previous = Int32Array.from(asked, ({ own, year }) => own.previous[year] as number);
    const surveys = Int32Array.from(asked, ({ own }) => own.survey);
    return twoStageLogProbabilities(this.logits(batch, seed), tf.tensor1d(previous, 'int32'), {
      ...(limit > 0 ? { limit } : {}),
      ...(this.#masks ? { mask: tf.gather(this.#masks, surveys) } : {}),
    });
  }

  /** Mean negative log-probability of the outputs at the years that are asked about. @param targets [N] */
  loss(batch: CareerBatch, targets: Int32Array, seed?: number): tf.Scalar {
    const logProbabilities = this.logProbabilities(batch, seed);
    return occupationLoss(logProbabilities, tf.tensor1d(targets, 'int32'), tf.ones([targets.length]));
  }

  dispose(): void {
    this.parameters.dispose();
    this.#masks?.dispose();
  }
}
