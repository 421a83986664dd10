/** The picture of what cutting the tree of titles costs and gives. */
import { figure, palette, type Figure } from 'labor-llm/report';

/** Means over observations, at one bound on a branch's probability. */
export interface Cut {
  readonly bound: number;
  /** Times as fast as the exact tree. */
  readonly speedUp: number;
  /** Mass of the branches that were not followed. */
  readonly leftOut: number;
  /** Sum over titles of the absolute error in their probabilities. */
  readonly error: number;
}

/** A range for a logarithmic axis, with some room. */
const decades = (values: readonly number[]): [number, number] => [
  Math.floor(Math.log10(Math.min(...values) / 1.5)),
  Math.ceil(Math.log10(Math.max(...values) * 1.5)),
];

/** Error and mass left out against the bound on the left, how many times as fast as exact on the right. */
export const cutPlot = (cuts: readonly Cut[]): Figure => {
  const x = cuts.map(({ bound }) => bound);
  const left = [
    { name: 'mass left out', of: ({ leftOut }: Cut) => leftOut, color: palette.blue, dash: 'solid' },
    { name: 'error, summed over titles', of: ({ error }: Cut) => error, color: palette.vermillion, dash: 'dot' },
  ] as const;
  const bounds = {
    type: 'log',
    title: { text: "bound on a branch's probability" },
    exponentformat: 'power',
    dtick: 1,
  } as const;
  const [first, last] = [cuts[0] as Cut, cuts.at(-1) as Cut];
  const power = (value: number): string => value.toExponential(0);
  return figure({
    data: [
      ...left.map(({ name, of, color, dash }) => ({
        ...{ type: 'scatter' as const, mode: 'lines+markers' as const, name, x, y: cuts.map(of) },
        ...{ line: { color, dash } },
      })),
      {
        ...{ type: 'scatter', mode: 'lines+markers', showlegend: false, x, y: cuts.map(({ speedUp }) => speedUp) },
        ...{ xaxis: 'x2', yaxis: 'y2', line: { color: palette.green } },
      },
    ],
    layout: {
      ...{ width: 900, height: 400, legend: { x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' } },
      xaxis: { ...bounds, domain: [0, 0.45], anchor: 'y' },
      yaxis: {
        ...{ type: 'log', title: { text: 'probability' }, exponentformat: 'power', dtick: 1 },
        range: decades(cuts.flatMap((cut) => left.map(({ of }) => of(cut))).filter((value) => value > 0)),
      },
      xaxis2: { ...bounds, domain: [0.57, 1], anchor: 'y2' },
      yaxis2: { title: { text: 'times as fast as exact' }, rangemode: 'tozero', anchor: 'x2' },
    },
    alt:
      `The tree of titles cut at a bound from ${power(first.bound)} to ${power(last.bound)}: the mass left out grows from ` +
      `${power(first.leftOut)} to ${power(last.leftOut)} and it is ${first.speedUp.toFixed(1)} to ` +
      `${last.speedUp.toFixed(1)} times as fast as exact.`,
  });
};
