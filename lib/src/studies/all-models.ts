/**
 * Every model of the registry fitted on the same persons, scored on the same observations: the table on which the paper's
 * claim, a comparison, stands or falls.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Career, Survey } from '../careers';
import { comparePerplexities, type Estimate, type Report } from '../evaluation';
import { defaultBase, modelNames, readModelCard, type EducationTiming } from '../models';
import { heldOut } from './introduction';
import { paperOrder, type OrderFinding } from './paper-order';
import { fitStored, type Stored } from './store';
import { evaluateStored, scoredAgain } from './stored-evaluation';
import { StudyError } from './study-error';

export interface AllModelsOptions {
  /** By name; by default those of the registry. */
  readonly models?: readonly string[];
  /** Wall clock for each fit; by default as long as each model's own settings say. */
  readonly minutes?: number;
  readonly steps?: number;
  readonly seed: number;
  /** Settings of a model, by its name. */
  readonly configs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The folder of a model to begin from, or 'none', by the name of the model that does; by default `defaultBase`. */
  readonly bases?: Readonly<Record<string, string>>;
  /** When all models learn of an education; by default in its own year. */
  readonly education?: EducationTiming;
  /** Whole distributions, for AUC and accuracy; by default yes. */
  readonly distributions?: boolean;
  /** Where fitted models are kept; by default `storeFolder()`. */
  readonly store?: string;
  readonly signal?: AbortSignal;
  /** Told what is being done: a fit's step, how many persons are scored. */
  readonly onProgress?: (model: string, doing: string) => void;
}

/** A model's row. What could not be had is null, and `reason` says why. */
export interface ModelRow {
  readonly model: string;
  /** Why there is nothing else in the row; null where there is. */
  readonly reason: string | null;
  readonly report: Report | null;
  /** Perplexity minus that of the reference model, paired. */
  readonly difference: Estimate | null;
  readonly parameters: number | null;
  /** Wall clock of the fit. */
  readonly fitSeconds: number | null;
  /** Observations a second when only the probability of what came is asked for. */
  readonly scoredPerSecond: number | null;
  /** Observations a second when the probabilities of all occupations are. */
  readonly distributionsPerSecond: number | null;
}

export interface AllModels {
  readonly split: string;
  readonly persons: number;
  readonly observations: number;
  /** The model that differences are to: LABOR-LLM, or the best where it is not there; null where no model is. */
  readonly reference: string | null;
  /** By perplexity, the lowest first; the oracle of a synthetic market, which no model is expected to pass, closes it. */
  readonly rows: readonly ModelRow[];
  /** The paper's order beside the one found, pair by pair. */
  readonly order: readonly OrderFinding[];
}

/** The true distribution of a synthetic market: no model, but what models are measured by. */
const ORACLE = 'oracle';
const REFERENCE = 'labor-llm';

/** What is remembered of a model, so that the next one can take its place in memory. */
interface Contender {
  readonly row: Omit<ModelRow, 'difference'>;
  readonly scored: ReturnType<typeof scoredAgain>;
}

/**
 * Fits and scores the models one after another. A model that cannot be had on this survey is a row that says why.
 *
 * @throws StudyError for a name that is no model's, or a survey without held-out persons; the signal's reason if aborted
 */
export const allModels = async (survey: Survey, options: AllModelsOptions): Promise<AllModels> => {
  const names = options.models ?? modelNames;
  const unknown = [...names, ...Object.keys(options.bases ?? {})].find(
    (name) => !(modelNames as readonly string[]).includes(name),
  );
  if (unknown !== undefined) {
    throw new StudyError(`There is no model "${unknown}". There are: ${modelNames.join(', ')}.`, { unknown });
  }
  const { split, careers } = heldOut(survey);
  const outcomes: Contender[] = [];
  for (const name of names) {
    try {
      outcomes.push(await fitAndScore(name, survey, split, careers, options));
    } catch (error) {
      if (options.signal?.aborted) throw error;
      outcomes.push({ row: withoutResult(name, error), scored: [] });
    }
  }
  return summary(outcomes, split, careers, options.seed);
};

const fitAndScore = async (
  name: string,
  survey: Survey,
  split: string,
  careers: readonly Career[],
  options: AllModelsOptions,
): Promise<Contender> => {
  const { seed, signal, onProgress, distributions = true } = options;
  const { model, folder, seconds } = await fitted(name, survey, options);
  try {
    const evaluation = await evaluateStored(model, folder, careers, {
      split,
      seed,
      distributions,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ done, total }) => onProgress?.(name, `scored ${done} of ${total} persons`),
    });
    const { report, scoredPerSecond, distributionsPerSecond } = evaluation;
    const parameters = await parametersIn(folder);
    const row = { model: name, reason: null, report, parameters, fitSeconds: seconds };
    return { row: { ...row, scoredPerSecond, distributionsPerSecond }, scored: scoredAgain(careers, evaluation) };
  } finally {
    model.dispose();
  }
};

const fitted = async (
  name: string,
  survey: Survey,
  { minutes, steps, seed, configs, bases, education, store, signal, onProgress }: AllModelsOptions,
): Promise<Stored> => {
  const config = configs?.[name];
  const named = bases?.[name];
  const base = named === 'none' ? undefined : (named ?? (await defaultBase(name, config)));
  const fit = fitStored(
    name,
    [survey],
    {
      seed,
      ...(minutes === undefined ? {} : { minutes }),
      ...(steps === undefined ? {} : { steps }),
      ...(config === undefined ? {} : { config }),
      ...(base === undefined ? {} : { base }),
      ...(education === undefined ? {} : { education }),
      ...(signal === undefined ? {} : { signal }),
    },
    store,
  );
  for (;;) {
    const item = await fit.next();
    if (item.done === true) return item.value;
    const { step, steps: all, loss } = item.value;
    onProgress?.(name, `fit: step ${step} of ${all}, loss ${loss.toFixed(3)}`);
  }
};

/** What the model's card says of its size, else how many weights it keeps; null for models that count and share. */
const parametersIn = async (folder: string): Promise<number | null> => {
  const { training } = await readModelCard(folder);
  const count = (training as { readonly parameters?: unknown } | undefined)?.parameters;
  if (typeof count === 'number') return count;
  const files = (await readdir(folder)).filter((file) => file.endsWith('.safetensors'));
  if (files.length === 0) return null;
  const { readSafetensors } = await import('../tensors/index.js');
  let size = 0;
  for (const file of files) {
    const { arrays } = await readSafetensors(join(folder, file));
    size += arrays.reduce((sum, { data }) => sum + data.length, 0);
  }
  return size;
};

const withoutResult = (model: string, error: unknown): Contender['row'] => ({
  model,
  reason: error instanceof Error ? error.message : String(error),
  report: null,
  parameters: null,
  fitSeconds: null,
  scoredPerSecond: null,
  distributionsPerSecond: null,
});

const summary = (
  outcomes: readonly Contender[],
  split: string,
  careers: readonly Career[],
  seed: number,
): AllModels => {
  const perplexityOf = ({ row }: Contender): number => row.report?.perplexity ?? Infinity;
  const scored = outcomes.filter(({ row }) => row.report !== null).sort((a, b) => perplexityOf(a) - perplexityOf(b));
  const { difference } = comparePerplexities(
    scored.map((outcome) => outcome.scored),
    { seed },
  );
  const numberOf = (name: string): number => scored.findIndex(({ row }) => row.model === name);
  const best = scored.findIndex(({ row }) => row.model !== ORACLE);
  const reference = numberOf(REFERENCE) >= 0 ? numberOf(REFERENCE) : best;
  const rows = scored.map(({ row }, number): ModelRow => ({
    ...row,
    difference: reference < 0 || number === reference ? null : difference(number, reference),
  }));
  const isOracle = ({ model }: ModelRow): boolean => model === ORACLE;
  const missing = outcomes
    .filter(({ row }) => row.report === null)
    .map(({ row }): ModelRow => ({ ...row, difference: null }));
  return {
    split,
    persons: careers.length,
    observations: careers.reduce((sum, { observations }) => sum + observations.length, 0),
    reference: scored[reference]?.row.model ?? null,
    rows: [...rows.filter((row) => !isOracle(row)), ...missing, ...rows.filter(isOracle)],
    order: paperOrder((lower, higher) => {
      const [first, second] = [numberOf(lower), numberOf(higher)];
      return first < 0 || second < 0 ? undefined : difference(first, second);
    }),
  };
};
