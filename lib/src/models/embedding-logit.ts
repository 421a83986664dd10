/**
 * Embeddings and a multinomial logit: the decoder's last hidden state at a prompt's end, off the shelf or fine-tuned, as
 * the features of a logit over the declared occupations (LABOR-LLM's embedding approach). The decoder is not changed.
 */
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Career, DeclaredOccupations, OccupationIndex, Survey } from '../careers';
import { loadDecoder, saveDecoder } from '../decoder';
import { readSafetensors, startBackend, writeSafetensors, type NamedArray } from '../tensors';
import { ResumeTokenizer } from '../tokens';
import { checkOccupation, pooledOccupations, surveyOfQuery } from './declared';
import { NO_RATES, type FitLog, type FitOptions } from './fit';
import { fitDenseLogit } from './fit-dense-logit';
import { templateOfBase, weightsHash } from './fit-labor-llm';
import { LaborLlm, type TemplateSettings } from './labor-llm';
import { Logit } from './logit';
import { meanLoss } from './mean-loss';
import { fittedFacts, hasModelCard, readModelCard, writeModelCard, type FittedFacts } from './model-card';
import { ModelError } from './model-error';
import type { Distribution, OccupationModel, Query } from './occupation-model';
import { queriesOf } from './queries';
import { settingsFrom } from './settings';
import { trainCareersBySurvey, validationCareers } from './train-careers';

const NAME = 'embedding-logit';
const LOGITS_FILE = 'logits.safetensors';

const embeddingLogitDefaults = {
  /** Penalty on the squared coefficients of standardised embeddings, intercepts left out: scikit-learn's 1 / C. */
  ridge: 10,
  /** Norm of the gradient of the mean loss that each logit is fitted to. */
  tolerance: 1e-4,
  maxIterations: 500,
};

/** A survey's logit, and what its embeddings are standardised by. */
interface SurveyLogit {
  readonly logit: Logit;
  /** [C] */
  readonly means: Float32Array;
  /** [C] */
  readonly deviations: Float32Array;
}

export class EmbeddingLogit implements OccupationModel {
  readonly name = NAME;

  constructor(
    /** The decoder with its prompts; its own answers are not used. */
    readonly text: LaborLlm,
    readonly fitted: FittedFacts,
    readonly config: typeof embeddingLogitDefaults,
    private readonly logits: readonly SurveyLogit[],
  ) {}

  get surveys(): readonly DeclaredOccupations[] {
    return this.text.surveys;
  }

  async logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    const rows = await this.#rows(queries);
    return Float64Array.from(rows, (row, index) => {
      const occupation = occupations[index] as OccupationIndex;
      checkOccupation(
        this.surveys[surveyOfQuery(this.surveys, queries[index] as Query)] as DeclaredOccupations,
        occupation,
      );
      return row[occupation] as number;
    });
  }

  async distributions(queries: readonly Query[]): Promise<Distribution[]> {
    return (await this.#rows(queries)).map((logProbabilities) => ({ logProbabilities, keptMass: 1 }));
  }

  /** [queries][J] log-probabilities */
  async #rows(queries: readonly Query[]): Promise<Float64Array[]> {
    const embeddings = await this.text.embeddings(queries);
    const features = Array.from({ length: this.text.decoder.config.hidden_size }, (_, c) => c);
    return queries.map((query, index) => {
      const { logit, means, deviations } = this.logits[surveyOfQuery(this.surveys, query)] as SurveyLogit;
      const C = means.length;
      const values = standardised(embeddings.subarray(index * C, (index + 1) * C), means, deviations);
      return logit.logProbabilities([{ features, values: [...values] }]);
    });
  }

  async save(folder: string): Promise<void> {
    const { decoder, tokenizer, template } = this.text;
    await saveDecoder(folder, decoder, tokenizer);
    await tokenizer.save(folder);
    const arrays = this.logits.flatMap(({ logit, means, deviations }, survey): NamedArray[] => [
      { name: `${survey}.weights`, shape: [logit.weights.length], data: logit.weights },
      { name: `${survey}.means`, shape: [means.length], data: means },
      { name: `${survey}.deviations`, shape: [deviations.length], data: deviations },
    ]);
    await writeSafetensors(path.join(folder, LOGITS_FILE), arrays);
    const counts = this.logits.map(({ logit }) => [...logit.counts]);
    await writeModelCard(folder, this, { template, config: this.config, counts });
  }

  dispose(): void {
    this.text.dispose();
  }
}

const standardised = (x: Float32Array, means: Float32Array, deviations: Float32Array): Float32Array =>
  x.map((value, c) => (value - (means[c] as number)) / (deviations[c] as number));

/** [C] means and standard deviations of N rows; 1 where a column does not vary. */
const momentsOf = (rows: Float32Array, C: number) => {
  const N = rows.length / C;
  const sums = new Float64Array(C);
  const squares = new Float64Array(C);
  rows.forEach((value, index) => {
    const c = index % C;
    sums[c] = (sums[c] as number) + value;
    squares[c] = (squares[c] as number) + value * value;
  });
  const means = Float32Array.from(sums, (sum) => sum / N);
  const deviations = Float32Array.from(squares, (square, c) => {
    const variance = square / N - (means[c] as number) ** 2;
    return variance > 1e-10 ? Math.sqrt(variance) : 1;
  });
  return { means, deviations };
};

/** A decoder asked for embeddings only: its record of training is not this model's. */
const textOf = async (
  folder: string,
  surveys: readonly DeclaredOccupations[],
  template: TemplateSettings,
  fitted: FittedFacts,
): Promise<LaborLlm> => {
  const [decoder, tokenizer] = [await loadDecoder(folder), await ResumeTokenizer.load(folder)];
  const { size: parameters } = decoder.parameters;
  const training = { settings: {}, parameters, steps: 0, losses: [], validation: [], best: undefined };
  return new LaborLlm(NAME, decoder, tokenizer, surveys, template, fitted, training);
};

/**
 * Fits the logits on the embeddings of the train persons' observations, to their optimum. A fit that was stopped begins
 * anew.
 *
 * @throws ModelError without a base, for a setting that it does not know, or without train persons
 */
export async function* fitEmbeddingLogit(
  surveys: readonly Survey[],
  options: FitOptions,
): AsyncGenerator<FitLog, EmbeddingLogit> {
  const { base, folder, resume, signal } = options;
  if (folder !== undefined && resume && (await hasModelCard(folder))) return loadEmbeddingLogit(folder);
  const config = settingsFrom('The embedding logit', embeddingLogitDefaults, options.config);
  if (base === undefined) {
    throw new ModelError('The embedding logit takes its embeddings from a base: name one with --base DIR.', {
      name: NAME,
    });
  }
  const declared = pooledOccupations(surveys);
  const careers = trainCareersBySurvey(surveys, declared);
  const backend = await startBackend();
  const facts = { ...fittedFacts(surveys, options, backend.name), base: await weightsHash(base) };
  const text = await textOf(base, declared, await templateOfBase(base), facts);
  try {
    const C = text.decoder.config.hidden_size;
    const logits: SurveyLogit[] = [];
    let step = 0;
    const log = (loss: number, note?: string): FitLog => ({
      ...{ step, steps: declared.length * config.maxIterations, epoch: step, loss },
      ...NO_RATES,
      ...(note && { note }),
    });
    let loss = NaN;
    for (const [index, { survey, titles }] of declared.entries()) {
      const own = careers[index] as readonly Career[];
      const rows = await text.embeddings(own.flatMap(queriesOf));
      const { means, deviations } = momentsOf(rows, C);
      for (let at = 0; at < rows.length; at += C) {
        rows.set(standardised(rows.subarray(at, at + C), means, deviations), at);
      }
      const targets = own.flatMap(({ observations }) => observations.map(({ occupation }) => occupation));
      const fitting = fitDenseLogit({ rows, features: C, targets, outcomes: titles.length }, config);
      const before = step;
      for (;;) {
        const item = fitting.next();
        if (item.done === true) {
          logits.push({ logit: item.value, means, deviations });
          break;
        }
        const { iteration, value, gradientNorm } = item.value;
        step = before + iteration;
        loss = value;
        if (iteration > 0) yield log(value, `${survey}: gradient norm ${gradientNorm.toExponential(1)}`);
        await setImmediate();
        signal?.throwIfAborted();
      }
    }
    const model = new EmbeddingLogit(text, facts, config, logits);
    const validation = await meanLoss(model, validationCareers(surveys));
    if (folder !== undefined) await model.save(folder);
    yield { ...log(loss), ...(validation === undefined ? {} : { validationLoss: validation }) };
    return model;
  } catch (error) {
    text.dispose();
    throw error;
  }
}

/** Reads a folder that `EmbeddingLogit.save` wrote. */
export const loadEmbeddingLogit = async (folder: string): Promise<EmbeddingLogit> => {
  const { surveys, fitted, template, config, counts } = await readModelCard(folder);
  await startBackend();
  const text = await textOf(folder, surveys, template as TemplateSettings, fitted);
  const { arrays } = await readSafetensors(path.join(folder, LOGITS_FILE));
  const byName = new Map(arrays.map((array) => [array.name, array.data]));
  const logits = surveys.map((_, survey): SurveyLogit => {
    const read = (name: string): Float32Array => byName.get(`${survey}.${name}`) as Float32Array;
    const logit = new Logit(Float64Array.from((counts as number[][])[survey] as number[]), read('weights'));
    return { logit, means: read('means'), deviations: read('deviations') };
  });
  return new EmbeddingLogit(text, fitted, config as typeof embeddingLogitDefaults, logits);
};
