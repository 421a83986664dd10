/**
 * LABOR-LLM (Athey, Brunborg, Du, Kanodia and Vafa, arXiv 2406.17972): careers written as resumes, a decoder fitted to
 * them by next-token prediction, and P(next occupation) read off as the product of its probabilities of the title's
 * tokens, the newline that ends it included.
 */
import { setImmediate } from 'node:timers/promises';
import type { DeclaredOccupations, OccupationIndex } from '../careers';
import { disposeCache, loadDecoder, runPrefix, saveDecoder, type Decoder } from '../decoder';
import { promptParts } from '../resumes';
import { logProbabilityOf, startBackend, tf } from '../tensors';
import { ResumeTokenizer, titleTrie, type TitleTrie } from '../tokens';
import { cutByLength, tokenBatch } from '../training';
import { checkOccupation, surveyOfQuery } from './declared';
import { readModelCard, writeModelCard, type FittedFacts } from './model-card';
import type { Distribution, DistributionOptions, OccupationModel, Query } from './occupation-model';
import { inGroups } from './queries';
import { scoreTitles } from './title-scores';

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

/** Most tokens of a batch of careers, which bounds the memory of scoring. */
const BATCH_TOKENS = 8192;

/** A survey's titles as tokens. */
interface TitleTokens {
  /** [J] tokens of each title, its newline last. */
  readonly answers: readonly (readonly number[])[];
  readonly trie: TitleTrie;
}

/** Tokens of a text with its targets: `from` is the title's first token, `to` one behind its newline. */
interface Scored {
  readonly ids: Int32Array;
  readonly asked: readonly { readonly query: number; readonly from: number; readonly to: number }[];
}

export class LaborLlm implements OccupationModel {
  readonly name = 'labor-llm';
  readonly #titles = new Map<string, TitleTokens>();

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

  #titlesOf({ survey, titles }: DeclaredOccupations): TitleTokens {
    let known = this.#titles.get(survey);
    if (known === undefined) {
      const answers = this.tokenizer.encodeTitles(titles);
      known = { answers, trie: titleTrie(answers) };
      this.#titles.set(survey, known);
    }
    return known;
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
      const { answers } = this.#titlesOf(declared);
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
    for (const batch of cutByLength(lengths, [...lengths.keys()], BATCH_TOKENS)) {
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

  async distributions(queries: readonly Query[], { bound = 0 }: DistributionOptions = {}): Promise<Distribution[]> {
    const result = new Array<Distribution>(queries.length);
    for (const { queries: members, last } of inGroups(queries)) {
      const declared = this.#declaredFor(last);
      const { trie } = this.#titlesOf(declared);
      const { ids, starts } = this.#prompt(last, declared);
      const cache = runPrefix(this.decoder, ids);
      try {
        const lengths = members.map((query) => starts[(queries[query] as Query).history.length] as number);
        const scores = await scoreTitles(this.decoder, cache, lengths, trie, bound);
        scores.forEach(({ logProbabilities, leftOut }, index) => {
          const keptMass = logProbabilities.reduce((sum, logP) => sum + Math.exp(logP), 0);
          result[members[index] as number] = { logProbabilities, keptMass, leftOut };
        });
      } finally {
        disposeCache(cache);
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
