/** Whether models know that who has been in an occupation longer stays more likely: predicted beside observed shares. */
import type { Career, OccupationIndex } from '../careers';
import type { Estimate } from '../evaluation';
import { queriesOf, type OccupationModel, type Query } from '../models';
import { stayShares } from './stay-shares';

export interface StayByTenure {
  /** Observations in a row in the last occupation, from 1; the last of them stands for that many and more. */
  readonly tenure: number;
  readonly observed: Estimate;
  readonly observations: number;
  /** [models] mean probability of staying */
  readonly predicted: readonly number[];
}

/** One row a length of stay so far; `predicted` is NaN and `observed` null where nobody has stayed so long. */
export const stayByTenure = async (
  models: readonly OccupationModel[],
  careers: readonly Career[],
  longest = 8,
): Promise<readonly StayByTenure[]> => {
  const asked = careers.flatMap((career) =>
    queriesOf(career)
      .slice(1)
      .map((query) => ({ query, tenure: Math.min(lengthOfLast(query.history), longest) })),
  );
  const queries = asked.map(({ query }) => query);
  const last = queries.map(({ history }) => history.at(-1)?.occupation as OccupationIndex);
  const staying: Float64Array[] = [];
  for (const model of models) staying.push((await model.logProbabilities(queries, last)).map(Math.exp));
  const stays = stayShares(careers, ({ career: { observations }, to }) =>
    String(Math.min(lengthOfLast(observations.slice(0, observations.indexOf(to))), longest)),
  );
  return Array.from({ length: longest }, (_, i): StayByTenure => {
    const tenure = i + 1;
    const observed = stays.find(({ group }) => group === String(tenure));
    const own = asked.flatMap((one, index) => (one.tenure === tenure ? [index] : []));
    return {
      tenure,
      observed: observed?.share ?? { value: null, standardError: null, interval: null },
      observations: observed?.steps ?? 0,
      predicted: staying.map((probabilities) => own.reduce((sum, q) => sum + (probabilities[q] ?? 0), 0) / own.length),
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
