/**
 * The bag of jobs, a baseline of CAREER (Vafa et al., arXiv 2202.08370; the authors' code: github.com/keyonvafa/career-code,
 * model `bag_of_jobs`): the last occupation's embedding and the mean of the earlier ones', each through an output map of its
 * own, the same for years and for educations, and statics. Logits are their sum, clamped; the output is in two stages.
 * For a survey of some thousand persons: narrower than the authors' 1,024, with dropout of the embeddings; width and dropout
 * are the best of three tried on the inner fold of young women.
 *
 * Shapes: B careers, T years, C width, N years that are asked about, P parts, D columns of a table.
 */
import type { Survey } from '../careers';
import { Random } from '../support';
import { dropout, embedding, linear, tf } from '../tensors';
import { loadOverCodes, type CareerModel } from './career';
import type { CareerCoding, CareerSequence } from './career-coding';
import { atAsked, CodeNetwork, longest, sideBySide, type CareerBatch } from './code-network';
import { fitOverCodes } from './fit-career';
import type { FitLog, FitOptions } from './fit';
import { hasModelCard } from './model-card';
import { settingsFrom } from './settings';

const NAME = 'bag-of-jobs';

const bagOfJobsDefaults = {
  width: 128,
  /** Logits are clamped to [-logitLimit, logitLimit]. */
  logitLimit: 10,
  /** Of the embeddings' units. */
  dropout: 0.3,
  /** Passes over the train persons: what is done where no steps are given, and the most that minutes are used for. */
  epochs: 20,
  /** Most observations of a batch, filling included. */
  batchTokens: 1280,
  peak: 2e-3,
  warmup: 0.05,
  floor: 0.03,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clip: 1,
  checkpointSeconds: 60,
};

export type BagOfJobsSettings = typeof bagOfJobsDefaults;

/** What is read at each year: of the year itself, and as the mean over the earlier ones. */
const SERIES = ['occupation', 'year', 'education'] as const;
const STATICS = ['ethnicity', 'sex', 'region'] as const;

type Table = (typeof SERIES)[number] | (typeof STATICS)[number];

/** [T] rows of a table. */
const rowsOf = (sequence: CareerSequence, table: Table): Int32Array =>
  table === 'occupation' ? sequence.last : sequence.levels[table];

/** [B·T, D] the mean of each year's earlier rows; 0 at the first. @param x [B·T, D] */
const meansOfEarlier = (x: tf.Tensor2D, B: number, T: number): tf.Tensor2D => {
  const D = x.shape[1];
  // along the last axis: the gradient of tf.cumsum has the wrong shape along any other
  const along = tf.transpose(tf.reshape(x, [B, T, D]), [0, 2, 1]); // [B, D, T]
  const shares = tf.tensor1d(Array.from({ length: T }, (_, t) => 1 / Math.max(t, 1))); // [T]
  const means = tf.mul(tf.cumsum(along, 2, true), shares); // [B, D, T]
  return tf.reshape(tf.transpose(means, [0, 2, 1]), [B * T, D]);
};

export class BagOfJobsNetwork extends CodeNetwork {
  constructor(
    readonly settings: BagOfJobsSettings,
    coding: CareerCoding,
    seed = 0,
  ) {
    super(coding);
    const { width: C } = settings;
    const random = new Random(seed);
    const matrix = (name: string, rows: number, columns: number, deviation: number): void =>
      this.addMatrix(name, rows, columns, deviation, random);
    const rows = (table: Table): number =>
      table === 'occupation' ? coding.inputs : coding.tables.levels[table].length;
    for (const table of SERIES) {
      matrix(`${table}.last.weight`, rows(table), C, C ** -0.5);
      matrix(`${table}.earlier.weight`, rows(table), C, C ** -0.5);
    }
    for (const table of STATICS) matrix(`${table}.weight`, rows(table), C, C ** -0.5);
    const parts = 2 * SERIES.length + STATICS.length;
    matrix('output.weight', coding.outputs + 1, parts * C, 0.02); // the parts' maps side by side
  }

  protected override logits(batch: CareerBatch, seed?: number): tf.Tensor2D {
    const { dropout: rate } = this.settings;
    const { sequences } = batch;
    const rows = (table: Table): tf.Tensor1D => sideBySide(sequences, (sequence) => rowsOf(sequence, table));
    const series = SERIES.map((table) => ({ table, rows: rows(table) }));
    const earlier = series.map(({ table, rows }) => embedding(rows, this.matrix(`${table}.earlier.weight`)));
    const parts = [
      ...series.map(({ table, rows }) => embedding(rows, this.matrix(`${table}.last.weight`))),
      meansOfEarlier(tf.concat(earlier, 1) as tf.Tensor2D, sequences.length, longest(sequences)),
      ...STATICS.map((table) => embedding(rows(table), this.matrix(`${table}.weight`))),
    ];
    const all = atAsked(tf.concat(parts, 1) as tf.Tensor2D, batch); // [N, P·C]
    const kept = seed === undefined || rate === 0 ? all : dropout(all, { rate, seed });
    return linear(kept, this.matrix('output.weight'));
  }
}

export const loadBagOfJobs = (folder: string): Promise<CareerModel<BagOfJobsNetwork>> =>
  loadOverCodes(
    folder,
    'bag of jobs',
    (name) => name === NAME,
    (settings: BagOfJobsSettings, coding) => new BagOfJobsNetwork(settings, coding),
  );

/**
 * Fits the bag of jobs on the surveys' train persons; the validation persons choose the checkpoint and nothing else.
 *
 * @throws ModelError for an unknown setting or no train persons, TrainingError where a checkpoint belongs to other data or
 *   settings
 */
export async function* fitBagOfJobs(
  surveys: readonly Survey[],
  options: FitOptions,
): AsyncGenerator<FitLog, CareerModel<BagOfJobsNetwork>> {
  const { folder, seed, resume = false } = options;
  if (folder !== undefined && resume && (await hasModelCard(folder))) return loadBagOfJobs(folder);
  const settings = settingsFrom('The bag of jobs', bagOfJobsDefaults, options.config);
  const networkOf = (coding: CareerCoding) => new BagOfJobsNetwork(settings, coding, seed);
  return yield* fitOverCodes(NAME, surveys, options, settings, networkOf);
}
