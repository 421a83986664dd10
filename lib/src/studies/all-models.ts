/**
 * Every model of the registry fitted on the same persons, scored on the same observations: the table on which the paper's
 * claim, a comparison, stands or falls.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Career, Survey } from '../careers';
import { comparePerplexities, type Comparisons, type Estimate, type Report } from '../evaluation';
import { modelNames, readModelCard } from '../models';
import { heldOut } from './introduction';
import { paperOrder, type OrderFinding } from './paper-order';
import { fitOn, type FitOnOptions } from './fit-on';
import {
  evaluateStored,
  observationGroups,
  scoredAgain,
  type ObservationGroup,
  type ScoredAgain,
} from './stored-evaluation';
import { StudyError } from './study-error';

export interface AllModelsOptions extends FitOnOptions {
  /** By name; by default those of the registry. */
  readonly models?: readonly string[];
  /** Whole distributions, for AUC and accuracy; by default yes. */
  readonly distributions?: boolean;
  /** Held-out persons whose whole distributions are asked for; by default all. Perplexities are of all persons. */
  readonly distributionPersons?: number;
  /** Most held-out persons that are scored, the first ones; by default all. */
  readonly persons?: number;
}

/** A model's row. What could not be had is null, and `reason` says why. */
export interface ModelRow {
  readonly model: string;
  /** Why there is nothing else in the row; null where there is. */
  readonly reason: string | null;
  readonly report: Report | null;
  /** Perplexity minus that of the reference model, paired. */
  readonly difference: Estimate | null;
  /** The same within groups of observations: transitions, and education in the year itself. */
  readonly groups: readonly GroupRow[];
  readonly parameters: number | null;
  /** Steps of the fit; null for models that are not fitted in steps, or where older code has not kept it. */
  readonly updates: number | null;
  /** Wall clock of the fit. */
  readonly fitSeconds: number | null;
  /** Observations a second when only the probability of what came is asked for. */
  readonly scoredPerSecond: number | null;
  /** Observations a second when the probabilities of all occupations are. */
  readonly distributionsPerSecond: number | null;
}

/** A model's perplexity on a part of the observations. */
export interface GroupRow extends ObservationGroup {
  readonly perplexity: Estimate;
  /** Less that of the reference model on the same observations, paired. */
  readonly difference: Estimate | null;
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
  readonly row: Omit<ModelRow, 'difference' | 'groups'>;
  readonly scored: readonly ScoredAgain[];
}

const EMBEDDING = 'embedding-logit';

/** Embeddings are of LABOR-LLM's decoder as it is after fine-tuning, where it is compared too and no other base is named. */
const ofFineTuned = async (survey: Survey, options: AllModelsOptions): Promise<AllModelsOptions> => {
  const { fits, bases, models = modelNames } = options;
  const named = fits?.[EMBEDDING]?.base ?? bases?.[EMBEDDING];
  if (named !== undefined || !models.includes(REFERENCE)) return options;
  const { model, folder } = await fitOn(REFERENCE, survey, options);
  model.dispose();
  return { ...options, fits: { ...fits, [EMBEDDING]: { ...fits?.[EMBEDDING], base: folder } } };
};

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
  const { split, careers: all } = heldOut(survey);
  const careers = all.slice(0, options.persons);
  const outcomes: Contender[] = [];
  for (const name of names) {
    try {
      const told = name === EMBEDDING ? await ofFineTuned(survey, options) : options;
      outcomes.push(await fitAndScore(name, survey, split, careers, told));
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
  const { seed, signal, onProgress, distributions = true, distributionPersons } = options;
  const { model, folder, seconds } = await fitOn(name, survey, options);
  try {
    const evaluation = await evaluateStored(model, folder, careers, {
      split,
      seed,
      distributions,
      ...(distributionPersons === undefined ? {} : { distributionPersons }),
      signal,
      onProgress: ({ done, total }) => onProgress?.(name, `scored ${done} of ${total} persons`, done / total),
    });
    const { report, scoredPerSecond, distributionsPerSecond } = evaluation;
    const row = { model: name, reason: null, report, ...(await sizeIn(folder)), fitSeconds: seconds };
    return { row: { ...row, scoredPerSecond, distributionsPerSecond }, scored: scoredAgain(careers, evaluation) };
  } finally {
    model.dispose();
  }
};

/** Parameters of the model in the folder, by its card, else by the weights that it keeps; null for models that count and share. */
export const parametersIn = async (folder: string): Promise<number | null> => (await sizeIn(folder)).parameters;

/** The same, and in how many steps it was fitted; null where it was not fitted in steps. */
const sizeIn = async (folder: string): Promise<Pick<ModelRow, 'parameters' | 'updates'>> => {
  const { training } = await readModelCard(folder);
  const { parameters, steps } = (training ?? {}) as { readonly parameters?: unknown; readonly steps?: unknown };
  return {
    parameters: typeof parameters === 'number' ? parameters : await weightsIn(folder),
    updates: typeof steps === 'number' && steps > 0 ? steps : null,
  };
};

const weightsIn = async (folder: string): Promise<number | null> => {
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
  updates: null,
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
  const toReference = (of: Comparisons['difference'], number: number): Estimate | null =>
    reference < 0 || number === reference ? null : of(number, reference);
  const groups = observationGroups(scored[0]?.scored ?? [], ['transition', 'education']).map(({ isIn, ...group }) => {
    const inGroup = scored.map((outcome) => outcome.scored.filter(isIn));
    return { ...group, comparisons: comparePerplexities(inGroup, { seed }) };
  });
  const rows = scored.map(({ row }, number): ModelRow => ({
    ...row,
    difference: toReference(difference, number),
    groups: groups.map(({ comparisons, ...group }) => ({
      ...group,
      perplexity: comparisons.models[number] as Estimate,
      difference: toReference(comparisons.difference, number),
    })),
  }));
  const isOracle = ({ model }: ModelRow): boolean => model === ORACLE;
  const missing = outcomes
    .filter(({ row }) => row.report === null)
    .map(({ row }): ModelRow => ({ ...row, difference: null, groups: [] }));
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
