/**
 * The marginal model: the share of each occupation among the train persons' observations, smoothed, whatever the history.
 *
 *     u(b) = (n(b) + 0.5) / (N + 0.5 J)     over all N observations, first ones included
 */
import type { DeclaredOccupations, Survey } from '../careers';
import { pooledOccupations } from './declared';
import type { FitLog, FitOptions } from './fit';
import { fittedFacts, readModelCard, type FittedFacts } from './model-card';
import { ModelError } from './model-error';
import type { Query } from './occupation-model';
import { fitAtOnce, RowModel } from './row-model';
import { settingsFrom } from './settings';
import { trainCareersBySurvey } from './train-careers';

const NAME = 'marginal';

/** Added to each count, so that an occupation that nobody was seen in is possible. */
const HALF = 0.5;

/** [J] u(b) of these counts. */
export const smoothedShares = (counts: Float64Array): Float64Array => {
  const total = counts.reduce((sum, count) => sum + count, HALF * counts.length);
  return counts.map((count) => (count + HALF) / total);
};

export class MarginalModel extends RowModel {
  readonly name = NAME;
  readonly config = {};
  /** [surveys][J] log u(b) */
  private readonly rows: readonly Float64Array[];

  private constructor(
    surveys: readonly DeclaredOccupations[],
    fitted: FittedFacts,
    /** [surveys][J] n(b) */
    private readonly counts: readonly Float64Array[],
  ) {
    super(surveys, fitted);
    this.rows = counts.map((own) => smoothedShares(own).map(Math.log));
  }

  /** @throws ModelError for settings, of which it has none, or if there is no train person. */
  static fit(surveys: readonly Survey[], options: FitOptions): MarginalModel {
    settingsFrom('The marginal model', {}, options.config);
    const declared = pooledOccupations(surveys);
    const careers = trainCareersBySurvey(surveys, declared);
    const counts = declared.map(({ titles }, survey) => {
      const own = new Float64Array(titles.length);
      for (const { observations } of careers[survey] ?? []) {
        for (const { occupation } of observations) own[occupation] = (own[occupation] as number) + 1;
      }
      return own;
    });
    return new MarginalModel(declared, fittedFacts(surveys, options), counts);
  }

  /** @throws ModelError if the folder holds no marginal model. */
  static async load(folder: string): Promise<MarginalModel> {
    const { name, surveys, fitted, counts } = await readModelCard(folder);
    if (name !== NAME || !Array.isArray(counts) || counts.length !== surveys.length) {
      throw new ModelError(`${folder} holds no marginal model that can be read, but "${name}": fit it again.`, {
        folder,
        name,
      });
    }
    return new MarginalModel(
      surveys,
      fitted,
      counts.map((own: number[]) => Float64Array.from(own)),
    );
  }

  protected override row(_query: Query, survey: number): Float64Array {
    return this.rows[survey] as Float64Array;
  }

  override save(folder: string): Promise<void> {
    return super.save(folder, { counts: this.counts.map((own) => [...own]) });
  }
}

/** Fits the marginal model: one pass, one log. */
export const fitMarginal = (surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, MarginalModel> =>
  fitAtOnce(
    () => MarginalModel.fit(surveys, options),
    surveys,
    options,
    ({ fitted: { observations, persons } }) => `counted ${observations} observations of ${persons} train persons`,
  );
