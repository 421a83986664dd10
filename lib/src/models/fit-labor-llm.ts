/** Fitting LABOR-LLM: tokenizer and decoder from the train persons' resumes, by next-token prediction. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Career, Survey } from '../careers';
import {
  Decoder,
  decoderConfig,
  decoderShape,
  defaultDecoder,
  extendVocabulary,
  loadDecoder,
  weightFiles,
  writeDecoderConfig,
} from '../decoder';
import { resumeParts, templatePhrases, titlePhrases } from '../resumes';
import { startBackend } from '../tensors';
import { ResumeTokenizer } from '../tokens';
import { endTraining, sequenceBatches, tokenBatch, type TokenSequence } from '../training';
import { pooledOccupations } from './declared';
import type { FitLog, FitOptions } from './fit';
import { writtenByEpoch } from './leave-out';
import { LaborLlm, loadLaborLlm, type TemplateSettings } from './labor-llm';
import { meanLoss } from './mean-loss';
import { fittedFacts, hasModelCard, readModelCard } from './model-card';
import { ModelError } from './model-error';
import { settingsFrom } from './settings';
import { writeTitles } from './title-writing';
import { trainCareers, validationCareers } from './train-careers';
import { trainModel, type Training, type TrainingRecord } from './train-model';
import { checkTemperature, temper } from './temperature';
import { loadWordVectors, startFromWords } from './word-vectors';

/** What can be set in fitting LABOR-LLM, with its defaults. */
export const laborLlmDefaults = {
  ...defaultDecoder,
  num_hidden_layers: 3,
  /** Most tokens of the vocabulary. */
  vocabulary: 2048,
  /** Whether tokens begin from vectors of the English words in them (see ./word-vectors). */
  wordVectors: true,
  /** Whether the resume's header says the year of birth. */
  birthYear: true,
  /** Whether entries say the age and the last jobs, and those who stay answer `the same`: not so in the paper's template. */
  reminders: true,
  /** Whether each title is one token, as far as none stands in another: fewer tokens, fewer ways to learn by heart. */
  wholeTitles: true,
  /** How titles are written: 'words', 'codes' or 'permuted'. */
  titles: 'words' as string,
  /** What a token that belongs to no title counts in the loss, a title's token counting 1. */
  contextWeight: 0.05,
  /** Passes over the train persons: what is done where no steps are given, and the most that minutes are used for. */
  epochs: 6,
  /** Fewest steps, for which passes are added where the persons are few. */
  leastUpdates: 0,
  /** Most tokens of a batch, filling included. */
  batchTokens: 2048,
  peak: 8e-4,
  warmup: 0.05,
  floor: 0.03,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clip: 1,
  dropout: 0.3,
  /** Most of a career's observations that are left out, anew in each epoch (see ./leave-out). */
  leaveOut: 0,
  averaging: 0.99,
  /** What the fitted decoder's scores are divided by (see ./temperature). */
  temperature: 1,
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
  return { ids: Int32Array.from([tokenizer.beginOfText, ...ids, tokenizer.endOfText]), weights };
};

/** What the training loop needs of a model that is being fitted. */
const trainingOf = (
  model: LaborLlm,
  sequencesOf: (epoch: number) => readonly TokenSequence[],
  validation: readonly Career[],
  settings: LaborLlmSettings,
  seed: number,
): Training<readonly TokenSequence[]> => {
  const lengthOf = ({ ids }: TokenSequence): number => ids.length;
  return {
    data: {
      epoch: (epoch) => sequenceBatches(sequencesOf(epoch), lengthOf, settings.batchTokens, seed, epoch),
      tokens: (batch) => batch.reduce((sum, { ids }) => sum + ids.length - 1, 0),
      validate: () => meanLoss(model, validation),
    },
    trainable: {
      parameters: model.decoder.parameters,
      loss: (batch, dropoutSeed) =>
        model.decoder.loss(
          tokenBatch(batch, model.tokenizer.endOfText),
          settings.dropout > 0 ? { rate: settings.dropout, seed: dropoutSeed } : undefined,
        ),
    },
  };
};

/** LABOR-LLM with a code in place of each title. */
const numericDefaults = { ...laborLlmDefaults, titles: 'codes' };

/** A tokenizer, and a decoder made anew at every call. */
interface Beginning {
  readonly tokenizer: ResumeTokenizer;
  readonly decoder: () => Decoder;
}

type Texts = readonly { readonly careers: readonly Career[]; readonly titles: readonly string[] }[];

/** What is a token of its own. */
const phrasesOf = (texts: Texts, titles: readonly string[], settings: LaborLlmSettings): readonly string[] => {
  const careers = texts.flatMap((part) => part.careers);
  return [...templatePhrases(careers, settings), ...(settings.wholeTitles ? titlePhrases(titles) : [])];
};

/** From nothing: the tokenizer is trained on the resumes, the decoder's weights are drawn. */
const fromNothing = async (
  texts: Texts,
  titles: readonly string[],
  settings: LaborLlmSettings,
  seed: number,
): Promise<Beginning> => {
  const tokenizer = ResumeTokenizer.train(
    texts.flatMap(({ careers, titles }) => careers.map((c) => resumeParts(c, c.observations, titles, settings))),
    {
      titles,
      phrases: phrasesOf(texts, titles, settings),
      vocabularySize: settings.vocabulary,
    },
  );
  const config = decoderConfig({ ...decoderShape(settings), vocab_size: tokenizer.vocabularySize });
  const vectors = settings.wordVectors ? await loadWordVectors() : undefined;
  const decoder = (): Decoder => {
    const fresh = new Decoder(config, seed);
    if (vectors) startFromWords(fresh, tokenizer, vectors, seed);
    return fresh;
  };
  return { tokenizer, decoder };
};

/** Whether a setting is one that a base brings along: the decoder's shape, its vocabulary, from where its tokens began. */
export const isOfBase = (setting: string): boolean =>
  setting in defaultDecoder || setting === 'vocabulary' || setting === 'wordVectors';

/** From a base: its tokenizer, with the template's phrases added, and its weights. */
const fromBase = async (
  base: string,
  texts: Texts,
  titles: readonly string[],
  settings: LaborLlmSettings,
  given: FitOptions['config'] = {},
): Promise<Beginning> => {
  const clash = Object.keys(given).find(isOfBase);
  if (clash !== undefined) {
    throw new ModelError(`Setting ${clash} is the base's (${base}): leave it out, or fit without a base.`, {
      setting: clash,
      base,
    });
  }
  const known = await ResumeTokenizer.load(base);
  const { tokenizer, pieces } = known.withPhrases(phrasesOf(texts, titles, settings), titles);
  const loaded = await loadDecoder(base);
  const { parameters, config } = extendVocabulary(loaded, known.vocabularySize, pieces);
  const arrays = parameters.toArrays();
  parameters.dispose();
  const decoder = (): Decoder => {
    const fresh = new Decoder(config);
    fresh.parameters.assign(arrays, base);
    return fresh;
  };
  return { tokenizer, decoder };
};

/** How a base wrote its prompts, where it says so. */
export const templateOfBase = async (base: string | undefined): Promise<TemplateSettings> => {
  const plain: TemplateSettings = { birthYear: true };
  if (base === undefined || !(await hasModelCard(base))) return plain;
  const { template } = await readModelCard(base);
  return (template as TemplateSettings | undefined) ?? plain;
};

/** SHA-256 of a base's weights, file after file. */
export const weightsHash = async (base: string): Promise<string> => {
  const hash = createHash('sha256');
  for (const file of await weightFiles(base)) {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
};

/**
 * Fits LABOR-LLM on the surveys' train persons, from nothing or from `options.base`; the validation persons choose the
 * checkpoint and nothing else.
 *
 * @throws ModelError for an unknown setting or no train persons, DecoderError or TokensError where the base is none,
 *   TrainingError where a checkpoint belongs to other data or settings
 */
export const fitLaborLlm = (surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, LaborLlm> =>
  fitText('labor-llm', 'LABOR-LLM', laborLlmDefaults, surveys, options);

/** Fits LABOR-LLM with codes for titles: the same model and data, without the words. @throws as fitLaborLlm */
export const fitNumeric = (surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, LaborLlm> =>
  fitText('numeric', 'The numeric model', numericDefaults, surveys, options);

async function* fitText(
  name: string,
  title: string,
  defaults: LaborLlmSettings,
  surveys: readonly Survey[],
  options: FitOptions,
): AsyncGenerator<FitLog, LaborLlm> {
  const began = performance.now();
  const { base, folder, seed, resume = false } = options;
  if (folder !== undefined && resume && (await hasModelCard(folder))) return loadLaborLlm(folder);
  const settings = settingsFrom(title, defaults, options.config);
  checkTemperature(settings.temperature);
  const declared = pooledOccupations(surveys);
  const allTitles = [...new Set(declared.flatMap(({ titles }) => titles))];
  const written = writeTitles(allTitles, settings.titles, seed, (await templateOfBase(base)).titles);
  const write = (titles: readonly string[]): readonly string[] => titles.map((one) => written[one] ?? one);
  const titlesOf = new Map(surveys.map(({ name: survey, occupations }) => [survey, write(occupations)]));
  const careers = trainCareers(surveys);
  const texts = [...titlesOf].map(([survey, titles]) => ({
    careers: careers.filter((career) => career.survey === survey),
    titles,
  }));
  const backend = await startBackend();

  const { tokenizer, decoder: begin } =
    base === undefined
      ? await fromNothing(texts, write(allTitles), settings, seed)
      : await fromBase(base, texts, write(allTitles), settings, options.config);
  const sequencesOf = writtenByEpoch(careers, settings.leaveOut, seed, (career) =>
    trainingSequence(career, titlesOf.get(career.survey) as readonly string[], tokenizer, settings),
  );
  const validation = validationCareers(surveys);
  const facts = {
    ...fittedFacts(surveys, options, backend.name),
    ...(base === undefined ? {} : { base: await weightsHash(base) }),
  };
  const template = { birthYear: settings.birthYear, reminders: settings.reminders, titles: written };
  const build = (decoder: Decoder, record: Partial<TrainingRecord>): LaborLlm => {
    const { size: parameters } = decoder.parameters;
    const training = { settings, parameters, steps: 0, losses: [], validation: [], best: undefined, ...record };
    return new LaborLlm(name, decoder, tokenizer, declared, template, facts, training);
  };

  const { model: decoder, record } = yield* trainModel(
    begin,
    (fresh) => trainingOf(build(fresh, {}), sequencesOf, validation, settings, seed),
    settings,
    options,
    [facts.dataHash, facts.base].join(),
    began,
    async (fresh, checkpoint) => {
      await writeDecoderConfig(checkpoint, fresh, tokenizer);
      await tokenizer.save(checkpoint);
    },
  );
  temper(decoder.parameters, ['model.norm.weight'], settings.temperature);
  const model = build(decoder, record);
  if (folder !== undefined) {
    await model.save(folder);
    await endTraining(folder);
  }
  return model;
}
