/**
 * LABOR-LLM (Athey, Brunborg, Du, Kanodia and Vafa, arXiv 2406.17972): careers written as resumes, a decoder fitted to
 * them by next-token prediction, and P(next occupation) read off as the product of its probabilities of the title's
 * tokens, the newline that ends it included.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { splitSurvey, type Career, type DeclaredOccupations, type OccupationIndex, type Survey } from '../careers';
import {
  Decoder,
  decoderConfig,
  defaultDecoder,
  disposeCache,
  loadDecoder,
  runContinuations,
  runPrefix,
  saveDecoder,
  writeDecoderConfig,
  type DecoderConfig,
  type PrefixCache,
} from '../decoder';
import { promptParts, resumeParts, templatePhrases } from '../resumes';
import { writeFileAtomic } from '../support';
import { logProbabilityOf, startBackend, tf } from '../tensors';
import { ResumeTokenizer } from '../tokens';
import {
  cutByLength,
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
import type { FitLog, FitOptions } from './fit';
import type { Distribution, OccupationModel, Query } from './occupation-model';

/** What can be set in fitting LABOR-LLM, with its defaults. */
export const laborLlmDefaults = {
  ...defaultDecoder,
  /** Most tokens of the vocabulary. */
  vocabulary: 2048,
  /** Whether the resume's header says the year of birth. */
  birthYear: true,
  /** What a token that belongs to no title counts in the loss, a title's token counting 1. */
  contextWeight: 1,
  /** Passes over the train persons, where neither steps nor minutes are given. */
  epochs: 6,
  /** Most tokens of a batch, filling included. */
  batchTokens: 4096,
  peak: 1.5e-3,
  warmup: 0.05,
  floor: 0.03,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clip: 1,
  dropout: 0.1,
  checkpointSeconds: 60,
};

export type LaborLlmSettings = typeof laborLlmDefaults;

/** The settings that a fitted model needs in order to write its prompts. */
type TemplateSettings = Pick<LaborLlmSettings, 'birthYear'>;

/** Tokens of a block of continuations, which bounds the memory of scoring. */
const BLOCK_TOKENS = 8192;

const settingsFrom = (given: Readonly<Record<string, unknown>>): LaborLlmSettings => {
  const known = laborLlmDefaults as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(given)) {
    if (!(key in known)) {
      throw new Error(`unknown setting "${key}" of labor-llm. Known: ${Object.keys(known).join(', ')}.`);
    }
    if (typeof value !== typeof known[key]) {
      throw new Error(`setting ${key} of labor-llm is ${JSON.stringify(value)}: a ${typeof known[key]} is needed.`);
    }
  }
  return { ...laborLlmDefaults, ...given };
};

/** Tokens of a text with its targets: `from` is the title's first token, `to` one behind its newline. */
interface Scored {
  readonly ids: Int32Array;
  readonly asked: readonly { readonly query: number; readonly from: number; readonly to: number }[];
}

/** Queries of one career whose histories grow, answered in one pass: the last one's history holds all the others'. */
interface Group {
  readonly queries: number[];
  last: Query;
}

/** Whether `next` goes on from where `last` asks: its history is last's, then what last asked about, then more. */
const goesOn = (last: Query, next: Query, occupation?: OccupationIndex): boolean => {
  const answered = next.history[last.history.length];
  return (
    answered !== undefined &&
    answered.year === last.year &&
    answered.education === last.education &&
    (occupation === undefined || answered.occupation === occupation) &&
    (next.covariates === last.covariates || JSON.stringify(next.covariates) === JSON.stringify(last.covariates)) &&
    last.history.every((observation, index) => observation === next.history[index])
  );
};

const inGroups = (queries: readonly Query[], occupations?: readonly OccupationIndex[]): Group[] => {
  const groups: Group[] = [];
  queries.forEach((query, index) => {
    const group = groups[groups.length - 1];
    if (group && goesOn(group.last, query, occupations?.[index - 1])) {
      group.queries.push(index);
      group.last = query;
    } else {
      groups.push({ queries: [index], last: query });
    }
  });
  return groups;
};

export class LaborLlm implements OccupationModel {
  readonly name = 'labor-llm';
  readonly #titleTokens = new Map<string, readonly (readonly number[])[]>();

  constructor(
    readonly decoder: Decoder,
    readonly tokenizer: ResumeTokenizer,
    readonly surveys: readonly DeclaredOccupations[],
    readonly settings: TemplateSettings,
    /** What is known of the fit: data, seed, steps, losses. */
    readonly fitted: Readonly<Record<string, unknown>> = {},
  ) {}

  /** The declared titles of a survey. @throws Error where the model was not fitted on it. */
  titlesOf(survey: string): readonly string[] {
    const declared = this.surveys.find((known) => known.survey === survey);
    if (declared === undefined) {
      const known = this.surveys.map((one) => `"${one.survey}"`).join(', ');
      throw new Error(`survey "${survey}" is not among those that the model was fitted on: ${known}.`);
    }
    return declared.titles;
  }

  /** Tokens of each title of a survey, its newline last. */
  #answersOf(survey: string): readonly (readonly number[])[] {
    let answers = this.#titleTokens.get(survey);
    if (answers === undefined) {
      answers = this.tokenizer.encodeTitles(this.titlesOf(survey));
      this.#titleTokens.set(survey, answers);
    }
    return answers;
  }

  /** The text of a query's prompt as tokens, the document's beginning first, and where each entry's title starts. */
  #prompt(query: Query): { ids: number[]; starts: number[] } {
    const parts = promptParts(query, this.titlesOf(query.covariates.survey), this.settings);
    const { ids, titles } = this.tokenizer.encodePrompt(parts);
    return {
      ids: [this.tokenizer.endOfText, ...ids],
      starts: [...titles.map(({ start }) => start + 1), ids.length + 1],
    };
  }

  async logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    const sequences = inGroups(queries, occupations).map(({ queries: members, last }): Scored => {
      const { ids, starts } = this.#prompt(last);
      const answers = this.#answersOf(last.covariates.survey);
      const asked = members.map((query) => {
        const from = starts[(queries[query] as Query).history.length] as number;
        return { query, from, to: from + this.#answer(answers, occupations[query] as OccupationIndex).length };
      });
      const final = this.#answer(answers, occupations[members[members.length - 1] as number] as OccupationIndex);
      return { ids: Int32Array.from([...ids, ...final]), asked };
    });
    const result = new Float64Array(queries.length);
    const lengths = sequences.map(({ ids }) => ids.length);
    for (const batch of cutByLength(lengths, [...lengths.keys()], BLOCK_TOKENS)) {
      this.#scoreTitles(
        batch.map((index) => sequences[index] as Scored),
        result,
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
    return result;
  }

  #answer(answers: readonly (readonly number[])[], occupation: OccupationIndex): readonly number[] {
    const answer = answers[occupation];
    if (answer === undefined) throw new Error(`occupation ${occupation} is none of the ${answers.length} declared.`);
    return answer;
  }

  /** Adds up the log-probabilities of the asked titles' tokens, from one pass over the sequences. */
  #scoreTitles(sequences: readonly Scored[], result: Float64Array): void {
    const { inputs, targets, B, T } = tokenBatch(
      sequences.map(({ ids }) => ({ ids, weights: new Float32Array(ids.length) })),
      this.tokenizer.endOfText,
    );
    const rows: number[] = [];
    const owners: number[] = [];
    sequences.forEach(({ asked }, b) => {
      for (const { query, from, to } of asked) {
        for (let at = from; at < to; at++) {
          rows.push(b * T + at - 1); // the token before predicts it
          owners.push(query);
        }
      }
    });
    const scores = tf.tidy(() => {
      const hidden = this.decoder.hidden(tf.tensor1d(inputs, 'int32'), B, T, this.decoder.positions(T));
      const logits = this.decoder.logits(tf.gather(hidden, tf.tensor1d(rows, 'int32')));
      const wanted = Int32Array.from(rows, (row) => targets[row] as number);
      return logProbabilityOf(logits, tf.tensor1d(wanted, 'int32')).dataSync();
    });
    owners.forEach((query, index) => {
      result[query] = (result[query] as number) + (scores[index] as number);
    });
  }

  async distributions(queries: readonly Query[]): Promise<Distribution[]> {
    const result = new Array<Distribution>(queries.length);
    for (const { queries: members, last } of inGroups(queries)) {
      const { ids, starts } = this.#prompt(last);
      const answers = this.#answersOf(last.covariates.survey);
      const cache = runPrefix(this.decoder, ids);
      try {
        for (const query of members) {
          const length = starts[(queries[query] as Query).history.length] as number;
          const logProbabilities = this.#scoreAll(cache, length, answers);
          const keptMass = logProbabilities.reduce((sum, logP) => sum + Math.exp(logP), 0);
          result[query] = { logProbabilities, keptMass };
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        disposeCache(cache);
      }
    }
    return result;
  }

  /** [J] log-probability of every title behind the first `length` tokens: titles of as many tokens side by side. */
  #scoreAll(cache: PrefixCache, length: number, answers: readonly (readonly number[])[]): Float64Array {
    const result = new Float64Array(answers.length);
    const first = tf.tidy(() => {
      const row = tf.slice(cache.hidden, [length - 1, 0], [1, -1]);
      return tf.logSoftmax(this.decoder.logits(row)).dataSync();
    });
    const byLength = new Map<number, number[]>();
    answers.forEach((answer, occupation) => {
      result[occupation] = first[answer[0] as number] as number;
      const alike = byLength.get(answer.length);
      if (alike) alike.push(occupation);
      else byLength.set(answer.length, [occupation]);
    });
    for (const [tokens, occupations] of byLength) {
      const L = tokens - 1; // the last token is only predicted
      if (L === 0) continue;
      const most = Math.max(1, Math.floor(BLOCK_TOKENS / L));
      for (let begin = 0; begin < occupations.length; begin += most) {
        const block = occupations.slice(begin, begin + most);
        const rows = block.map((occupation) => answers[occupation] as readonly number[]);
        const scores = tf.tidy(() => {
          const ids = Int32Array.from(rows.flatMap((row) => row.slice(0, -1)));
          const targets = Int32Array.from(rows.flatMap((row) => row.slice(1)));
          const logits = this.decoder.logits(runContinuations(this.decoder, cache, length, ids, L));
          const each = logProbabilityOf(logits, tf.tensor1d(targets, 'int32')); // [J·L]
          return tf.sum(tf.reshape(each, [block.length, L]), 1).dataSync();
        });
        block.forEach((occupation, index) => {
          result[occupation] = (result[occupation] as number) + (scores[index] as number);
        });
      }
    }
    return result;
  }

  async save(folder: string): Promise<void> {
    await saveDecoder(folder, this.decoder, this.tokenizer.endOfText);
    await this.tokenizer.save(folder);
    const { name, surveys, settings, fitted } = this;
    // last, since a folder with a model.json is a whole model
    await writeFileAtomic(
      path.join(folder, 'model.json'),
      `${JSON.stringify({ name, surveys, settings, fitted }, null, 2)}\n`,
    );
  }

  dispose(): void {
    this.decoder.dispose();
  }
}

/** Reads a folder that `LaborLlm.save` wrote. */
export const loadLaborLlm = async (folder: string): Promise<LaborLlm> => {
  await startBackend();
  const { surveys, settings, fitted } = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8')) as Pick<
    LaborLlm,
    'surveys' | 'settings' | 'fitted'
  >;
  return new LaborLlm(await loadDecoder(folder), await ResumeTokenizer.load(folder), surveys, settings, fitted);
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

/**
 * Fits LABOR-LLM on the surveys' train persons; the validation persons choose the checkpoint and nothing else.
 *
 * @throws Error for an unknown setting, TrainingError where a checkpoint belongs to other data or settings
 */
export async function* fitLaborLlm(surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, LaborLlm> {
  const began = performance.now();
  const settings = settingsFrom(options.config ?? {});
  const backend = await startBackend();
  const parts = surveys.map((survey) => ({ ...splitSurvey(survey), titles: survey.occupations }));
  const trainCareers = parts.flatMap(({ train }) => train.careers);
  if (trainCareers.length === 0) throw new Error('the data has no train persons (crc32 of the person % 100 below 70).');

  const tokenizer = ResumeTokenizer.train(
    parts.flatMap(({ train, titles }) => train.careers.map((c) => resumeParts(c, c.observations, titles, settings))),
    {
      titles: [...new Set(parts.flatMap(({ titles }) => titles))],
      phrases: templatePhrases(trainCareers, settings),
      vocabularySize: settings.vocabulary,
    },
  );
  const sequences = parts.flatMap(({ train, titles }) =>
    train.careers.map((career) => trainingSequence(career, titles, tokenizer, settings)),
  );
  const declared = surveys.map(({ name, occupations }): DeclaredOccupations => ({ survey: name, titles: occupations }));
  const decoderSettings = Object.fromEntries(
    Object.keys(defaultDecoder).map((key) => [key, settings[key as 'hidden_size']]),
  );
  const config = decoderConfig({
    ...(decoderSettings as Partial<DecoderConfig>),
    vocab_size: tokenizer.vocabularySize,
  });
  const build = (fitted?: Record<string, unknown>) =>
    new LaborLlm(new Decoder(config, options.seed), tokenizer, declared, { birthYear: settings.birthYear }, fitted);

  const validation = parts.flatMap(({ validation: part }) => part.careers);
  const dataFor = (model: LaborLlm): TrainingData<readonly number[]> => ({
    epoch: (epoch) =>
      epochBatches(
        sequences.map(({ ids }) => ids.length),
        settings.batchTokens,
        options.seed,
        epoch,
      ),
    tokens: (batch) => batch.reduce((sum, item) => sum + (sequences[item] as TokenSequence).ids.length - 1, 0),
    validate: () => validationLoss(model, validation),
  });
  const trainable = (model: LaborLlm) => ({
    parameters: model.decoder.parameters,
    loss: (batch: readonly number[], seed: number) =>
      model.decoder.loss(
        tokenBatch(
          batch.map((item) => sequences[item] as TokenSequence),
          tokenizer.endOfText,
        ),
        settings.dropout > 0 ? { rate: settings.dropout, seed } : undefined,
      ),
  });

  const newest = options.folder !== undefined && options.resume ? await newestCheckpoint(options.folder) : undefined;
  const model = build();
  const data = dataFor(model);
  try {
    let steps = options.steps;
    if (steps === undefined && newest !== undefined) steps = (await readCheckpoint(newest)).state.steps;
    if (steps === undefined && options.minutes !== undefined) {
      const probe = build();
      const seconds = options.minutes * 60 - (performance.now() - began) / 1000;
      steps = await stepsWithin(seconds, trainable(probe), dataFor(probe), settings);
      probe.dispose();
    }
    if (steps === undefined) {
      steps = 0;
      for (let epoch = 0; epoch < settings.epochs; epoch++) steps += data.epoch(epoch).length;
    }
    const hash = createHash('sha256').update(JSON.stringify({ settings, seed: options.seed, declared }));
    for (const { ids, weights } of sequences) hash.update(ids).update(weights);
    const state = yield* train(
      trainable(model),
      data,
      {
        ...settings,
        steps,
        seed: options.seed,
        fingerprint: hash.digest('hex'),
        ...(options.folder === undefined ? {} : { folder: options.folder }),
        ...(options.resume === undefined ? {} : { resume: options.resume }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      async (folder) => {
        await writeDecoderConfig(folder, model.decoder, tokenizer.endOfText);
        await tokenizer.save(folder);
      },
    );
    const { losses, validation: validations, best } = state;
    const fitted = new LaborLlm(model.decoder, tokenizer, declared, model.settings, {
      seed: options.seed,
      settings,
      steps,
      losses,
      validation: validations,
      best,
      backend: backend.name,
      threads: backend.threads,
      parameters: model.decoder.parameters.size,
    });
    if (options.folder !== undefined) {
      await fitted.save(options.folder);
      await endTraining(options.folder);
    }
    return fitted;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Mean negative log-probability of an observation's occupation, which is what the perplexity is the exponential of. */
const validationLoss = async (model: LaborLlm, careers: readonly Career[]): Promise<number | undefined> => {
  const queries: Query[] = [];
  const occupations: OccupationIndex[] = [];
  for (const career of careers) {
    career.observations.forEach(({ year, education, occupation }, index) => {
      queries.push({ covariates: career, history: career.observations.slice(0, index), year, education });
      occupations.push(occupation);
    });
  }
  if (queries.length === 0) return undefined;
  const logs = await model.logProbabilities(queries, occupations);
  return -logs.reduce((sum, logP) => sum + logP, 0) / queries.length;
};
