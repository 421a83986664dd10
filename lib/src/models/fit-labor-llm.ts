/** Fitting LABOR-LLM: tokenizer and decoder from the train persons' resumes, by next-token prediction. */
import { splitSurvey, type Career, type Survey } from '../careers';
import { Decoder, decoderConfig, defaultDecoder, writeDecoderConfig, type DecoderConfig } from '../decoder';
import { resumeParts, templatePhrases } from '../resumes';
import { startBackend } from '../tensors';
import { ResumeTokenizer } from '../tokens';
import { endTraining, epochBatches, tokenBatch, type TokenSequence } from '../training';
import { pooledOccupations } from './declared';
import type { FitLog, FitOptions } from './fit';
import { LaborLlm, loadLaborLlm, type TrainingRecord } from './labor-llm';
import { fittedFacts, hasModelCard } from './model-card';
import { ModelError } from './model-error';
import { settingsFrom } from './settings';
import { meanLoss, trainModel, type Training } from './train-model';

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

/** What the training loop needs of a model that is being fitted. */
const trainingOf = (
  model: LaborLlm,
  sequences: readonly TokenSequence[],
  validation: readonly Career[],
  settings: LaborLlmSettings,
  seed: number,
): Training<readonly number[]> => {
  const lengths = sequences.map(({ ids }) => ids.length);
  return {
    data: {
      epoch: (epoch) => epochBatches(lengths, settings.batchTokens, seed, epoch),
      tokens: (batch) => batch.reduce((sum, item) => sum + (lengths[item] as number) - 1, 0),
      validate: () => meanLoss(model, validation),
    },
    trainable: {
      parameters: model.decoder.parameters,
      loss: (batch, dropoutSeed) =>
        model.decoder.loss(
          tokenBatch(
            batch.map((item) => sequences[item] as TokenSequence),
            model.tokenizer.endOfText,
          ),
          settings.dropout > 0 ? { rate: settings.dropout, seed: dropoutSeed } : undefined,
        ),
    },
  };
};

/**
 * Fits LABOR-LLM on the surveys' train persons; the validation persons choose the checkpoint and nothing else.
 *
 * @throws ModelError for an unknown setting or no train persons, TrainingError where a checkpoint belongs to other data
 *   or settings
 */
export async function* fitLaborLlm(surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, LaborLlm> {
  const began = performance.now();
  const { folder, seed, resume = false } = options;
  if (folder !== undefined && resume && (await hasModelCard(folder))) return loadLaborLlm(folder);
  const settings = settingsFrom('LABOR-LLM', laborLlmDefaults, options.config);
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

  const { model: decoder, state } = yield* trainModel(
    () => new Decoder(config, seed),
    (fresh) => trainingOf(build(fresh, {}), sequences, validation, settings, seed),
    settings,
    options,
    facts.dataHash,
    began,
    async (fresh, checkpoint) => {
      await writeDecoderConfig(checkpoint, fresh, tokenizer.endOfText);
      await tokenizer.save(checkpoint);
    },
  );
  const { steps, losses, best } = state;
  const model = build(decoder, { steps, losses, validation: state.validation, best });
  if (folder !== undefined) {
    await model.save(folder);
    await endTraining(folder);
  }
  return model;
}
