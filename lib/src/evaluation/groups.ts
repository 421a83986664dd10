/** Scored observations in groups, by whatever a key says of each. */
import type { ScoredObservation } from './scored-observation';

/** The group of an observation; undefined for one that belongs to none. */
export type GroupKey = (observation: ScoredObservation) => string | undefined;

const MISSING = 'missing';

/** Groups in the order of their names, what is missing last. */
export const by = (
  scored: readonly ScoredObservation[],
  key: GroupKey,
): ReadonlyMap<string, readonly ScoredObservation[]> => {
  const groups = new Map<string, ScoredObservation[]>();
  for (const observation of scored) {
    const name = key(observation);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [observation]);
    else group.push(observation);
  }
  return new Map([...groups].sort(([a], [b]) => compareNames(a, b)));
};

export const compareNames = (a: string, b: string): number =>
  a === b ? 0 : a === MISSING ? 1 : b === MISSING ? -1 : a < b ? -1 : 1;

/** What a step of so many years is called. */
export const stepName = (years: number): string =>
  years === 1 ? '1 year' : years === 2 ? '2 years' : '3 years or more';

/** Years since the last observation; a first one is in no group. */
export const byStep: GroupKey = ({ step }) => (step === undefined ? undefined : stepName(step));

/** Ten-year bands. */
const ageBand: GroupKey = ({ age }) => {
  if (age === undefined) return MISSING;
  if (age < 25) return '24 and below';
  if (age >= 55) return '55 and above';
  const from = 10 * Math.floor((age - 5) / 10) + 5;
  return `${from} to ${from + 9}`;
};

/** What persons are grouped by to see for whom a model is right. Education is that of the observation's own year. */
export const characteristics: Readonly<Record<'education' | 'sex' | 'ethnicity' | 'age', GroupKey>> = {
  education: ({ education }) => education ?? MISSING,
  sex: ({ sex }) => sex ?? MISSING,
  ethnicity: ({ ethnicity }) => ethnicity ?? MISSING,
  age: ageBand,
};
