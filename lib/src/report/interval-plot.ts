import { errorBars } from './error-bars';
import { figure, palette, type Figure } from './figure';
import { referenceLine } from './reference-line';

/** An estimate with its interval, on a line of its own. */
export interface Estimate {
  readonly label: string;
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
}

export interface IntervalPlotOptions {
  /** What is estimated, with its unit: the title of the horizontal axis. */
  readonly quantity: string;
  /** What the estimates are of: the title of the vertical axis. */
  readonly categoryTitle: string;
  readonly title?: string;
  /** A value to compare with, drawn as a dashed line, and what it is called. */
  readonly reference?: { readonly value: number; readonly label: string };
}

/** Estimates as points with their intervals as lines, one below the other in the order given. */
export const intervalPlot = (estimates: readonly Estimate[], options: IntervalPlotOptions): Figure => {
  const { quantity, categoryTitle, title, reference } = options;
  return figure({
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: estimates.map(({ value }) => value),
        y: estimates.map(({ label }) => label),
        error_x: { ...errorBars(estimates, palette.blue), thickness: 2, width: 6 },
        marker: { color: palette.blue, size: 11 },
        customdata: estimates.map(({ interval }) => `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}`),
        hovertemplate: '%{y}<br>%{x:.3f} (%{customdata})<extra></extra>',
      },
    ],
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      height: 140 + 50 * estimates.length,
      showlegend: false,
      xaxis: { title: { text: quantity } },
      yaxis: {
        title: { text: categoryTitle },
        type: 'category',
        range: [estimates.length - 0.5, -0.5],
        ticks: '',
      },
      ...(reference === undefined
        ? {}
        : {
            shapes: [referenceLine(reference.value)],
            annotations: [
              { x: reference.value, y: 1, yref: 'paper', yanchor: 'bottom', showarrow: false, text: reference.label },
            ],
          }),
    },
    alt: `${quantity}: ${estimates
      .map(
        ({ label, value, interval }) =>
          `${label} ${value.toFixed(3)} (${interval.map((x) => x.toFixed(3)).join(' to ')})`,
      )
      .join('; ')}.`,
  });
};
