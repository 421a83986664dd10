/** What can be set in CAREER, and its two configurations. */
import { SCHEDULES, type ScheduleName } from '../training';
import { ModelError } from './model-error';
import { settingsFrom } from './settings';
import { checkTemperature } from './temperature';

/**
 * What the input knows of an observation besides the last occupation; age is year less birth year, step the years since the
 * last observation, tenure the years in the last occupation, former the last other occupation before it.
 */
export const CAREER_COVARIATES = [
  'year',
  'education',
  'ethnicity',
  'sex',
  'region',
  'age',
  'step',
  'tenure',
  'former',
  'survey',
] as const;

export type CareerCovariate = (typeof CAREER_COVARIATES)[number];

const POSITIONS = ['learned', 'sinusoidal'] as const;

export type Positions = (typeof POSITIONS)[number];

const NAMES = ['career', 'career-paper'] as const;

export type CareerName = (typeof NAMES)[number];

export const isCareerName = (name: string): name is CareerName => NAMES.some((known) => known === name);

/** `career`: tuned for a survey of some thousand persons (on the inner fold of NLSY97). */
const tuned = {
  width: 192,
  layers: 3,
  heads: 3,
  feedForward: 768,
  /** Each one's embedding is added to the input, at the year that is asked about. */
  covariates: CAREER_COVARIATES as readonly CareerCovariate[],
  /** `learned`, or `sinusoidal` as fairseq has them. */
  positions: 'learned' as Positions,
  /** Whether the last occupation's embedding is multiplied by the root of the width. */
  scaledEmbeddings: false,
  /** Whether the four special symbols of fairseq's dictionary stand before the occupations, and take probability. */
  specialSymbols: false,
  /** Whether an occupation's embedding is its row of the output layer too. */
  tiedEmbeddings: true,
  outputBias: true,
  /** Logits are clamped to [-logitLimit, logitLimit]; not at all where it is 0. */
  logitLimit: 0,
  /** Standard deviation of fresh embeddings. */
  embeddingDeviation: 0.02,
  dropout: 0.3,
  attentionDropout: 0,
  /** Most of a career's observations that are left out, anew in each epoch (see ./leave-out). */
  leaveOut: 0,
  /** Passes over the train persons: what is done where no steps are given, and the most that minutes are used for. */
  epochs: 12,
  /** Fewest steps, for which passes are added where the persons are few. */
  leastUpdates: 300,
  /** Most steps. */
  updates: Infinity,
  /** Most observations of a batch, filling included. */
  batchTokens: 1280,
  peak: 7e-4,
  warmup: 0.05,
  floor: 0.03,
  schedule: 'cosine' as ScheduleName,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.1,
  /** Whether weight decay applies to norms and biases too. */
  decayVectors: false,
  clip: 1,
  averaging: 0.99,
  /** What the fitted network's scores are divided by (see ./temperature); before the limit, where there is one. */
  temperature: 1,
  checkpointSeconds: 60,
};

export type CareerSettings = typeof tuned;

/**
 * `career-paper`: as the authors' code has it (github.com/keyonvafa/career-code: arch `career`, README's fine-tuning), in
 * 32-bit floats; at most 5,000 updates.
 */
const paper: CareerSettings = {
  ...tuned,
  layers: 12,
  covariates: ['year', 'education', 'ethnicity', 'sex', 'region'],
  positions: 'sinusoidal',
  scaledEmbeddings: true,
  specialSymbols: true,
  tiedEmbeddings: false,
  outputBias: false,
  logitLimit: 10,
  embeddingDeviation: 192 ** -0.5,
  dropout: 0.1,
  attentionDropout: 0.1,
  epochs: 5000,
  leastUpdates: 0,
  updates: 5000,
  batchTokens: 16_000,
  peak: 1e-4,
  warmup: 500,
  floor: 1e-7 / 1e-4,
  schedule: 'inverse-sqrt',
  weightDecay: 0.01,
  decayVectors: true,
  clip: Infinity,
  averaging: 0,
};

const oneOf = (setting: string, value: unknown, known: readonly string[]): void => {
  if (known.some((name) => name === value)) return;
  throw new ModelError(`${setting} of CAREER is ${JSON.stringify(value)}: it is one of ${known.join(', ')}.`, {
    setting,
  });
};

/** A configuration, overruled by what is given. @throws ModelError for what is no setting or no value of one. */
export const careerSettings = (name: CareerName, given?: Readonly<Record<string, unknown>>): CareerSettings => {
  const settings = settingsFrom('CAREER', name === 'career' ? tuned : paper, given);
  for (const covariate of settings.covariates) oneOf('covariates', covariate, CAREER_COVARIATES);
  oneOf('positions', settings.positions, POSITIONS);
  oneOf('schedule', settings.schedule, SCHEDULES);
  checkTemperature(settings.temperature);
  const { width, heads } = settings;
  if (width % (2 * heads) !== 0) {
    throw new ModelError(`width ${width} does not split into ${heads} heads of an even width: change one of them.`, {
      width,
      heads,
    });
  }
  return settings;
};
