/** The picture of how time and memory grow. */
import { figure, palette, type Figure } from 'labor-llm/report';

export const axes = ['parameters', 'persons', 'occupations'] as const;
export type Axis = (typeof axes)[number];

export interface Sizes {
  readonly width: number;
  readonly persons: number;
  readonly occupations: number;
}

export interface Cost {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** What is measured at one point: a pass of fitting, and all distributions of a tenth of the persons. */
export interface Point extends Sizes {
  readonly axis: Axis;
  readonly parameters: number;
  readonly fit: Cost;
  readonly score: Cost;
}

/** Time above, on logarithmic scales, where a straight line is a power; memory below, from zero; a column an axis. */
export const scalingPlot = (points: readonly Point[]): Figure => {
  const largest = Math.max(...points.flatMap(({ fit, score }) => [fit.peakMegabytes, score.peakMegabytes]));
  const seconds = points.flatMap(({ fit, score }) => [fit.seconds, score.seconds]);
  const rows = [
    {
      of: (cost: Cost) => cost.seconds,
      axis: {
        ...{ title: 'seconds', type: 'log', domain: [0.56, 1] },
        range: [Math.log10(Math.min(...seconds) / 1.3), Math.log10(Math.max(...seconds) * 1.3)],
        tickvals: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
      },
    },
    {
      of: (cost: Cost) => cost.peakMegabytes,
      axis: { title: 'peak memory (MB)', domain: [0, 0.44], range: [0, largest * 1.1] },
    },
  ] as const;
  const lines = [
    { name: 'fit, one pass', of: ({ fit }: Point) => fit, color: palette.blue },
    { name: 'all distributions of a tenth of the persons', of: ({ score }: Point) => score, color: palette.vermillion },
  ] as const;
  const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 2 });
  const data: Figure['data'][number][] = [];
  const layout: Record<string, unknown> = {};
  rows.forEach((row, r) => {
    axes.forEach((axis, column) => {
      const cell = r * axes.length + column + 1;
      const suffix = cell === 1 ? '' : String(cell);
      const here = points.filter((point) => point.axis === axis);
      const x = here.map((point) => point[axis]);
      for (const line of lines) {
        data.push({
          ...{ type: 'scatter', mode: 'lines+markers', name: line.name, showlegend: cell === 1 },
          ...{ x, y: here.map((point) => row.of(line.of(point))), line: { color: line.color } },
          ...{ xaxis: `x${suffix}`, yaxis: `y${suffix}` },
        } as Figure['data'][number]);
      }
      const left = column * 0.36;
      layout[`xaxis${suffix}`] = {
        ...{ type: 'log', domain: [left, left + 0.28], anchor: `y${suffix}` },
        ...{ tickvals: x, ticktext: x.map((value) => short.format(value)) },
        ...(r === 1 ? { title: { text: axis } } : {}),
      };
      const { title, ...vertical } = row.axis;
      layout[`yaxis${suffix}`] = {
        ...vertical,
        anchor: `x${suffix}`,
        ...(column === 0 ? { title: { text: title } } : {}),
      };
    });
  });
  const growth = axes.map((axis) => {
    const here = points.filter((point) => point.axis === axis);
    const [first, last] = [here[0] as Point, here.at(-1) as Point];
    const times = (of: (point: Point) => number): string => (of(last) / of(first)).toFixed(1);
    return (
      `${times((point) => point[axis])} times the ${axis} take ${times(({ fit }) => fit.seconds)} times as long to fit ` +
      `and ${times(({ score }) => score.seconds)} times as long to score`
    );
  });
  return figure({
    data,
    layout: { ...layout, width: 900, height: 560 },
    alt: `How time and memory grow: ${growth.join('; ')}.`,
  });
};
