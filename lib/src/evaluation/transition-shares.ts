/**
 * Predicted against observed transitions, for whom: how often those who were in a state (or at work) are predicted to be
 * in each state next, or to move, beside how often it came.
 */
import { clustersOf, estimate, resamples, weightOf, type BootstrapOptions, type Estimate } from './bootstrap';
import { characteristics, compareNames, type GroupKey } from './groups';
import { outcomesIn } from './outcome-report';
import type { ScoredObservation } from './scored-observation';

export interface TransitionShare {
  /** What the group is of: `all`, or one of `characteristics`. */
  readonly characteristic: string;
  readonly group: string;
  /** What the last observation was: a state's title, `at work`, or `any`, first observations included. */
  readonly from: string;
  /** A state's title, or `move`. */
  readonly outcome: string;
  readonly cases: number;
  readonly predicted: number;
  readonly observed: number;
  /** Predicted minus observed, with its interval over persons. */
  readonly difference: Estimate;
}

/** Whatever the last observation was, first ones included. */
export const ANY = 'any';

/** Sums of one row, by cluster: [clusters] weight, predicted, observed. */
interface Sums {
  cases: number;
  readonly byCluster: Map<number, [weight: number, predicted: number, observed: number]>;
}

/** The rows, by characteristic, group, what was before, and outcome; none where no distribution was asked for. */
export const transitionShares = (
  scored: readonly ScoredObservation[],
  options: BootstrapOptions = {},
): readonly TransitionShare[] => {
  const clusters = clustersOf(scored);
  const outcomes = outcomesIn(scored);
  const hasStates = outcomes.length > 1;
  const keys: readonly [string, GroupKey][] = [['all', () => 'all'], ...Object.entries(characteristics)];
  const rows = new Map<string, Sums>();
  scored.forEach((observation, index) => {
    const { distribution } = observation;
    const weight = weightOf(observation, options.weighted);
    if (distribution === undefined || weight === 0) return;
    const froms = hasStates && distribution.from !== undefined ? [ANY, distribution.from] : [ANY];
    for (const [characteristic, key] of keys) {
      for (const from of froms) {
        for (const [outcome, { probability, happened }] of Object.entries(distribution.outcomes)) {
          const name = JSON.stringify([characteristic, key(observation), from, outcome]);
          const sums = rows.get(name) ?? { cases: 0, byCluster: new Map() };
          const own = sums.byCluster.get(clusters.of[index] as number) ?? [0, 0, 0];
          own[0] += weight;
          own[1] += weight * probability;
          own[2] += happened ? weight : 0;
          sums.cases++;
          sums.byCluster.set(clusters.of[index] as number, own);
          rows.set(name, sums);
        }
      }
    }
  });
  const replicates = replicatesOf([...rows.values()], clusters.count, options);
  const order = (name: string): number => keys.findIndex(([characteristic]) => characteristic === name);
  return [...rows]
    .map(([name, { cases, byCluster }], row): TransitionShare => {
      const [characteristic, group, from, outcome] = JSON.parse(name) as [string, string, string, string];
      const [weight, predicted, observed] = [...byCluster.values()].reduce(
        (sum, own) => [sum[0] + own[0], sum[1] + own[1], sum[2] + own[2]],
        [0, 0, 0],
      );
      const difference = (predicted - observed) / weight;
      return {
        characteristic,
        group,
        from,
        outcome,
        cases,
        predicted: predicted / weight,
        observed: observed / weight,
        difference: estimate(difference, replicates[row] ?? [], byCluster.size, options),
      };
    })
    .sort(
      (a, b) =>
        order(a.characteristic) - order(b.characteristic) ||
        compareNames(a.group, b.group) ||
        Number(b.from === ANY) - Number(a.from === ANY) ||
        compareNames(a.from, b.from) ||
        outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome),
    );
};

/** [rows][resamples] predicted minus observed */
const replicatesOf = (rows: readonly Sums[], clusters: number, options: BootstrapOptions): readonly number[][] => {
  // plain arrays: this is the inner loop
  const own = rows.map(({ byCluster }) => ({
    clusters: Uint32Array.from(byCluster.keys()),
    weights: Float64Array.from(byCluster.values(), ([weight]) => weight),
    differences: Float64Array.from(byCluster.values(), ([, predicted, observed]) => predicted - observed),
  }));
  const replicates: number[][] = rows.map(() => []);
  for (const times of resamples(clusters, options)) {
    own.forEach(({ clusters: numbers, weights, differences }, row) => {
      let weight = 0;
      let difference = 0;
      for (let index = 0; index < numbers.length; index++) {
        const often = times[numbers[index] as number] as number;
        weight += often * (weights[index] as number);
        difference += often * (differences[index] as number);
      }
      replicates[row]?.push(difference / weight);
    });
  }
  return replicates;
};
