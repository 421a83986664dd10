import { errorBars } from './error-bars';
import { figure, palette, type Figure } from './figure';
import { logAxis } from './log-axis';
import type { Estimate } from './interval-plot';

/** Estimates along an axis that belong together, joined by a line. */
export interface IntervalLine {
  readonly name: string;
  readonly points: readonly (Omit<Estimate, 'label'> & {
    readonly x: number;
    /** How many cases, for the hover text. */
    readonly cases: number;
  })[];
}

export interface IntervalLinesPlotOptions {
  /** The horizontal axis, with its unit. */
  readonly along: string;
  /** What is estimated, with its unit: the title of the vertical axis. */
  readonly quantity: string;
  readonly title?: string;
  /** Ends of the vertical axis; by default what the intervals need. */
  readonly range?: readonly [low: number, high: number];
  /** Names of the places 0, 1, 2, ... on the horizontal axis, where these stand for something else. */
  readonly ticks?: readonly string[];
  /** By default linear. */
  readonly scale?: 'linear' | 'log';
}

/** Told apart by colour and by shape, so that print in grey keeps them apart. */
const marks = [
  { color: palette.blue, symbol: 'circle', dash: 'solid' },
  { color: palette.vermillion, symbol: 'square', dash: 'dash' },
  { color: palette.green, symbol: 'diamond', dash: 'dot' },
] as const;

/** So many places or fewer are named one by one. */
const FEW = 6;

/** Lines of estimates with their intervals; at most three, so that they can be told apart. */
export const intervalLinesPlot = (lines: readonly IntervalLine[], options: IntervalLinesPlotOptions): Figure => {
  if (lines.length > marks.length) {
    throw new RangeError(`intervalLinesPlot: ${lines.length} lines, but at most ${marks.length} can be told apart.`);
  }
  const { along, quantity, title, range, ticks, scale = 'linear' } = options;
  const nameOf = (x: number): string => ticks?.[x] ?? String(x);
  const places = lines.flatMap(({ points }) => points.map(({ x }) => x));
  const span = Math.max(...places) - Math.min(...places) || 1;
  const values = lines.flatMap(({ points }) => points.flatMap(({ value, interval }) => [value, ...interval]));
  return figure({
    data: lines.map(({ name, points }, i) => {
      const { color, symbol, dash } = marks[i] as (typeof marks)[number];
      return {
        type: 'scatter',
        mode: 'lines+markers',
        name,
        // a little beside each other, or else intervals hide intervals
        x: points.map(({ x }) => x + 0.006 * span * (i - (lines.length - 1) / 2)),
        y: points.map(({ value }) => value),
        error_y: errorBars(points, color),
        line: { color, dash, width: 2 },
        marker: { color, symbol, size: 9 },
        customdata: points.map(
          ({ interval, cases }) => `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}, ${cases} cases`,
        ),
        hovertemplate: `${name}<br>%{y:.3f} (%{customdata})<extra></extra>`,
      };
    }),
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      height: 440,
      margin: { l: 70, r: 30, t: 90, b: 60 },
      xaxis: {
        title: { text: along },
        ...(ticks === undefined ? {} : { tickvals: ticks.map((_, i) => i), ticktext: [...ticks] }),
        // of few years Plotly would name halves, too
        ...(ticks === undefined && span <= FEW && places.every(Number.isInteger) ? { dtick: 1 } : {}),
      },
      yaxis: {
        title: { text: quantity },
        ...(scale === 'log' ? logAxis(values) : {}),
        ...(range === undefined ? {} : { range: [...range] }),
      },
    },
    alt: `${quantity} by ${along}. ${lines
      .map(({ name, points }) => {
        const [first, last] = [points[0], points.at(-1)];
        return first === undefined || last === undefined
          ? `${name}: nothing`
          : `${name}: from ${first.value.toFixed(2)} at ${nameOf(first.x)} to ${last.value.toFixed(2)} at ${nameOf(last.x)}`;
      })
      .join('; ')}.`,
  });
};
