import type { Estimate } from './interval-plot';

/** The intervals of estimates as Plotly's error bars, longer on one side where an interval is. */
export const errorBars = (estimates: readonly Omit<Estimate, 'label'>[], color: string) =>
  ({
    type: 'data',
    symmetric: false,
    array: estimates.map(({ value, interval }) => interval[1] - value),
    arrayminus: estimates.map(({ value, interval }) => value - interval[0]),
    color,
    thickness: 1.5,
    width: 4,
  }) as const;
