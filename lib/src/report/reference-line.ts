import type { Layout } from 'plotly.js-dist';

/** A line from the bottom to the top of a plot, at a value that others are compared with; axes make room for it. */
export const referenceLine = (value: number): NonNullable<Layout['shapes']>[number] => ({
  type: 'line',
  x0: value,
  x1: value,
  yref: 'paper',
  y0: 0,
  y1: 1,
  line: { color: '#666666', width: 1.5, dash: 'dash' },
});
