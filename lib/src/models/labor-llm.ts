/**
 * LABOR-LLM (Athey, Brunborg, Du, Kanodia and Vafa, arXiv 2406.17972): careers written as resumes, a decoder fitted to
 * them by next-token prediction, and P(next occupation) read off as the product of its probabilities of the title's
 * tokens, the newline that ends it included.
 */
import { setImmediate } from 'node:timers/promises';
import type { DeclaredOccupations, OccupationIndex } from '../careers';
import {
  disposeCache,
  loadDecoder,
  runContinuations,
  runPrefix,
  saveDecoder,
  type Decoder,
  type PrefixCache,
} from '../decoder';
import { promptParts } from '../resumes';
import { logProbabilityOf, startBackend, tf } from '../tensors';
import { ResumeTokenizer } from '../tokens';
import { cutByLength, tokenBatch } from '../training';
import { checkOccupation, surveyOfQuery } from './declared';
import { readModelCard, writeModelCard, type FittedFacts } from './model-card';
import type { Distribution, OccupationModel, Query } from './occupation-model';

/** How the model writes its prompts. */
export interface TemplateSettings {
  /** Whether the resume's header says the year of birth. */
  readonly birthYear: boolean;
}

/** What a fit says of itself. */
export interface TrainingRecord {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly parameters: number;
  readonly steps: number;
  /** [steps] */
  readonly losses: readonly number[];
  /** Mean negative log-probability of the validation persons' observations. */
  readonly validation: readonly { readonly step: number; readonly loss: number }[];
  readonly best: { readonly step: number; readonly loss: number } | undefined;
}

/** Tokens of a block of continuations, which bounds the memory of scoring. */
const BLOCK_TOKENS = 8192;

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
    readonly template: TemplateSettings,
    readonly fitted: FittedFacts,
    readonly training: TrainingRecord,
  ) {}

  /** @throws ModelError where the model was not fitted on the query's survey, or its history has another occupation. */
  #declaredFor(query: Query): DeclaredOccupations {
    return this.surveys[surveyOfQuery(this.surveys, query)] as DeclaredOccupations;
  }

  /** Tokens of each declared title, its newline last. */
  #answersOf({ survey, titles }: DeclaredOccupations): readonly (readonly number[])[] {
    let answers = this.#titleTokens.get(survey);
    if (answers === undefined) {
      answers = this.tokenizer.encodeTitles(titles);
      this.#titleTokens.set(survey, answers);
    }
    return answers;
  }

  /** The text of a query's prompt as tokens, the document's beginning first, and where each entry's title starts. */
  #prompt(query: Query, { titles: declared }: DeclaredOccupations): { ids: number[]; starts: number[] } {
    const { ids, titles } = this.tokenizer.encodePrompt(promptParts(query, declared, this.template));
    return {
      ids: [this.tokenizer.endOfText, ...ids],
      starts: [...titles.map(({ start }) => start + 1), ids.length + 1],
    };
  }

  async logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    const sequences = inGroups(queries, occupations).map(({ queries: members, last }): Scored => {
      const declared = this.#declaredFor(last);
      const answers = this.#answersOf(declared);
      const { ids, starts } = this.#prompt(last, declared);
      const answerTo = (query: number): readonly number[] => {
        const occupation = occupations[query] as OccupationIndex;
        checkOccupation(declared, occupation);
        return answers[occupation] as readonly number[];
      };
      const asked = members.map((query) => {
        const from = starts[(queries[query] as Query).history.length] as number;
        return { query, from, to: from + answerTo(query).length };
      });
      return { ids: Int32Array.from([...ids, ...answerTo(members[members.length - 1] as number)]), asked };
    });
    const result = new Float64Array(queries.length);
    const lengths = sequences.map(({ ids }) => ids.length);
    for (const batch of cutByLength(lengths, [...lengths.keys()], BLOCK_TOKENS)) {
      this.#scoreTitles(
        batch.map((index) => sequences[index] as Scored),
        result,
      );
      await setImmediate();
    }
    return result;
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
      const hidden = this.decoder.hidden(tf.tensor1d(inputs, 'int32'), B, T);
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
      const declared = this.#declaredFor(last);
      const answers = this.#answersOf(declared);
      const { ids, starts } = this.#prompt(last, declared);
      const cache = runPrefix(this.decoder, ids);
      try {
        for (const query of members) {
          const length = starts[(queries[query] as Query).history.length] as number;
          const logProbabilities = this.#scoreAll(cache, length, answers);
          const keptMass = logProbabilities.reduce((sum, logP) => sum + Math.exp(logP), 0);
          result[query] = { logProbabilities, keptMass };
          await setImmediate();
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
    // last, since a folder with a card is a whole model
    await writeModelCard(folder, this, { template: this.template, training: this.training });
  }

  dispose(): void {
    this.decoder.dispose();
  }
}

/** Reads a folder that `LaborLlm.save` wrote. */
export const loadLaborLlm = async (folder: string): Promise<LaborLlm> => {
  const { surveys, fitted, template, training } = await readModelCard(folder);
  await startBackend();
  const [decoder, tokenizer] = [await loadDecoder(folder), await ResumeTokenizer.load(folder)];
  return new LaborLlm(decoder, tokenizer, surveys, template as TemplateSettings, fitted, training as TrainingRecord);
};
