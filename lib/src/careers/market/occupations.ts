/** The occupations of a synthetic market: the jobs of the counts, and "Not working" divided into two states. */
import type { MarketCounts } from './counts';

export const STATES = ['In education', 'Not in labor force', 'Unemployed'] as const;

/** 0 job, 1 unemployed, 2 not in labor force, 3 in education */
export const KINDS = { job: 0, unemployed: 1, notInLaborForce: 2, inEducation: 3 } as const;

const KIND_OF_STATE = [KINDS.inEducation, KINDS.notInLaborForce, KINDS.unemployed];

export interface MarketOccupations {
  /** Jobs as the counts have them, then the three states. */
  readonly titles: readonly string[];
  readonly groups: readonly string[];
  /** [J] */
  readonly groupOf: readonly number[];
  readonly kindOf: readonly number[];
  /** [titles of the counts] where each is here: "Not working" is the first of its two states */
  readonly fromCounts: readonly number[];
  readonly inEducation: number;
  readonly notInLaborForce: number;
  readonly unemployed: number;
}

export const marketOccupations = (counts: MarketCounts): MarketOccupations => {
  const [school, notWorking] = [counts.titles.indexOf('In school'), counts.titles.indexOf('Not working')];
  const jobs = counts.titles.map((_, i) => i).filter((i) => i !== school && i !== notWorking);
  const groupsOfJobs = counts.groups.filter((group) => group !== 'In school' && group !== 'Not working');
  const titles = [...jobs.map((i) => counts.titles[i] as string), ...STATES];
  const states = STATES.map((title) => titles.indexOf(title));
  const [inEducation = -1, notInLaborForce = -1, unemployed = -1] = states;
  const positionOf = new Map(jobs.map((i, position) => [i, position]));
  return {
    titles,
    groups: [...groupsOfJobs, ...STATES],
    groupOf: [
      ...jobs.map((i) => groupsOfJobs.indexOf(counts.groups[counts.groupOf[i] as number] as string)),
      ...STATES.map((_, i) => groupsOfJobs.length + i),
    ],
    kindOf: [...jobs.map(() => KINDS.job), ...KIND_OF_STATE],
    fromCounts: counts.titles.map((_, i) =>
      i === school ? inEducation : i === notWorking ? notInLaborForce : (positionOf.get(i) as number),
    ),
    inEducation,
    notInLaborForce,
    unemployed,
  };
};
