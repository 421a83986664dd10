/**
 * Education lagged one observation: what a model of the same kind says if it knows, of the year that it predicts and of
 * every year before, only the education of the observation before it (none for the first). Fitted on surveys told so, it
 * is asked questions told so.
 */
import type { Career, OccupationIndex, Observation, Survey } from '../careers';
import type { DistributionOptions, OccupationModel, Query } from './occupation-model';

/** When a model learns of an education: in its own year, as the paper has it, or one observation later. */
export type EducationTiming = 'now' | 'lagged';

const lagged = (observations: readonly Observation[]): readonly Observation[] =>
  observations.map((observation, index) => ({ ...observation, education: observations[index - 1]?.education }));

/** The survey as models see it who learn of an education one observation later. */
export const withLaggedEducation = (survey: Survey): Survey => ({
  ...survey,
  careers: survey.careers.map((career): Career => ({ ...career, observations: lagged(career.observations) })),
});

/**
 * The queries as such models are asked them. An observation that several histories share stays one object, so that queries
 * of one career are still answered in one pass.
 */
const laggedQueries = (queries: readonly Query[]): readonly Query[] => {
  const known = new Map<Observation, Observation>();
  const lag = (observation: Observation, before: Observation | undefined): Observation => {
    let own = known.get(observation);
    if (own === undefined || own.education !== before?.education) {
      own = { ...observation, education: before?.education };
      known.set(observation, own);
    }
    return own;
  };
  return queries.map((query) => ({
    ...query,
    history: query.history.map((observation, index) => lag(observation, query.history[index - 1])),
    education: query.history.at(-1)?.education,
  }));
};

/** A model that was fitted on lagged education, asked as it was fitted. */
export class LaggedEducation implements OccupationModel {
  constructor(readonly model: OccupationModel) {}

  get name(): string {
    return this.model.name;
  }

  get surveys(): OccupationModel['surveys'] {
    return this.model.surveys;
  }

  logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    return this.model.logProbabilities(laggedQueries(queries), occupations);
  }

  distributions(queries: readonly Query[], options?: DistributionOptions) {
    return this.model.distributions(laggedQueries(queries), options);
  }

  save(folder: string): Promise<void> {
    return this.model.save(folder);
  }

  dispose(): void {
    this.model.dispose();
  }
}
