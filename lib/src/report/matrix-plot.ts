import { figure, palette, type Figure } from './figure';
import { shorten } from './shorten';

export interface MatrixPlotOptions {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** [rows][columns] from 0 to `highest`; null where there is nothing, which is left grey. */
  readonly values: readonly (readonly (number | null)[])[];
  /** What a cell is, with its unit: the title of the colour scale. */
  readonly quantity: string;
  /** What rows and columns are: the titles of the axes. */
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** The darkest colour's value; by default the largest value. */
  readonly highest?: number;
  /** How a cell's number is written; two digits after the point by default. */
  readonly format?: (value: number) => string;
  /** [rows][columns] what the hover text adds to a cell, such as its uncertainty. */
  readonly notes?: readonly (readonly string[])[];
  /** A row to frame: what happened, for example. */
  readonly framedRow?: number;
  readonly title?: string;
}

const CELL = 34;
const GREY = '#e8e8e8';

/** From white to dark blue, lightness falling all the way: the order survives print in grey and colour blindness. */
const scale: [number, string][] = [
  [0, '#ffffff'],
  [0.5, '#7fb8d8'],
  [1, '#00456b'],
];

/** A heat map with its numbers in the cells, the first row on top. */
export const matrixPlot = (options: MatrixPlotOptions): Figure => {
  const { rows, columns, values, quantity, rowTitle, columnTitle, notes, framedRow, title } = options;
  const { format = (value: number): string => value.toFixed(2) } = options;
  if (values.length !== rows.length || values.some((row) => row.length !== columns.length)) {
    throw new RangeError(
      `matrixPlot: ${rows.length} rows and ${columns.length} columns, but values of ` +
        `${values.length} rows and ${values.map((row) => row.length).join(', ')} columns.`,
    );
  }
  const known = values.flat().filter((value) => value !== null);
  const highest = options.highest ?? Math.max(...known, Number.MIN_VALUE);
  const text = values.map((row) => row.map((value) => (value === null ? '' : format(value))));
  return figure({
    data: [
      {
        type: 'heatmap',
        // positions, since two labels may be shortened to the same text
        x: columns.map((_, column) => column),
        y: rows.map((_, row) => row),
        z: values.map((row) => [...row]),
        zmin: 0,
        zmax: highest,
        colorscale: scale,
        xgap: 2,
        ygap: 2,
        colorbar: {
          title: { text: quantity, side: 'right', font: { size: 13 } },
          tickfont: { size: 12 },
          thickness: 14,
          outlinewidth: 0,
        },
        hoverongaps: false,
        customdata: rows.map((row, i) =>
          columns.map((column, j) => `${row}<br>${column}: ${text[i]?.[j] ?? ''} ${notes?.[i]?.[j] ?? ''}`),
        ) as unknown as string[],
        hovertemplate: '%{customdata}<extra></extra>',
      },
    ],
    layout: {
      ...(title === undefined
        ? {}
        : { title: { text: title, y: 1, yref: 'container', yanchor: 'top', pad: { t: 16 } } }),
      height: 210 + CELL * rows.length,
      margin: { l: 70, r: 30, t: 60, b: 60 },
      plot_bgcolor: GREY,
      showlegend: false,
      xaxis: {
        title: { text: columnTitle },
        tickvals: columns.map((_, column) => column),
        ticktext: columns.map(shorten),
        tickangle: -35,
        showgrid: false,
        ticks: '',
      },
      yaxis: {
        title: { text: rowTitle },
        tickvals: rows.map((_, row) => row),
        ticktext: rows.map(shorten),
        range: [rows.length - 0.5, -0.5],
        showgrid: false,
        ticks: '',
      },
      annotations: values.flatMap((row, y) =>
        row.flatMap((value, x) =>
          value === null
            ? []
            : [
                {
                  x,
                  y,
                  text: text[y]?.[x] ?? '',
                  showarrow: false,
                  font: { size: 12, color: value > 0.6 * highest ? '#ffffff' : '#222222' },
                },
              ],
        ),
      ),
      ...(framedRow === undefined
        ? {}
        : {
            shapes: [
              {
                type: 'rect',
                x0: -0.5,
                x1: columns.length - 0.5,
                y0: framedRow - 0.48,
                y1: framedRow + 0.48,
                line: { color: palette.vermillion, width: 3 },
              },
            ],
          }),
    },
    alt: `${quantity}, by ${rowTitle} and ${columnTitle}. ${rows
      .map((row, i) => `${row}: ${columns.map((column, j) => `${column} ${text[i]?.[j] || 'none'}`).join(', ')}`)
      .join('; ')}.`,
  });
};
