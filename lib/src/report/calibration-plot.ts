import type { CalibratedBin } from '../evaluation';
import { figure, palette, type Figure } from './figure';

/** A model's calibration curve for one outcome. */
export interface CalibrationLine {
  readonly name: string;
  readonly bins: readonly CalibratedBin[];
}

export interface CalibrationPlotOptions {
  /** What may come, as in `share who …`: the end of the vertical axis's title. */
  readonly outcome: string;
  readonly title?: string;
}

/** Told apart in grey, too. */
const marks = [
  { color: palette.blue, symbol: 'circle' },
  { color: palette.vermillion, symbol: 'square' },
  { color: palette.green, symbol: 'diamond' },
  { color: palette.purple, symbol: 'triangle-up' },
] as const;

/** What came against what was predicted, a point for each bin of as many cases, with intervals; on the diagonal all is well. */
export const calibrationPlot = (lines: readonly CalibrationLine[], options: CalibrationPlotOptions): Figure => {
  if (lines.length > marks.length) {
    throw new RangeError(`calibrationPlot: ${lines.length} lines, but at most ${marks.length} can be told apart.`);
  }
  const { outcome, title } = options;
  const shown = lines.flatMap(({ bins }) => bins);
  const top = Math.min(
    1,
    1.05 * Math.max(0.05, ...shown.map((bin) => Math.max(bin.predicted, bin.interval?.[1] ?? bin.observed))),
  );
  return figure({
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        name: 'as predicted',
        x: [0, top],
        y: [0, top],
        line: { color: '#888888', width: 1, dash: 'dot' },
        hoverinfo: 'skip',
      },
      ...lines.map(({ name, bins }, i) => {
        const { color, symbol } = marks[i] as (typeof marks)[number];
        return {
          type: 'scatter' as const,
          mode: 'markers' as const,
          name,
          x: bins.map(({ predicted }) => predicted),
          y: bins.map(({ observed }) => observed),
          error_y: {
            type: 'data' as const,
            symmetric: false,
            array: bins.map(({ observed, interval }) => (interval?.[1] ?? observed) - observed),
            arrayminus: bins.map(({ observed, interval }) => observed - (interval?.[0] ?? observed)),
            color,
            thickness: 1.5,
            width: 4,
          },
          marker: { color, symbol, size: 9 },
          cliponaxis: false,
          customdata: bins.map(({ cases }) => cases),
          hovertemplate: `${name}<br>predicted %{x:.1%}, observed %{y:.1%}, %{customdata} cases<extra></extra>`,
        };
      }),
    ],
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      height: 480,
      margin: { l: 70, r: 30, t: 90, b: 60 },
      xaxis: { title: { text: 'mean probability of a tenth of the cases' }, tickformat: '.0%', range: [0, top] },
      yaxis: { title: { text: `share who ${outcome}, with 95 % intervals` }, tickformat: '.0%', range: [0, top] },
    },
    alt: `Share who ${outcome} against the predicted probability, in bins of as many cases. ${lines
      .map(
        ({ name, bins }) =>
          `${name}: ${bins.map(({ predicted, observed }) => `${predicted.toFixed(2)} predicted, ${observed.toFixed(2)} observed`).join('; ')}`,
      )
      .join('. ')}.`,
  });
};
