import { errorBars } from './error-bars';
import { figure, palette, type Figure } from './figure';
import { logAxis } from './log-axis';
import { referenceLine } from './reference-line';

/** Where a category has nothing to show. */
export const NO_DOT = { value: null, interval: null } as const;

/** Estimates of one kind, a dot in each category. */
export interface DotSeries {
  readonly name: string;
  /** [categories]; the interval is null where none is known, the value where there is nothing to show */
  readonly points: readonly {
    readonly value: number | null;
    readonly interval: readonly [low: number, high: number] | null;
  }[];
}

export interface DotPlotOptions {
  readonly categories: readonly string[];
  /** What is estimated, with its unit: the title of the horizontal axis. */
  readonly quantity: string;
  /** What the categories are: the title of the vertical axis. */
  readonly categoryTitle: string;
  readonly title?: string;
  /** How numbers are written on the axis, in d3's format; `.2~%` by default. */
  readonly tickFormat?: string;
  /** By default linear, from zero. */
  readonly scale?: 'linear' | 'log';
  /** A value to compare with, drawn as a dashed line. */
  readonly reference?: number;
}

const colors = [palette.blue, palette.vermillion, palette.green, palette.purple];
/** Told apart in grey, too. */
const symbols = ['circle', 'square', 'diamond', 'triangle-up'] as const;

/** From the smallest to the largest, with room beside them: Plotly's own range leaves none for a line to compare with. */
const logRange = (values: readonly number[]): [low: number, high: number] => {
  const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  const room = 0.04 * (high - low || 1);
  return [low - room, high + room];
};

/** Dots with their intervals, the series side by side in each category, categories from top to bottom. */
export const dotPlot = (series: readonly DotSeries[], options: DotPlotOptions): Figure => {
  const { categories, quantity, categoryTitle, title, tickFormat = '.2~%', scale = 'linear', reference } = options;
  if (series.length > colors.length) {
    throw new RangeError(`dotPlot: ${series.length} series, but no more than ${colors.length} can be told apart.`);
  }
  const offset = (s: number): number => 0.19 * (s - (series.length - 1) / 2);
  const values = series.flatMap(({ points }) =>
    points.flatMap(({ value, interval }) => (value === null ? [] : [value, ...(interval ?? [])])),
  );
  const compared = reference === undefined ? [] : [reference];
  const onAxis = [...values, ...compared];
  const hasLegend = series.length > 1;
  return figure({
    data: series.map(({ name, points }, s) => {
      const shown = points.flatMap(({ value, interval }, c) =>
        value === null ? [] : [{ value, interval: interval ?? ([value, value] as const), c }],
      );
      const color = colors[s] as string;
      return {
        type: 'scatter',
        mode: 'markers',
        name,
        x: shown.map(({ value }) => value),
        y: shown.map(({ c }) => c + offset(s)),
        // an error bar of no length would still draw its ends
        ...(points.every(({ interval }) => interval === null) ? {} : { error_x: errorBars(shown, color) }),
        marker: { color, size: 9, symbol: symbols[s] ?? 'circle' },
        // a share of 0 or 1 lies on the frame
        cliponaxis: false,
        customdata: shown.map(({ c }) => categories[c] ?? ''),
        hovertemplate: `%{customdata}<br>${name}: %{x:${tickFormat}}<extra></extra>`,
      };
    }),
    layout: {
      // above the legend, whatever the height
      ...(title === undefined
        ? {}
        : { title: { text: title, y: 1, yref: 'container', yanchor: 'top', pad: { t: 16 } } }),
      height: (hasLegend ? 170 : 140) + (20 + 13 * series.length) * categories.length,
      margin: { l: 70, r: 30, t: hasLegend ? 90 : 60, b: 60 },
      showlegend: hasLegend,
      xaxis: {
        title: { text: quantity },
        tickformat: tickFormat,
        ...(scale === 'log'
          ? { ...logAxis(onAxis), ...(onAxis.length > 0 ? { range: logRange(onAxis) } : {}) }
          : { rangemode: 'tozero' }),
      },
      yaxis: {
        title: { text: categoryTitle },
        tickvals: categories.map((_, c) => c),
        ticktext: [...categories],
        range: [categories.length - 0.5, -0.5],
        ticks: '',
      },
      shapes: compared.map(referenceLine),
    },
    alt: `${quantity} by ${categoryTitle}: ${series
      .map(
        ({ name, points }) =>
          `${name} ${points.map(({ value }, c) => `${categories[c]} ${value === null ? 'unknown' : value.toFixed(3)}`).join(', ')}`,
      )
      .join('; ')}.`,
  });
};
