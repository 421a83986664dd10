/** What becomes of a perplexity when the probabilities are scaled up to the titles that train persons had. */
import { splitSurvey, type Career, type Survey } from '../careers';
import type { Compared } from '../evaluation';
import { queriesOf, type OccupationModel } from '../models';

export interface SeenTitles {
  /** Every held-out observation, as the model answers. */
  readonly all: readonly Compared[];
  /** Those whose title some train person had, scaled up to these titles; the others are left out. */
  readonly seen: readonly Compared[];
  readonly leftOut: number;
  readonly titles: { readonly declared: number; readonly seen: number };
}

export const seenTitles = async (
  model: OccupationModel,
  survey: Survey,
  careers: readonly Career[],
): Promise<SeenTitles> => {
  const isSeen = survey.occupations.map(() => false);
  for (const { observations } of splitSurvey(survey).train.careers) {
    for (const { occupation } of observations) isSeen[occupation] = true;
  }
  const [all, seen]: [Compared[], Compared[]] = [[], []];
  for (const career of careers) {
    const { survey: name, person, cluster, observations } = career;
    const distributions = await model.distributions(queriesOf(career));
    observations.forEach(({ year, occupation, weight }, t) => {
      const logProbabilities = distributions[t]?.logProbabilities ?? new Float64Array();
      const row = { survey: name, person, cluster, year, weight, logProbability: logProbabilities[occupation] ?? NaN };
      all.push(row);
      if (!isSeen[occupation]) return;
      const mass = logProbabilities.reduce((sum, logP, j) => sum + (isSeen[j] ? Math.exp(logP) : 0), 0);
      seen.push({ ...row, logProbability: row.logProbability - Math.log(mass) });
    });
  }
  return {
    all,
    seen,
    leftOut: all.length - seen.length,
    titles: { declared: isSeen.length, seen: isSeen.filter(Boolean).length },
  };
};
