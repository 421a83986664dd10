/** What a split by row does: the same person is on both sides, and whoever remembers persons looks like a prophet. */
import type { Career, Survey } from '../careers';
import type { Compared } from '../evaluation';
import { EmpiricalModel, queriesOf } from '../models';
import { Random } from '../support';

/** Of a person's rows, the share held out by a split that knows rows only. */
const HELD_OUT = 0.2;

/** How much a person's own rows count against the transitions of all. */
const MEMORY = 0.5;

/** Log-probabilities of the same held-out rows. */
export interface RowSplit {
  /** Transitions of the train persons alone. */
  readonly counting: readonly Compared[];
  /** Half of it the shares of occupations among the person's rows before: a split by person allows that. */
  readonly past: readonly Compared[];
  /** Half of it the shares among all rows of the person that were not held out, later ones too: a split by row. */
  readonly leaked: readonly Compared[];
}

/**
 * Holds out one row in five of each career, at random, as a split by row does, and predicts it in three ways.
 *
 * @param careers held-out persons
 */
export const rowSplit = async (survey: Survey, careers: readonly Career[], seed: number): Promise<RowSplit> => {
  const model = EmpiricalModel.fit([survey], { seed });
  const random = new Random(seed);
  const [counting, past, leaked]: [Compared[], Compared[], Compared[]] = [[], [], []];
  for (const career of careers) {
    const { survey: name, person, cluster, observations } = career;
    const isHeldOut = observations.map(() => random.uniform() < HELD_OUT);
    const occupations = observations.map(({ occupation }) => occupation);
    const logProbabilities = await model.logProbabilities(queriesOf(career), occupations);
    const shareAmong = (rows: readonly number[], occupation: number): number | undefined =>
      rows.length === 0 ? undefined : rows.filter((one) => one === occupation).length / rows.length;
    const mixed = (logP: number, share: number | undefined): number =>
      share === undefined ? logP : Math.log((1 - MEMORY) * Math.exp(logP) + MEMORY * share);
    observations.forEach(({ year, occupation, weight }, t) => {
      if (!isHeldOut[t]) return;
      const row = { survey: name, person, cluster, year, weight };
      const logP = logProbabilities[t] as number;
      const known = occupations.filter((_, other) => !isHeldOut[other]);
      counting.push({ ...row, logProbability: logP });
      past.push({ ...row, logProbability: mixed(logP, shareAmong(occupations.slice(0, t), occupation)) });
      leaked.push({ ...row, logProbability: mixed(logP, shareAmong(known, occupation)) });
    });
  }
  return { counting, past, leaked };
};
