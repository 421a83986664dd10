/** What models have in common that compute a query's whole distribution at once: counts, regressions. */
import type { DeclaredOccupations, OccupationIndex, Survey } from '../careers';
import { checkOccupation, surveyOfQuery } from './declared';
import { NO_RATES, type FitLog, type FitOptions } from './fit';
import { hasModelCard, readModelCard, writeModelCard, type FittedFacts } from './model-card';
import { meanLoss } from './mean-loss';
import { ModelError } from './model-error';
import type { Distribution, OccupationModel, Query } from './occupation-model';
import { trainCareers, validationCareers } from './train-careers';

/** A model that answers from rows of log-probabilities, all of its mass on the declared occupations. */
export abstract class RowModel implements OccupationModel {
  abstract readonly name: string;
  /** The model's settings, which `model.json` keeps. */
  abstract readonly config: object;

  protected constructor(
    readonly surveys: readonly DeclaredOccupations[],
    readonly fitted: FittedFacts,
  ) {}

  /**
   * [J] log P(b | query). The caller does not write to it, so that rows may be kept.
   *
   * @param survey position of the query's survey in `surveys`
   */
  protected abstract row(query: Query, survey: number): Float64Array;

  async logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    if (queries.length !== occupations.length) {
      throw new ModelError(`${queries.length} queries, but ${occupations.length} occupations: give one for each.`);
    }
    return Float64Array.from(queries, (query, index) => {
      const survey = surveyOfQuery(this.surveys, query);
      const occupation = occupations[index] as OccupationIndex;
      checkOccupation(this.surveys[survey] as DeclaredOccupations, occupation);
      return this.row(query, survey)[occupation] as number;
    });
  }

  async distributions(queries: readonly Query[]): Promise<Distribution[]> {
    return queries.map((query) => ({
      logProbabilities: this.row(query, surveyOfQuery(this.surveys, query)).slice(),
      keptMass: 1,
    }));
  }

  /** Writes the card; a model that keeps more than its settings writes that first and passes it on here. */
  async save(folder: string, rest: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await writeModelCard(folder, this, { config: this.config, ...rest });
  }

  dispose(): void {}
}

/**
 * The form in which all models are fitted, for one that is fitted in a single pass: one log. Saves the model where there
 * is a folder.
 *
 * @param note what was done, for the log
 * @throws ModelError where a folder to be resumed holds a model of other data or settings.
 */
export async function* fitAtOnce<Model extends RowModel>(
  fit: () => Model,
  surveys: readonly Survey[],
  options: FitOptions,
  note: (model: Model) => string,
): AsyncGenerator<FitLog, Model> {
  options.signal?.throwIfAborted();
  const model = fit();
  if (options.folder !== undefined) {
    if (options.resume && (await hasModelCard(options.folder))) {
      await confirmSaved(model, options.folder);
      return model;
    }
    await model.save(options.folder);
  }
  const [train, validation] = await Promise.all([
    meanLoss(model, trainCareers(surveys)),
    meanLoss(model, validationCareers(surveys)),
  ]);
  yield {
    step: 1,
    steps: 1,
    epoch: 1,
    loss: train ?? NaN,
    ...(validation === undefined ? {} : { validationLoss: validation }),
    ...NO_RATES,
    note: note(model),
  };
  return model;
}

/** @throws ModelError unless the folder's model is of this one's data and settings. */
export const confirmSaved = async (
  model: Pick<RowModel, 'name' | 'fitted' | 'config'>,
  folder: string,
): Promise<void> => {
  const saved = await readModelCard(folder);
  const isSame =
    saved.name === model.name &&
    saved.fitted.dataHash === model.fitted.dataHash &&
    JSON.stringify(saved['config']) === JSON.stringify(model.config);
  if (isSame) return;
  throw new ModelError(
    `${folder} holds the model "${saved.name}" of other data or other settings: give another folder, or leave --resume out.`,
    { folder },
  );
};
