/** Numbers and CSV as the commands write them. */
import type { Estimate } from '../evaluation';

/** 16007 as `16,007`. */
export const count = (number: number): string => number.toLocaleString('en-US');

/** `8.022`, with digits that a perplexity of this size can carry; `-` where it is not defined. */
export const decimal = (number: number | null): string =>
  number === null ? '-' : number.toFixed(Math.abs(number) < 100 ? 3 : 1);

/** `8.022 (95 % interval 7.57 to 8.44)` */
export const withInterval = ({ value, interval }: Pick<Estimate, 'value' | 'interval'>): string =>
  interval === null ? decimal(value) : `${decimal(value)} (95 % interval ${range(interval)})`;

/** `7.57 to 8.44`; `-` where there is no interval. */
export const range = (interval: Estimate['interval']): string =>
  interval === null ? '-' : `${decimal(interval[0])} to ${decimal(interval[1])}`;

/** 0.162 as `16.2%`. */
export const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(1)}%`);

/** One line of a CSV file (RFC 4180, with \n), quoted where it must be. */
export const csvLine = (cells: readonly (string | number)[]): string =>
  `${cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(String(cell)) ? `"${String(cell).replace(/"/g, '""')}"` : cell)).join(',')}\n`;

/** Columns padded to the same width, the first to the left, the others to the right. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const pad = (cell: string, at: number): string =>
    at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return rows.map((row) => row.map(pad).join('   ').trimEnd()).join('\n');
};
