/** Fitting LABOR-LLM: tokenizer and decoder from the train persons' resumes, by next-token prediction. */
import { createHash } from 'node:crypto';
import { splitSurvey, type Career, type Survey } from '../careers';
import { Decoder, decoderConfig, defaultDecoder, writeDecoderConfig, type DecoderConfig } from '../decoder';
import { resumeParts, templatePhrases } from '../resumes';
import { startBackend } from '../tensors';
import { ResumeTokenizer } from '../tokens';
import {
  endTraining,
  epochBatches,
  newestCheckpoint,
  readCheckpoint,
  stepsWithin,
  tokenBatch,
  train,
  type TokenSequence,
  type TrainingData,
} from '../training';
import { pooledOccupations } from './declared';
import type { FitLog, FitOptions } from './fit';
import { LaborLlm, loadLaborLlm, type TrainingRecord } from './labor-llm';
import { fittedFacts, hasModelCard } from './model-card';
import { ModelError } from './model-error';
import { queriesOf } from './queries';

/** What can be set in fitting LABOR-LLM, with its defaults. */
export const laborLlmDefaults = {
  ...defaultDecoder,
  /** Most tokens of the vocabulary. */
  vocabulary: 2048,
  /** Whether the resume's header says the year of birth. */
  birthYear: true,
  /** What a token that belongs to no title counts in the loss, a title's token counting 1. */
  contextWeight: 0.25,
  /** Passes over the train persons: what is done where no steps are given, and the most that minutes are used for. */
  epochs: 10,
  /** Most tokens of a batch, filling included. */
  batchTokens: 2048,
  peak: 1.5e-3,
  warmup: 0.05,
  floor: 0.03,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clip: 1,
  dropout: 0.15,
  checkpointSeconds: 60,
};

export type LaborLlmSettings = typeof laborLlmDefaults;

const settingsFrom = (given: Readonly<Record<string, unknown>>): LaborLlmSettings => {
  const known = laborLlmDefaults as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(given)) {
    if (!(key in known)) {
      throw new ModelError(`LABOR-LLM has no setting "${key}". It has: ${Object.keys(known).join(', ')}.`, {
        setting: key,
      });
    }
    if (typeof value !== typeof known[key]) {
      throw new ModelError(`Setting ${key} of LABOR-LLM is ${JSON.stringify(value)}: give a ${typeof known[key]}.`, {
        setting: key,
      });
    }
  }
  return { ...laborLlmDefaults, ...given };
};

/** A career's resume as tokens to train on: each title's tokens count 1, the others `contextWeight`. */
const trainingSequence = (
  career: Career,
  titles: readonly string[],
  tokenizer: ResumeTokenizer,
  settings: LaborLlmSettings,
): TokenSequence => {
  const { ids, titles: spans } = tokenizer.encodeResume(resumeParts(career, career.observations, titles, settings));
  const weights = new Float32Array(ids.length + 2).fill(settings.contextWeight);
  for (const { start, end } of spans) weights.fill(1, start + 1, end + 1);
  return { ids: Int32Array.from([tokenizer.endOfText, ...ids, tokenizer.endOfText]), weights };
};

/** What the training loop and the measuring of minutes need of a model that is being fitted. */
const trainingOf = (
  model: LaborLlm,
  sequences: readonly TokenSequence[],
  validation: readonly Career[],
  settings: LaborLlmSettings,
  seed: number,
) => {
  const lengths = sequences.map(({ ids }) => ids.length);
  const data: TrainingData<readonly number[]> = {
    epoch: (epoch) => epochBatches(lengths, settings.batchTokens, seed, epoch),
    tokens: (batch) => batch.reduce((sum, item) => sum + (lengths[item] as number) - 1, 0),
    validate: () => validationLoss(model, validation),
  };
  const trainable = {
    parameters: model.decoder.parameters,
    loss: (batch: readonly number[], dropoutSeed: number) =>
      model.decoder.loss(
        tokenBatch(
          batch.map((item) => sequences[item] as TokenSequence),
          model.tokenizer.endOfText,
        ),
        settings.dropout > 0 ? { rate: settings.dropout, seed: dropoutSeed } : undefined,
      ),
  };
  return { data, trainable };
};

const stepsOfEpochs = (data: TrainingData<unknown>, epochs: number): number => {
  let steps = 0;
  for (let epoch = 0; epoch < epochs; epoch++) steps += data.epoch(epoch).length;
  return steps;
};

/**
 * Fits LABOR-LLM on the surveys' train persons; the validation persons choose the checkpoint and nothing else.
 *
 * @throws ModelError for an unknown setting or no train persons, TrainingError where a checkpoint belongs to other data
 *   or settings
 */
export async function* fitLaborLlm(surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, LaborLlm> {
  const began = performance.now();
  const { folder, seed, resume = false, signal } = options;
  if (folder !== undefined && resume && (await hasModelCard(folder))) return loadLaborLlm(folder);
  const settings = settingsFrom(options.config ?? {});
  const declared = pooledOccupations(surveys);
  const parts = surveys.map((survey) => ({ ...splitSurvey(survey), titles: survey.occupations }));
  const trainCareers = parts.flatMap(({ train }) => train.careers);
  if (trainCareers.length === 0) {
    throw new ModelError('The data has no train persons (crc32 of the person, modulo 100, below 70) to fit on.');
  }
  const backend = await startBackend();

  const tokenizer = ResumeTokenizer.train(
    parts.flatMap(({ train, titles }) => train.careers.map((c) => resumeParts(c, c.observations, titles, settings))),
    {
      titles: [...new Set(declared.flatMap(({ titles }) => titles))],
      phrases: templatePhrases(trainCareers, settings),
      vocabularySize: settings.vocabulary,
    },
  );
  const sequences = parts.flatMap(({ train, titles }) =>
    train.careers.map((career) => trainingSequence(career, titles, tokenizer, settings)),
  );
  const validation = parts.flatMap((part) => part.validation.careers);
  const shape = Object.keys(defaultDecoder).map((key) => [key, settings[key as keyof typeof defaultDecoder]]);
  const config = decoderConfig({
    ...(Object.fromEntries(shape) as Partial<DecoderConfig>),
    vocab_size: tokenizer.vocabularySize,
  });
  const facts = fittedFacts(surveys, options, backend.name);
  const build = (decoder: Decoder, record: Partial<TrainingRecord>): LaborLlm => {
    const training = {
      settings,
      parameters: decoder.parameters.size,
      steps: 0,
      losses: [],
      validation: [],
      best: undefined,
    };
    return new LaborLlm(decoder, tokenizer, declared, { birthYear: settings.birthYear }, facts, {
      ...training,
      ...record,
    });
  };

  const newest = folder !== undefined && resume ? await newestCheckpoint(folder) : undefined;
  let steps = options.steps;
  if (steps === undefined && newest !== undefined) steps = (await readCheckpoint(newest)).state.steps;
  if (steps === undefined) {
    const probe = build(new Decoder(config, seed), {});
    const { data, trainable } = trainingOf(probe, sequences, validation, settings, seed);
    steps = stepsOfEpochs(data, settings.epochs);
    if (options.minutes !== undefined) {
      const seconds = options.minutes * 60 - (performance.now() - began) / 1000;
      steps = Math.min(steps, await stepsWithin(seconds, trainable, data, settings));
    }
    probe.dispose();
  }

  const decoder = new Decoder(config, seed);
  try {
    const { data, trainable } = trainingOf(build(decoder, {}), sequences, validation, settings, seed);
    const fingerprint = createHash('sha256').update(JSON.stringify({ settings, seed, data: facts.dataHash }));
    const state = yield* train(
      trainable,
      data,
      {
        ...settings,
        steps,
        seed,
        resume,
        fingerprint: fingerprint.digest('hex'),
        ...(folder === undefined ? {} : { folder }),
        ...(signal === undefined ? {} : { signal }),
      },
      async (checkpoint) => {
        await writeDecoderConfig(checkpoint, decoder, tokenizer.endOfText);
        await tokenizer.save(checkpoint);
      },
    );
    const { losses, best } = state;
    const model = build(decoder, { steps, losses, validation: state.validation, best });
    if (folder !== undefined) {
      await model.save(folder);
      await endTraining(folder);
    }
    return model;
  } catch (error) {
    decoder.dispose();
    throw error;
  }
}

/** Mean negative log-probability of an observation's occupation, which is what the perplexity is the exponential of. */
const validationLoss = async (model: LaborLlm, careers: readonly Career[]): Promise<number | undefined> => {
  const queries = careers.flatMap(queriesOf);
  if (queries.length === 0) return undefined;
  const occupations = careers.flatMap(({ observations }) => observations.map(({ occupation }) => occupation));
  const logs = await model.logProbabilities(queries, occupations);
  return -logs.reduce((sum, logP) => sum + logP, 0) / queries.length;
};
