/** How large a share of a survey's observations has each value of something, with its interval over persons. */
import type { Career, Observation, Survey } from '../careers';
import { estimate, resamples, type BootstrapOptions, type Estimate } from '../evaluation';

export interface ObservedShare {
  readonly value: string;
  readonly share: Estimate;
  readonly observations: number;
}

/**
 * The share of each value, in the order of `values`; the interval is a bootstrap over clusters (persons, where there are
 * no households), who are drawn with all their observations.
 *
 * @param values  those to count; the shares are of the observations that have one of them
 * @param valueOf the value of an observation; undefined leaves it out
 */
export const observedShares = (
  { careers }: Survey,
  values: readonly string[],
  valueOf: (career: Career, observation: Observation, index: number) => string | undefined,
  options: BootstrapOptions = {},
): readonly ObservedShare[] => {
  // [clusters][values]
  const counts = new Map<string, Uint32Array>();
  for (const career of careers) {
    const row = counts.get(career.cluster) ?? new Uint32Array(values.length);
    counts.set(career.cluster, row);
    career.observations.forEach((observation, index) => {
      const position = values.indexOf(valueOf(career, observation, index) ?? '');
      if (position >= 0) row[position] = (row[position] as number) + 1;
    });
  }
  const rows = [...counts.values()].filter((row) => row.some((n) => n > 0));
  const totals = sums(rows, values.length);
  const replicates = values.map((): number[] => []);
  for (const times of resamples(rows.length, options)) {
    shares(sums(rows, values.length, times)).forEach((share, i) => replicates[i]?.push(share));
  }
  const observed = shares(totals);
  return values.map((value, i) => {
    const share = observed[i] as number;
    const known = Number.isNaN(share) ? null : share;
    return {
      value,
      share: estimate(known, replicates[i] as number[], rows.length, options),
      observations: totals[i] as number,
    };
  });
};

/** [values] counts of all rows, each as often as `times` says. */
const sums = (rows: readonly Uint32Array[], values: number, times?: Uint32Array): Float64Array => {
  const total = new Float64Array(values);
  rows.forEach((row, r) => {
    const often = times?.[r] ?? 1;
    if (often > 0) row.forEach((n, i) => (total[i] = (total[i] as number) + often * n));
  });
  return total;
};

const shares = (counts: Float64Array): readonly number[] => {
  const total = counts.reduce((a, b) => a + b, 0);
  return [...counts].map((n) => n / total);
};
