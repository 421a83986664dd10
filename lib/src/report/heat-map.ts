import { figure, type Figure } from './figure';

export interface HeatMapOptions {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** [rows][columns] shares from 0 to 1; null where there are too few observations to say. */
  readonly shares: readonly (readonly (number | null)[])[];
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** What the shares are of: the title of the colour bar. */
  readonly quantity: string;
  readonly title?: string;
}

/** Longer labels would leave the map no room; the full one stands in the hover text. */
const longestLabel = 34;
const shorten = (text: string): string => (text.length <= longestLabel ? text : `${text.slice(0, longestLabel - 1)}…`);

/** White to dark blue: its lightness falls all along, so that it can be read in grey too (after ColorBrewer's Blues). */
const scale: [number, string][] = [
  [0, '#ffffff'],
  [0.25, '#c6dbef'],
  [0.5, '#6baed6'],
  [0.75, '#2171b5'],
  [1, '#08306b'],
];
const unknown = '#d9d9d9';

/** Shares as a table of colours, the percentage in each cell that has room and something to say; grey is unknown. */
export const heatMap = (options: HeatMapOptions): Figure => {
  const { rows, columns, shares, rowTitle, columnTitle, quantity, title } = options;
  if (shares.length !== rows.length || shares.some((row) => row.length !== columns.length)) {
    throw new RangeError(`heatMap: the shares are not ${rows.length} rows of ${columns.length}.`);
  }
  const known = shares.flatMap((row, r) => row.flatMap((share, c) => (share === null ? [] : [{ share, r, c }])));
  const highest = known.reduce((best, one) => (one.share > best.share ? one : best), { share: 0, r: 0, c: 0 });
  const top = highest.share || 1;
  return figure({
    data: [
      {
        type: 'heatmap',
        z: shares.map((row) => [...row]),
        zmin: 0,
        zmax: top,
        colorscale: scale,
        colorbar: { title: { text: quantity, side: 'right', font: { size: 13 } }, tickformat: '.0%', thickness: 14 },
        xgap: 1,
        ygap: 1,
        text: shares.map((row) =>
          row.map((share) => (share === null || share < 0.05 ? '' : String(Math.round(100 * share)))),
        ),
        texttemplate: '%{text}',
        textfont: { size: 10 },
        customdata: rows.map((row) => columns.map((column) => `${row}<br>→ ${column}`)),
        hovertemplate: '%{customdata}<br>%{z:.1%}<extra></extra>',
        hoverongaps: false,
      },
    ],
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      width: 900,
      height: 330 + 24 * rows.length,
      plot_bgcolor: unknown,
      xaxis: {
        title: { text: columnTitle },
        tickvals: columns.map((_, c) => c),
        ticktext: columns.map(shorten),
        tickangle: -60,
        tickfont: { size: 11 },
        showgrid: false,
        ticks: '',
      },
      yaxis: {
        title: { text: rowTitle },
        tickvals: rows.map((_, r) => r),
        ticktext: rows.map(shorten),
        tickfont: { size: 11 },
        range: [rows.length - 0.5, -0.5],
        showgrid: false,
        ticks: '',
      },
    },
    alt:
      known.length === 0
        ? `${quantity}: too few observations to say anything.`
        : `${quantity}, ${rows.length} rows by ${columns.length} columns; the highest is ${(100 * highest.share).toFixed(0)} %, ` +
          `from ${rows[highest.r]} to ${columns[highest.c]}.`,
  });
};
