/** How often the next occupation is the last one again, and for whom. */
import type { Career, Observation } from '../careers';
import { clustersOf, estimate, resamples, stepName, type BootstrapOptions, type Estimate } from '../evaluation';
import { ratioOfSums } from './mean-estimate';

/** One step from an observation to the next. */
export interface CareerStep {
  readonly career: Career;
  readonly from: Observation;
  readonly to: Observation;
}

export interface StayShare {
  readonly group: string;
  readonly steps: number;
  /** Share of the steps that are stays, with its interval over persons. */
  readonly share: Estimate;
}

const stepsOf = (careers: readonly Career[]): readonly CareerStep[] =>
  careers.flatMap((career) =>
    career.observations.slice(1).map((to, index) => ({ career, from: career.observations[index] as Observation, to })),
  );

/**
 * The share of stays by group, in the order in which the groups first come, with intervals by the bootstrap over persons
 * (clusters): a person's steps are drawn together.
 *
 * @param groupOf the group of a step; undefined for one that belongs to none
 * @param stayOf  what a step adds to the stays: 1 for one, or how probable a model holds it, by the step's number
 */
export const stayShares = (
  careers: readonly Career[],
  groupOf: (step: CareerStep) => string | undefined,
  options: BootstrapOptions = {},
  stayOf: (step: CareerStep, index: number) => number = ({ from, to }) => Number(from.occupation === to.occupation),
): readonly StayShare[] => {
  const steps = stepsOf(careers);
  const clusters = clustersOf(steps.map(({ career }) => career));
  const groups = new Map<string, { steps: Float64Array; stays: Float64Array; total: number; cluster: Set<number> }>();
  steps.forEach((step, index) => {
    const name = groupOf(step);
    if (name === undefined) return;
    const empty = (): Float64Array => new Float64Array(clusters.count);
    const group = groups.get(name) ?? { steps: empty(), stays: empty(), total: 0, cluster: new Set<number>() };
    const cluster = clusters.of[index] as number;
    group.steps[cluster] = (group.steps[cluster] as number) + 1;
    group.stays[cluster] = (group.stays[cluster] as number) + stayOf(step, index);
    group.total++;
    group.cluster.add(cluster);
    groups.set(name, group);
  });
  const replicates = new Map([...groups.keys()].map((name) => [name, [] as number[]]));
  for (const times of resamples(clusters.count, options)) {
    for (const [name, own] of groups) replicates.get(name)?.push(ratioOfSums(own.stays, own.steps, times));
  }
  return [...groups].map(([group, own]) => ({
    group,
    steps: own.total,
    share: estimate(ratioOfSums(own.stays, own.steps), replicates.get(group) ?? [], own.cluster.size, options),
  }));
};

/** Stays of an age band and a step length, as a line of a figure has them. */
export interface StayShareAtAge {
  /** `1 year`, `2 years`, `3 years or more`. */
  readonly step: string;
  /** The middle of the band. */
  readonly age: number;
  readonly steps: number;
  readonly share: Estimate;
}

/** Narrower bands are more noise than age. */
const BAND = 3;

/** Fewer steps say next to nothing. */
const LEAST_STEPS = 50;

/** By the years from one observation to the next and by the age at the end, in bands of three years; sorted. */
export const stayByAgeAndStep = (
  careers: readonly Career[],
  options: BootstrapOptions = {},
): readonly StayShareAtAge[] =>
  stayShares(
    careers,
    ({ career: { birthYear }, from, to }) => {
      if (birthYear === undefined) return undefined;
      const step = stepName(to.year - from.year);
      return JSON.stringify([step, BAND * Math.floor((to.year - birthYear) / BAND) + (BAND - 1) / 2]);
    },
    options,
  )
    .filter(({ steps }) => steps >= LEAST_STEPS)
    .map(({ group, steps, share }) => {
      const [step, age] = JSON.parse(group) as [string, number];
      return { step, age, steps, share };
    })
    .sort((a, b) => (a.step < b.step ? -1 : a.step > b.step ? 1 : a.age - b.age));
