/** The uniform model: every declared occupation equally likely, 1/J. Its perplexity is J, which nothing should exceed. */
import type { DeclaredOccupations, Survey } from '../careers';
import { pooledOccupations } from './declared';
import type { FitLog, FitOptions } from './fit';
import { fittedFacts, readModelCard, type FittedFacts } from './model-card';
import { ModelError } from './model-error';
import type { Query } from './occupation-model';
import { fitAtOnce, RowModel } from './row-model';
import { settingsFrom } from './settings';
import { trainCareers } from './train-careers';

const NAME = 'uniform';

export class UniformModel extends RowModel {
  readonly name = NAME;
  readonly config = {};
  /** [surveys][J] log 1/J */
  private readonly rows: readonly Float64Array[];

  private constructor(surveys: readonly DeclaredOccupations[], fitted: FittedFacts) {
    super(surveys, fitted);
    this.rows = surveys.map(({ titles }) => new Float64Array(titles.length).fill(-Math.log(titles.length)));
  }

  /** @throws ModelError for settings, of which it has none, or if there is no train person. */
  static fit(surveys: readonly Survey[], options: FitOptions): UniformModel {
    settingsFrom('The uniform model', {}, options.config);
    const declared = pooledOccupations(surveys);
    trainCareers(surveys);
    return new UniformModel(declared, fittedFacts(surveys, options));
  }

  /** @throws ModelError if the folder holds no uniform model. */
  static async load(folder: string): Promise<UniformModel> {
    const { name, surveys, fitted } = await readModelCard(folder);
    if (name !== NAME) throw new ModelError(`${folder} holds no uniform model, but "${name}".`, { folder, name });
    return new UniformModel(surveys, fitted);
  }

  protected override row(_query: Query, survey: number): Float64Array {
    return this.rows[survey] as Float64Array;
  }
}

/** "Fits" the uniform model, which learns nothing but the declared occupations. */
export const fitUniform = (surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, UniformModel> =>
  fitAtOnce(
    () => UniformModel.fit(surveys, options),
    surveys,
    options,
    ({ surveys: declared }) => `1/J for J = ${declared.map(({ titles }) => titles.length).join(', ')}`,
  );
