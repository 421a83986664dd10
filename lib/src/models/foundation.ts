/**
 * A foundation: a decoder that has read many resumes before it sees a survey, as a large language model has read much of
 * what people write. Models that read text begin from it (`options.base`).
 */
import { createHash } from 'node:crypto';
import type { Career } from '../careers';
import {
  Decoder,
  decoderConfig,
  decoderShape,
  defaultDecoder,
  saveDecoder,
  writeDecoderConfig,
  type TokenBatch,
} from '../decoder';
import { drawLayout, inventTitles, layoutResume, listOfTitles, titlePhrases } from '../resumes';
import { Random } from '../support';
import { startBackend, tf } from '../tensors';
import { ResumeTokenizer } from '../tokens';
import { endTraining, windowBatches } from '../training';
import type { FitLog, FitOptions } from './fit';
import { hasModelCard, packageVersion, writeModelCard } from './model-card';
import { settingsFrom } from './settings';
import { writeTitles } from './title-writing';
import { trainModel, type Training, type TrainingRecord } from './train-model';
import { loadWordVectors, startFromWords } from './word-vectors';

/** Careers without end: the same chunk for the same number, chunk after chunk of different persons. */
export interface ResumeCorpus {
  /** What it is, for the card. */
  readonly description: string;
  readonly titles: readonly string[];
  chunk(number: number): readonly Career[];
}

export const foundationDefaults = {
  ...defaultDecoder,
  hidden_size: 256,
  intermediate_size: 704,
  num_hidden_layers: 5,
  /** Room for a list of all titles, or several resumes, before a resume. */
  max_position_embeddings: 4096,
  /** Most tokens of the vocabulary. */
  vocabulary: 2048,
  /** Whether tokens begin from vectors of the English words in them (see ./word-vectors). */
  wordVectors: true,
  /** Whether each title, where it stands as it is declared, is one token. If not, titles share the tokens of their words. */
  wholeTitles: false,
  /** How titles are written: 'words', 'codes' or 'permuted'. */
  titles: 'words' as string,
  /** Share of the runs of resumes in one layout in which titles are called otherwise (see ../resumes/invented-titles). */
  invented: 0.5,
  /** Share of the runs before which the titles that they use are listed. */
  listed: 0.25,
  /** Tokens of a window, and of every eighth, which holds as many documents as a prompt with examples. */
  window: 512,
  longWindow: 2048,
  /** Optimizer steps where none are given. */
  steps: 2500,
  /** Chunks that the tokenizer is trained on. */
  tokenizerChunks: 4,
  /** Tokens of a batch. */
  batchTokens: 4096,
  peak: 1e-3,
  warmup: 0.02,
  floor: 0.05,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clip: 1,
  checkpointSeconds: 120,
};

export type FoundationSettings = typeof foundationDefaults;

/** One batch in so many is of long windows. */
const LONG_EVERY = 8;

/** A chunk that is read by nobody but the validation, and how many of its careers are. */
const VALIDATION_CHUNK = 1_000_000;
const VALIDATION_CAREERS = 300;

/** Most resumes on end in one layout. */
const LONGEST_RUN = 12;

/** Careers cut into runs of one to twelve. */
const runsOf = (careers: readonly Career[], random: Random): Career[][] => {
  const runs: Career[][] = [];
  for (let from = 0; from < careers.length;) {
    const length = 1 + random.integer(LONGEST_RUN);
    runs.push(careers.slice(from, from + length));
    from += length;
  }
  return runs;
};

/**
 * The resumes of a chunk as texts. One to twelve on end share a layout that the seed draws, what they call their titles, and
 * a list of these before them, if there is one: what a text says of the next can be learned, in context.
 *
 * @param words of which invented titles are
 */
const textsOf = (
  careers: readonly Career[],
  titles: readonly string[],
  words: readonly string[],
  { invented, listed }: FoundationSettings,
  random: Random,
): string[] => {
  const held = careers.filter(({ observations }) => observations.length > 0);
  return runsOf(held, random).flatMap((run) => {
    const layout = drawLayout(random);
    const called = random.uniform() < invented ? inventTitles(titles, words, random) : titles;
    const used = new Set(run.flatMap(({ observations }) => observations.map(({ occupation }) => occupation)));
    const list = random.shuffle([...new Set([...used].map((occupation) => called[occupation] as string))]);
    return [
      ...(random.uniform() < listed ? [listOfTitles(list, random)] : []),
      ...run.map((career) => layoutResume(layout, career, career.observations, called)),
    ];
  });
};

/** A chunk's batches: windows, every eighth batch of long ones. */
const batchesOf = (
  texts: readonly string[],
  tokenizer: ResumeTokenizer,
  { window, longWindow, batchTokens }: FoundationSettings,
): TokenBatch[] => {
  const documents = texts.map((text) => tokenizer.encode(text));
  const cut = Math.floor(documents.length / LONG_EVERY);
  return [
    ...windowBatches(documents.slice(cut), tokenizer.endOfText, window, batchTokens),
    ...windowBatches(documents.slice(0, cut), tokenizer.endOfText, longWindow, batchTokens),
  ];
};

/** A decoder that is no occupation model yet: `options.base` of those that read text takes its folder. */
export interface Foundation {
  readonly decoder: Decoder;
  readonly tokenizer: ResumeTokenizer;
  readonly training: TrainingRecord;
}

/**
 * Trains a foundation on a corpus of resumes by next-token prediction, for a number of steps, and writes it into
 * `options.folder`. An epoch is a chunk of the corpus.
 *
 * @throws ModelError for an unknown setting or no folder, TrainingError where a checkpoint is of other settings or another
 *   corpus
 */
export async function* fitFoundation(
  corpus: ResumeCorpus,
  options: Omit<FitOptions, 'minutes' | 'base' | 'education'> & { readonly folder: string },
): AsyncGenerator<FitLog, Foundation | undefined> {
  const began = performance.now();
  const { folder, seed, resume = false } = options;
  if (resume && (await hasModelCard(folder))) return undefined;
  const settings = settingsFrom('The foundation', foundationDefaults, options.config);
  const backend = await startBackend();
  const written = writeTitles(corpus.titles, settings.titles, seed);
  const titles = corpus.titles.map((title) => written[title] ?? title);
  const vectors = await loadWordVectors();
  const words = vectors.words.filter((word) => /^[a-z]{3,}$/.test(word));
  const texts = (chunk: number): string[] =>
    textsOf(corpus.chunk(chunk), titles, words, settings, new Random(seed, chunk));

  const read = Array.from({ length: settings.tokenizerChunks }, (_, chunk) => texts(chunk)).flat();
  const tokenizer = ResumeTokenizer.train(
    read.map((header) => ({ header, entries: [], end: '' })),
    { titles, phrases: settings.wholeTitles ? titlePhrases(titles) : [], vocabularySize: settings.vocabulary },
  );
  const config = decoderConfig({ ...decoderShape(settings), vocab_size: tokenizer.vocabularySize });
  const validation = batchesOf(texts(VALIDATION_CHUNK).slice(0, VALIDATION_CAREERS), tokenizer, settings);
  const trainingOf = (decoder: Decoder): Training<TokenBatch> => ({
    trainable: { parameters: decoder.parameters, loss: (batch) => decoder.loss(batch) },
    data: {
      epoch: (chunk) => new Random(seed, chunk).shuffle(batchesOf(texts(chunk), tokenizer, settings)),
      tokens: ({ B, T }) => B * T,
      validate: async () => {
        const losses = validation.map((batch) => tf.tidy(() => decoder.loss(batch).dataSync()[0] as number));
        return losses.length === 0 ? undefined : losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      },
    },
  });
  const hash = createHash('sha256').update(JSON.stringify(read)).digest('hex');
  const { model: decoder, record } = yield* trainModel(
    () => {
      const fresh = new Decoder(config, seed);
      if (settings.wordVectors) startFromWords(fresh, tokenizer, vectors, seed);
      return fresh;
    },
    trainingOf,
    { ...settings, epochs: Infinity },
    { ...options, steps: options.steps ?? settings.steps },
    hash,
    began,
    async (fresh, checkpoint) => {
      await writeDecoderConfig(checkpoint, fresh, tokenizer);
      await tokenizer.save(checkpoint);
    },
  );
  const { size: parameters } = decoder.parameters;
  const training = { settings, parameters, ...record };
  await saveDecoder(folder, decoder, tokenizer);
  await tokenizer.save(folder);
  const { version } = packageVersion();
  const fitted = { dataHash: hash, persons: 0, observations: 0, seed, version, backend: backend.name };
  await writeModelCard(
    folder,
    { name: 'foundation', surveys: [], fitted },
    { corpus: corpus.description, template: { birthYear: true, titles: written }, training },
  );
  await endTraining(folder);
  return { decoder, tokenizer, training };
}
