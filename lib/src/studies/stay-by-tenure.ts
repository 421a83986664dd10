/** Whether models know that who has been in an occupation longer stays more likely: predicted beside observed shares. */
import type { Career, OccupationIndex } from '../careers';
import type { Estimate } from '../evaluation';
import { queriesOf, type OccupationModel, type Query } from '../models';
import { stayShares, type CareerStep, type StayShare } from './stay-shares';

export interface StayByTenure {
  /** Observations in a row in the last occupation, from 1; the last of them stands for that many and more. */
  readonly tenure: number;
  readonly observed: Estimate;
  readonly observations: number;
  /** [models] mean probability of staying, with its interval over persons */
  readonly predicted: readonly Estimate[];
}

const UNKNOWN: Estimate = { value: null, standardError: null, interval: null };

/** One row a length of stay so far; the estimates' values are null where nobody has stayed so long. */
export const stayByTenure = async (
  models: readonly OccupationModel[],
  careers: readonly Career[],
  longest = 8,
): Promise<readonly StayByTenure[]> => {
  const tenureOf = ({ career: { observations }, to }: CareerStep): string =>
    String(Math.min(lengthOfLast(observations.slice(0, observations.indexOf(to))), longest));
  const queries = careers.flatMap((career) => queriesOf(career).slice(1));
  const last = queries.map(({ history }) => history.at(-1)?.occupation as OccupationIndex);
  const observed = stayShares(careers, tenureOf);
  const predicted: (readonly StayShare[])[] = [];
  for (const model of models) {
    const staying = (await model.logProbabilities(queries, last)).map(Math.exp);
    predicted.push(stayShares(careers, tenureOf, {}, (_, index) => staying[index] as number));
  }
  return Array.from({ length: longest }, (_, i): StayByTenure => {
    const own = (shares: readonly StayShare[]): StayShare | undefined =>
      shares.find(({ group }) => group === String(i + 1));
    return {
      tenure: i + 1,
      observed: own(observed)?.share ?? UNKNOWN,
      observations: own(observed)?.steps ?? 0,
      predicted: predicted.map((shares) => own(shares)?.share ?? UNKNOWN),
    };
  });
};

/** How many observations in a row, up to the last, have its occupation. */
const lengthOfLast = (observations: Query['history']): number => {
  const last = observations.at(-1)?.occupation;
  let length = 0;
  while (length < observations.length && observations.at(-1 - length)?.occupation === last) length++;
  return length;
};
