/**
 * LABOR-LLM (Athey, Brunborg, Du, Kanodia and Vafa, arXiv 2406.17972): careers written as resumes, a decoder fitted to
 * them by next-token prediction, and P(next occupation) read off as the product of its probabilities of the title's
 * tokens, the newline that ends it included.
 */
import { setImmediate } from 'node:timers/promises';
import type { DeclaredOccupations, OccupationIndex } from '../careers';
import {
  disposeCache,
  extendPrefix,
  loadDecoder,
  runPrefix,
  saveDecoder,
  type Decoder,
  type PrefixCache,
} from '../decoder';
import { promptParts, SAME, titleList } from '../resumes';
import { startBackend, tf } from '../tensors';
import { ResumeTokenizer, titleTrie, type TitleTrie } from '../tokens';
import { cutByLength } from '../training';
import { checkOccupation, surveyOfQuery } from './declared';
import { readModelCard, writeModelCard, type FittedFacts } from './model-card';
import type { Distribution, DistributionOptions, OccupationModel, Query } from './occupation-model';
import { inGroups, type Group } from './queries';
import { addSpanScores, hiddenAt, type SpannedText } from './span-scores';
import { scoreTitles, type TitleScores } from './title-scores';
import type { WrittenTitles } from './title-writing';
import type { TrainingRecord } from './train-model';

/** How the model writes its prompts. */
export interface TemplateSettings {
  /** Whether the resume's header says the year of birth. */
  readonly birthYear: boolean;
  /**
   * Whether entries say the age and the last jobs, and those who stay answer `the same`; not, where it is missing. Whoever
   * answers with the last title says so too: to stay has the probability of both texts.
   */
  readonly reminders?: boolean;
  /** Titles that are written as something else. */
  readonly titles?: WrittenTitles;
  /** What stands before every prompt. */
  readonly preface?: Preface;
}

/** What a decoder that was not fine-tuned is told before it is asked. */
export interface Preface {
  /** Whether the titles that are allowed are listed. */
  readonly titleList: boolean;
  /** Whole resumes of other persons, of train persons only. */
  readonly resumes: readonly string[];
}

/** An answer as the decoder writes it: a title, or with reminders that somebody stays. */
export interface TitleTokens {
  /** Its tokens, the newline last. */
  readonly ids: readonly number[];
  /** Of each token, given the prompt and those before it; their sum is this text's. */
  readonly logProbabilities: Float64Array;
}

/** Most tokens of a batch of careers, which bounds the memory of scoring. */
const BATCH_TOKENS = 8192;

/** log of the sum of probabilities whose logarithms are given. */
const logOfSum = (logs: Float64Array | readonly number[]): number => {
  const most = Math.max(...logs);
  return most === -Infinity
    ? most
    : most + Math.log(Array.from(logs, (log) => Math.exp(log - most)).reduce((a, b) => a + b));
};

/** What all prompts of a survey have in common. */
interface SurveyText {
  /** [J] the titles as they are written. */
  readonly titles: readonly string[];
  /** [J] tokens of each title, its newline last. */
  readonly answers: readonly (readonly number[])[];
  /** With reminders the tokens of the answer of those who stay. */
  readonly same: readonly number[] | undefined;
  /** Of the answers, `same` behind them where there is one. */
  readonly trie: TitleTrie;
  /** Tokens before every prompt: the document's first, and the preface. */
  readonly before: readonly number[];
}

export class LaborLlm implements OccupationModel {
  readonly #texts = new Map<string, SurveyText>();
  /** What the pass over each survey's preface leaves behind. */
  readonly #prefaces = new Map<string, PrefixCache>();

  constructor(
    readonly name: string,
    readonly decoder: Decoder,
    readonly tokenizer: ResumeTokenizer,
    readonly surveys: readonly DeclaredOccupations[],
    readonly template: TemplateSettings,
    readonly fitted: FittedFacts,
    readonly training: TrainingRecord,
  ) {}

  get #hasPreface(): boolean {
    const { titleList: hasList = false, resumes = [] } = this.template.preface ?? {};
    return hasList || resumes.length > 0;
  }

  /** @throws ModelError where the model was not fitted on the query's survey, or its history has another occupation. */
  #declaredFor(query: Query): DeclaredOccupations {
    return this.surveys[surveyOfQuery(this.surveys, query)] as DeclaredOccupations;
  }

  #textOf({ survey, titles: declared }: DeclaredOccupations): SurveyText {
    let known = this.#texts.get(survey);
    if (known === undefined) {
      const { titles: written = {}, preface, reminders = false } = this.template;
      const titles = declared.map((title) => written[title] ?? title);
      const answers = this.tokenizer.encodeTitles(titles);
      const { endOfText } = this.tokenizer;
      const before = [
        this.tokenizer.beginOfText,
        ...(preface?.resumes ?? []).flatMap((resume) => [...this.tokenizer.encode(resume), endOfText]),
        ...(preface?.titleList ? this.tokenizer.encode(titleList(titles)) : []),
      ];
      const [same] = reminders ? this.tokenizer.encodeTitles([SAME]) : [];
      known = { titles, answers, same, trie: titleTrie(same ? [...answers, same] : answers), before };
      this.#texts.set(survey, known);
    }
    return known;
  }

  /** The text of a query's prompt as tokens, the document's beginning first, and where each entry's title starts. */
  #prompt(query: Query, declared: DeclaredOccupations): { ids: number[]; starts: number[] } {
    const { titles: written, before } = this.#textOf(declared);
    const { ids, titles } = this.tokenizer.encodePrompt(promptParts(query, written, this.template));
    return {
      ids: [...before, ...ids],
      starts: [...titles.map(({ start }) => start + before.length), ids.length + before.length],
    };
  }

  async logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    const result = new Float64Array(queries.length);
    if (this.template.reminders || this.#hasPreface) {
      await this.#inTrees(
        inGroups(queries, occupations),
        queries,
        (index, declared) =>
          titleTrie(this.#answers(queries[index] as Query, occupations[index] as OccupationIndex, declared)),
        (index, { logProbabilities }) => {
          result[index] = logOfSum(logProbabilities);
        },
      );
      return result;
    }
    const sequences = inGroups(queries, occupations).map(({ queries: members, last }): SpannedText => {
      const declared = this.#declaredFor(last);
      const { ids, starts } = this.#prompt(last, declared);
      const answerTo = (query: number): readonly number[] =>
        this.#answers(queries[query] as Query, occupations[query] as OccupationIndex, declared)[0] as readonly number[];
      const spans = members.map((index) => {
        const from = starts[(queries[index] as Query).history.length] as number;
        return { index, from, to: from + answerTo(index).length };
      });
      return { ids: Int32Array.from([...ids, ...answerTo(members[members.length - 1] as number)]), spans };
    });
    const lengths = sequences.map(({ ids }) => ids.length);
    for (const batch of cutByLength(lengths, [...lengths.keys()], BATCH_TOKENS)) {
      const texts = batch.map((index) => sequences[index] as SpannedText);
      addSpanScores(this.decoder, texts, this.tokenizer.endOfText, result);
      await setImmediate();
    }
    return result;
  }

  /**
   * Scores the answers to each query in a tree of their texts; queries of one career share the pass over its longest prompt.
   *
   * @param trieOf the tree of the query at an index
   * @param found  is told the scores of each query's tree
   */
  async #inTrees(
    groups: readonly Group[],
    queries: readonly Query[],
    trieOf: (index: number, declared: DeclaredOccupations) => TitleTrie,
    found: (index: number, scores: TitleScores, declared: DeclaredOccupations) => void,
    bound = 0,
  ): Promise<void> {
    for (const { queries: members, last } of groups) {
      const declared = this.#declaredFor(last);
      const { ids, starts } = this.#prompt(last, declared);
      const places = members.map((index) => ({
        length: starts[(queries[index] as Query).history.length] as number,
        trie: trieOf(index, declared),
      }));
      const cache = this.#pass(ids, declared);
      try {
        const scores = await scoreTitles(this.decoder, cache, places, bound);
        scores.forEach((one, place) => found(members[place] as number, one, declared));
      } finally {
        disposeCache(cache);
      }
    }
  }

  /** The pass over a prompt; a preface, which is before every one, is run for the first. */
  #pass(ids: readonly number[], declared: DeclaredOccupations): PrefixCache {
    if (!this.#hasPreface) return runPrefix(this.decoder, ids);
    const { before } = this.#textOf(declared);
    let preface = this.#prefaces.get(declared.survey);
    if (preface === undefined) {
      preface = runPrefix(this.decoder, before);
      this.#prefaces.set(declared.survey, preface);
    }
    return extendPrefix(this.decoder, preface, ids.slice(before.length));
  }

  /** The tokens of the texts that answer a query with an occupation: with reminders a stay has two, the first is what resumes say. */
  #answers(query: Query, occupation: OccupationIndex, declared: DeclaredOccupations): readonly (readonly number[])[] {
    checkOccupation(declared, occupation);
    const { answers, same } = this.#textOf(declared);
    const title = answers[occupation] as readonly number[];
    return same && query.history.at(-1)?.occupation === occupation ? [same, title] : [title];
  }

  /** How probable each token of some answers is, as resumes have them: one pass over prompt and answer for each. */
  titleTokens(query: Query, occupations: readonly OccupationIndex[]): readonly TitleTokens[] {
    const declared = this.#declaredFor(query);
    const { ids: prompt } = this.#prompt(query, declared);
    return occupations.map((occupation) => {
      const [ids = []] = this.#answers(query, occupation, declared);
      const spans = ids.map((_, index) => ({ index, from: prompt.length + index, to: prompt.length + index + 1 }));
      const logProbabilities = new Float64Array(ids.length);
      const text = { ids: Int32Array.from([...prompt, ...ids]), spans };
      addSpanScores(this.decoder, [text], this.tokenizer.endOfText, logProbabilities);
      return { ids, logProbabilities };
    });
  }

  /** The `count` tokens that most probably come behind a query's prompt, whether or not a title begins so. */
  nextTokens(query: Query, count: number): readonly { readonly id: number; readonly probability: number }[] {
    const { ids } = this.#prompt(query, this.#declaredFor(query));
    const { endOfText } = this.tokenizer;
    const probabilities = tf.tidy(() => {
      const C = this.decoder.config.hidden_size;
      const state = hiddenAt(this.decoder, [{ ids: Int32Array.from(ids), at: [ids.length - 1] }], endOfText);
      return tf.softmax(this.decoder.logits(tf.tensor2d(state, [1, C]))).dataSync();
    });
    return Array.from(probabilities, (probability, id) => ({ id, probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, count);
  }

  /** [queries, C] the decoder's last hidden state at the end of each prompt, row by row. */
  async embeddings(queries: readonly Query[]): Promise<Float32Array> {
    const C = this.decoder.config.hidden_size;
    const result = new Float32Array(queries.length * C);
    const texts = inGroups(queries).map(({ queries: members, last }) => {
      const { ids, starts } = this.#prompt(last, this.#declaredFor(last));
      const ends = members.map((index) => (starts[(queries[index] as Query).history.length] as number) - 1);
      return { ids: Int32Array.from(ids), ends, members };
    });
    const lengths = texts.map(({ ids }) => ids.length);
    for (const batch of cutByLength(lengths, [...lengths.keys()], BATCH_TOKENS)) {
      const own = batch.map((index) => texts[index] as (typeof texts)[number]);
      const states = hiddenAt(
        this.decoder,
        own.map(({ ids, ends }) => ({ ids, at: ends })),
        this.tokenizer.endOfText,
      );
      own
        .flatMap(({ members }) => members)
        .forEach((index, row) => result.set(states.subarray(row * C, (row + 1) * C), index * C));
      await setImmediate();
    }
    return result;
  }

  async distributions(queries: readonly Query[], { bound = 0 }: DistributionOptions = {}): Promise<Distribution[]> {
    const result = new Array<Distribution>(queries.length);
    await this.#inTrees(
      inGroups(queries),
      queries,
      (_, declared) => this.#textOf(declared).trie,
      (index, { logProbabilities: all, leftOut }, declared) => {
        const { answers, same } = this.#textOf(declared);
        const logProbabilities = all.subarray(0, answers.length);
        const last = queries[index]?.history.at(-1)?.occupation;
        if (same && last !== undefined) {
          logProbabilities[last] = logOfSum([logProbabilities[last] as number, all[answers.length] as number]);
        }
        const keptMass = logProbabilities.reduce((sum, logP) => sum + Math.exp(logP), 0);
        result[index] = { logProbabilities, keptMass, leftOut };
      },
      bound,
    );
    return result;
  }

  async save(folder: string): Promise<void> {
    await saveDecoder(folder, this.decoder, this.tokenizer);
    await this.tokenizer.save(folder);
    // last, since a folder with a card is a whole model
    await writeModelCard(folder, this, { template: this.template, training: this.training });
  }

  dispose(): void {
    this.#prefaces.forEach(disposeCache);
    this.#prefaces.clear();
    this.decoder.dispose();
  }
}

/** Reads a folder that `LaborLlm.save` wrote. */
export const loadLaborLlm = async (folder: string): Promise<LaborLlm> => {
  const { name, surveys, fitted, template, training } = await readModelCard(folder);
  await startBackend();
  const [decoder, tokenizer] = [await loadDecoder(folder), await ResumeTokenizer.load(folder)];
  return new LaborLlm(
    name,
    decoder,
    tokenizer,
    surveys,
    template as TemplateSettings,
    fitted,
    training as TrainingRecord,
  );
};
