import type { Data, Layout, LayoutAxis } from 'plotly.js-dist';
import type { CalibratedBin } from '../evaluation';
import type { AllModels, ModelRow } from '../studies';
import { comparedRows } from './comparison-plots';
import { errorBars } from './error-bars';
import { figure, palette, type Figure } from './figure';

const PANEL = 165; // pixels from row to row

/** The share of a place among so many along an axis, gaps between them. */
const placeOf = (index: number, all: number, between: number): [number, number] => {
  const size = (1 - between * (all - 1)) / all;
  return [index * (size + between), index * (size + between) + size];
};

/** Ticks that leave the end of an axis free, where the next panel begins. */
const ticksTo = (top: number): readonly number[] => {
  const step = top > 0.6 ? 0.4 : top > 0.3 ? 0.2 : top > 0.15 ? 0.1 : 0.05;
  return [0, 1, 2].map((n) => n * step).filter((tick) => tick < 0.92 * top);
};

const intervalOf = ({ observed, interval }: CalibratedBin): readonly [number, number] =>
  interval ?? [observed, observed];

/** Where the axes of a row of panels end. */
const topOf = (bins: readonly CalibratedBin[]): number =>
  Math.min(1, 1.05 * Math.max(0.05, ...bins.map((bin) => Math.max(bin.predicted, intervalOf(bin)[1]))));

/**
 * What came against what was predicted: outcomes in rows, models in columns, in each panel a point for each tenth of the
 * cases, with intervals; on the dotted line all is well. Of CAREER, LABOR-LLM and the oracle, beside a base off the shelf, or where
 * there is none counting.
 *
 * @returns undefined where no distribution was asked for
 */
export const calibrationPlot = (survey: string, { rows }: AllModels): Figure | undefined => {
  const models = comparedRows(rows, 'outcomes', ['off-the-shelf', 'empirical']);
  const outcomes = (models[0]?.report?.outcomes ?? []).filter(({ cases }) => cases > 0);
  if (outcomes.length === 0) return undefined;
  const binsOf = (model: ModelRow, outcome: string): readonly CalibratedBin[] =>
    model.report?.outcomes?.find((one) => one.outcome === outcome)?.calibration ?? [];
  const data: Data[] = [];
  const axes: Record<string, Partial<LayoutAxis>> = {};
  const annotations: Layout['annotations'] = models.map(({ model }, column) => ({
    ...({ text: model, showarrow: false, xref: 'paper', yref: 'paper', xanchor: 'center', yanchor: 'bottom' } as const),
    x: placeOf(column, models.length, 0.04).reduce((a, b) => a + b) / 2,
    y: 1.01,
  }));
  outcomes.forEach(({ outcome, cases }, row) => {
    const top = topOf(models.flatMap((model) => binsOf(model, outcome)));
    models.forEach((model, column) => {
      const number = row * models.length + column + 1;
      const ends = { range: [0, top], tickformat: '.0%', tickvals: ticksTo(top) };
      axes[`xaxis${number}`] = {
        ...ends,
        domain: placeOf(column, models.length, 0.04),
        anchor: `y${number}`,
        ...(row === outcomes.length - 1 ? { title: { text: 'predicted' } } : {}),
      } as Partial<LayoutAxis>;
      axes[`yaxis${number}`] = {
        ...ends,
        domain: placeOf(outcomes.length - 1 - row, outcomes.length, 30 / (PANEL * outcomes.length)),
        anchor: `x${number}`,
        ...(column === 0
          ? { title: { text: `observed<br>${outcome}<br>(${cases.toLocaleString('en-US')} cases)` } }
          : { showticklabels: false }),
      } as Partial<LayoutAxis>;
      data.push(...panel(model.model, binsOf(model, outcome), top, number));
    });
  });
  return figure({
    data,
    layout: {
      title: { text: `Predicted and observed share, by tenths of the cases: ${survey}` },
      height: 140 + PANEL * outcomes.length,
      margin: { l: 80, r: 20, t: 80, b: 60 },
      showlegend: false,
      annotations,
      ...axes,
    },
    alt: `Observed share against predicted probability in tenths of the cases. ${outcomes
      .flatMap(({ outcome }) =>
        models.map((model) => {
          const bins = binsOf(model, outcome);
          return `${outcome}, ${model.model}: ${bins.map(({ predicted, observed }) => `${predicted.toFixed(2)} predicted, ${observed.toFixed(2)} observed`).join('; ')}`;
        }),
      )
      .join('. ')}.`,
  });
};

/** A panel's diagonal and points. */
const panel = (model: string, bins: readonly CalibratedBin[], top: number, number: number): readonly Data[] => {
  const axes = { xaxis: `x${number}`, yaxis: `y${number}` };
  return [
    {
      ...{ type: 'scatter', mode: 'lines', x: [0, top], y: [0, top], hoverinfo: 'skip', ...axes },
      line: { color: '#888888', width: 1, dash: 'dot' },
    },
    {
      ...{ type: 'scatter', mode: 'markers', name: model, ...axes },
      x: bins.map(({ predicted }) => predicted),
      y: bins.map(({ observed }) => observed),
      error_y: errorBars(
        bins.map((bin) => ({ value: bin.observed, interval: intervalOf(bin) })),
        palette.blue,
      ),
      marker: { color: palette.blue, size: 7 },
      cliponaxis: false,
      customdata: bins.map(({ cases }) => cases),
      hovertemplate: `${model}<br>predicted %{x:.1%}, observed %{y:.1%}, %{customdata} cases<extra></extra>`,
    },
  ] as readonly Data[];
};
