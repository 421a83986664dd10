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
  /** How a cell's number is written: two digits after the point by default; as a percentage, from 5 % on. */
  readonly format?: 'percent' | ((value: number) => string);
  /** [rows][columns] what the hover text adds to a cell, such as its uncertainty. */
  readonly notes?: readonly (readonly string[])[];
  /** A row to frame: what happened, for example. */
  readonly framedRow?: number;
  readonly title?: string;
}

/** More columns than this stand dense, and their cells are too many to be read aloud. */
const FEW = 12;
const spacious = { width: 700, height: 210, cell: 34, gap: 2, digits: 12, label: 42, labelSize: 13, angle: -35 };
const dense = { width: 900, height: 330, cell: 24, gap: 1, digits: 10, label: 34, labelSize: 11, angle: -60 };
const GREY = '#e8e8e8';

/** From white to dark blue, lightness falling all the way: the order survives print in grey and colour blindness. */
const scale: [number, string][] = [
  [0, '#ffffff'],
  [0.5, '#7fb8d8'],
  [1, '#00456b'],
];

const percentage = (value: number): string => `${(100 * value).toFixed(1)} %`;
const wholePercent = (value: number): string => (value < 0.05 ? '' : (100 * value).toFixed(0));

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
  const look = columns.length > FEW ? dense : spacious;
  const [inCell, inWords] = format === 'percent' ? [wholePercent, percentage] : [format, format];
  const cells = rows.flatMap((row, y) =>
    columns.flatMap((column, x) => {
      const value = values[y]?.[x] ?? null;
      return value === null ? [] : [{ row, column, x, y, value }];
    }),
  );
  const highest = options.highest ?? Math.max(...cells.map(({ value }) => value), Number.MIN_VALUE);
  const said = (y: number, x: number): string => {
    const value = values[y]?.[x] ?? null;
    return value === null ? 'none' : inWords(value);
  };
  const [top] = [...cells].sort((a, b) => b.value - a.value);
  const summary =
    top === undefined
      ? 'Nothing is known'
      : look === dense
        ? `Highest of ${rows.length} rows by ${columns.length} columns: ${inWords(top.value)}, ${top.row} and ${top.column}`
        : rows
            .map((row, y) => `${row}: ${columns.map((column, x) => `${column} ${said(y, x)}`).join(', ')}`)
            .join('; ');
  const axis = (text: string, labels: readonly string[]) => ({
    title: { text },
    tickvals: labels.map((_, position) => position),
    ticktext: labels.map((label) => shorten(label, look.label)),
    tickfont: { size: look.labelSize },
    showgrid: false,
    ticks: '' as const,
  });
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
        xgap: look.gap,
        ygap: look.gap,
        colorbar: {
          title: { text: quantity, side: 'right', font: { size: 13 } },
          tickfont: { size: 12 },
          ...(format === 'percent' ? { tickformat: '.0%' } : {}),
          thickness: 14,
          outlinewidth: 0,
        },
        hoverongaps: false,
        customdata: rows.map((row, y) =>
          columns.map((column, x) => `${row}<br>${column}: ${said(y, x)} ${notes?.[y]?.[x] ?? ''}`),
        ) as unknown as string[],
        hovertemplate: '%{customdata}<extra></extra>',
      },
    ],
    layout: {
      ...(title === undefined
        ? {}
        : { title: { text: title, y: 1, yref: 'container', yanchor: 'top', pad: { t: 16 } } }),
      width: look.width,
      height: look.height + look.cell * rows.length,
      margin: { l: 70, r: 30, t: 60, b: 60 },
      plot_bgcolor: GREY,
      showlegend: false,
      xaxis: { ...axis(columnTitle, columns), tickangle: look.angle },
      yaxis: { ...axis(rowTitle, rows), range: [rows.length - 0.5, -0.5] },
      annotations: cells
        .map(({ x, y, value }) => ({
          x,
          y,
          text: inCell(value),
          showarrow: false,
          font: { size: look.digits, color: value > 0.6 * highest ? '#ffffff' : '#222222' },
        }))
        .filter(({ text }) => text !== ''),
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
    alt: `${quantity}, by ${rowTitle} and ${columnTitle}. ${summary}.`,
  });
};
