/**
 * The one interface that matters: a model of the next occupation answers queries. All of evaluation/ works from the
 * answers alone, so that any model, one behind HTTP included, can stand in any table.
 */
import type { Covariates, DeclaredOccupations, Observation, OccupationIndex } from '../careers';

/**
 * "This person has this history; in this year, with this education, which occupation?" A hypothetical history, a year
 * further ahead and a prediction of the future are queries as much as an observed year is. `history` is sorted by year
 * and holds nothing from `year` or later: what is not in a query, no model can see.
 */
export interface Query {
  readonly covariates: Covariates;
  readonly history: readonly Observation[];
  readonly year: number;
  readonly education: string | undefined;
}

/** The answer to a query for the whole distribution over the declared occupations of the query's survey. */
export interface Distribution {
  /** [J] log P(occupation), in the order of the declared titles; not renormalised. */
  readonly logProbabilities: Float64Array;
  /** Mass on declared occupations, below 1 for a model that can put mass elsewhere (a language model). */
  readonly keptMass: number;
  /** Mass that was not followed to its titles, where a bound was set; on which titles it lies is not known. */
  readonly leftOut?: number;
}

/** How distributions are computed. */
export interface DistributionOptions {
  /**
   * A beginning of a title that is less probable is not followed, by a model that follows titles token by token; the
   * titles behind it get probability 0 and their mass is `leftOut`. 0, the default, is exact.
   */
  readonly bound?: number;
}

export interface OccupationModel {
  /** The model's name, as `labor-llm fit --model NAME` knows it. */
  readonly name: string;
  /** The declared occupations of each survey the model was fitted on. */
  readonly surveys: readonly DeclaredOccupations[];
  /**
   * [queries] log P(occupations[i]) for query i: the fast way, for one occupation a query. Queries of one career that
   * stand side by side, their histories growing, are answered in one pass by the models that can.
   */
  logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array>;
  /** The whole distribution for each query. */
  distributions(queries: readonly Query[], options?: DistributionOptions): Promise<Distribution[]>;
  /** Writes the model into a folder that `loadModel` reads; atomically, so that a killed save leaves the old one. */
  save(folder: string): Promise<void>;
  /** Frees tensors and processes; the model cannot be used afterwards. */
  dispose(): void;
}
