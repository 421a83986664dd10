/** What a model's perplexity on careers is the exponential of. */
import type { Career } from '../careers';
import type { OccupationModel } from './occupation-model';
import { queriesOf } from './queries';

/** Mean negative log-probability of an observation's occupation; undefined where there is no observation. */
export const meanLoss = async (
  model: Pick<OccupationModel, 'logProbabilities'>,
  careers: readonly Career[],
): Promise<number | undefined> => {
  const queries = careers.flatMap(queriesOf);
  if (queries.length === 0) return undefined;
  const occupations = careers.flatMap(({ observations }) => observations.map(({ occupation }) => occupation));
  const logs = await model.logProbabilities(queries, occupations);
  return -logs.reduce((sum, logP) => sum + logP, 0) / queries.length;
};
