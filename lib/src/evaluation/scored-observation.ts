/** An observation as a model's answer to it is kept: what every metric is computed from. */
import type { Career, Observation, OccupationIndex, PersonId } from '../careers';
import type { DistributionSummary } from './outcomes';

/** A person's first observation; one with another occupation than the last; one with the same. */
export type Transition = 'first' | 'move' | 'stay';

export const TRANSITIONS: readonly Transition[] = ['first', 'move', 'stay'];

/** An observation and the probability that a model gave it, knowing what came before. */
export interface ScoredObservation {
  readonly survey: string;
  readonly person: PersonId;
  /** The unit of the bootstrap. */
  readonly cluster: string;
  readonly year: number;
  readonly occupation: OccupationIndex;
  /** Occupation of the last observation; undefined for the first. */
  readonly last: OccupationIndex | undefined;
  readonly transition: Transition;
  /** Years since the last observation; undefined for the first. */
  readonly step: number | undefined;
  readonly education: string | undefined;
  readonly sex: string | undefined;
  readonly ethnicity: string | undefined;
  /** Years since the year of birth. */
  readonly age: number | undefined;
  /** Natural logarithm, not renormalised. */
  readonly logProbability: number;
  /** Mass that the model put on declared occupations; undefined where the whole distribution was not asked for. */
  readonly keptMass: number | undefined;
  /** What is kept of the whole distribution, where it was asked for. */
  readonly distribution: DistributionSummary | undefined;
  /** Survey weight; 1 where the file has none. */
  readonly weight: number;
}

/** A model's answer to an observation's query. */
export type Answer = Pick<ScoredObservation, 'logProbability' | 'keptMass' | 'distribution'>;

/** @param last the last occupation; undefined where there is none */
export const transitionOf = (occupation: OccupationIndex, last: OccupationIndex | undefined): Transition =>
  last === undefined ? 'first' : last === occupation ? 'stay' : 'move';

/** @param last the last observation that the model knew of; undefined where it knew of none */
export const scoredObservation = (
  { survey, person, cluster, sex, ethnicity, birthYear }: Career,
  { year, occupation, education, weight }: Observation,
  last: Observation | undefined,
  { logProbability, keptMass, distribution }: Answer,
): ScoredObservation => ({
  survey,
  person,
  cluster,
  year,
  occupation,
  last: last?.occupation,
  transition: transitionOf(occupation, last?.occupation),
  step: last && year - last.year,
  education,
  sex,
  ethnicity,
  age: birthYear === undefined ? undefined : year - birthYear,
  logProbability,
  keptMass,
  distribution,
  weight,
});
