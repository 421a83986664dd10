/** Predictions further ahead than the next observation, from any model's answers. */
import type { Observation, OccupationIndex } from '../careers';
import type { Distribution, OccupationModel, Query } from '../models';

/** The year that is predicted, and what is taken as known of it. */
export type Ahead = Pick<Query, 'year' | 'education'>;

export interface CompoundOptions {
  /** Share of the next year's probability whose occupations are followed, the most probable first; 1 for all. */
  readonly cover?: number;
  /** As in `DistributionOptions`, for both years. */
  readonly bound?: number;
}

export interface CompoundedDistribution extends Distribution {
  /** Mass of the next year's occupations that were not followed, and of what either year's bound left out. */
  readonly leftOut: number;
  /** Distributions that the model was asked for, which is the cost: one, and one for each occupation followed. */
  readonly asked: number;
}

/**
 * P(occupation in the year after next), compounded: the sum, over what the next year may be, of P(next) ·
 * P(after | next). The direct prediction, to hold against it, is the query with `year` and `education` of `ahead` (the
 * paper's two-year predictions, section 7).
 *
 * @param query the next year's query
 * @param ahead the year after, later than the query's
 * @throws RangeError where `ahead` is not later, or `cover` not a share above 0
 */
export const compoundedDistribution = async (
  model: OccupationModel,
  query: Query,
  ahead: Ahead,
  { cover = 1, bound = 0 }: CompoundOptions = {},
): Promise<CompoundedDistribution> => {
  const { next, probabilities, followed, covered } = await nextYear(model, query, ahead, { cover, bound });
  const after = await model.distributions(
    followed.map((occupation) => ({ ...query, ...ahead, history: [...query.history, became(query, occupation)] })),
    { bound },
  );
  const sums = new Float64Array(probabilities.length);
  let leftOut = next.keptMass - covered + (next.leftOut ?? 0);
  after.forEach((distribution, index) => {
    const weight = at(probabilities, followed[index] as number);
    leftOut += weight * (distribution.leftOut ?? 0);
    distribution.logProbabilities.forEach((logP, occupation) => {
      sums[occupation] = at(sums, occupation) + weight * Math.exp(logP);
    });
  });
  const keptMass = sums.reduce((sum, p) => sum + p, 0);
  return { logProbabilities: sums.map(Math.log), keptMass, leftOut, asked: 1 + followed.length };
};

/** The probability of one occupation in the year after next. */
export interface CompoundedProbability {
  /** By the model's mass: 0 to its kept mass. */
  readonly probability: number;
  /** As in `CompoundedDistribution`. */
  readonly leftOut: number;
  readonly asked: number;
}

/**
 * One entry of `compoundedDistribution`, at the cost of one distribution and of as many named probabilities as occupations
 * are followed: what a language model answers at a tenth of the price. What is not followed is taken to go on as
 * what is.
 *
 * @param occupation in the year after next
 * @throws RangeError as `compoundedDistribution`
 */
export const compoundedProbability = async (
  model: OccupationModel,
  query: Query,
  ahead: Ahead,
  occupation: OccupationIndex,
  { cover = 1, bound = 0 }: CompoundOptions = {},
): Promise<CompoundedProbability> => {
  const { next, probabilities, followed, covered } = await nextYear(model, query, ahead, { cover, bound });
  const after = await model.logProbabilities(
    followed.map((one) => ({ ...query, ...ahead, history: [...query.history, became(query, one)] })),
    followed.map(() => occupation),
  );
  const sum = followed.reduce((total, one, i) => total + at(probabilities, one) * Math.exp(after[i] as number), 0);
  const leftOut = next.keptMass - covered + (next.leftOut ?? 0);
  return { probability: (sum * (covered + leftOut)) / covered, leftOut, asked: 1 + followed.length };
};

/** The next year's distribution, and which of its occupations are followed. */
const nextYear = async (
  model: OccupationModel,
  query: Query,
  ahead: Ahead,
  { cover, bound }: Required<CompoundOptions>,
) => {
  if (!(ahead.year > query.year)) {
    throw new RangeError(`year ${ahead.year} is to follow ${query.year}: give a later one.`);
  }
  if (!(cover > 0 && cover <= 1)) throw new RangeError(`cover is ${cover}: give a share above 0 and up to 1.`);
  const [next] = (await model.distributions([query], { bound })) as [Distribution];
  const probabilities = next.logProbabilities.map(Math.exp);
  const followed: number[] = [];
  let covered = 0;
  for (const occupation of [...probabilities.keys()].sort((a, b) => at(probabilities, b) - at(probabilities, a))) {
    if (at(probabilities, occupation) === 0 || covered >= cover * next.keptMass) break;
    followed.push(occupation);
    covered += at(probabilities, occupation);
  }
  return { next, probabilities, followed, covered };
};

const at = (values: Float64Array, index: number): number => values[index] as number;

/** The observation that would stand in the history if a query were answered by an occupation. */
const became = ({ year, education, covariates }: Query, occupation: number): Observation => ({
  year,
  education,
  occupation: occupation as OccupationIndex,
  region: covariates.region,
  weight: 1,
});
