import type { Row } from './frame';
import type { TableOptions } from './table';

/** What a cell shows; one that is not there is a gap. */
type Cell = readonly [
  column: string,
  estimate:
    { readonly value: number | null; readonly interval: readonly [low: number, high: number] | null } | undefined,
];

const ends = (column: string): readonly [low: string, high: string] => [`${column}, low`, `${column}, high`];

const cellsOf = ([column, estimate]: Cell): Row => {
  const [low, high] = ends(column);
  return {
    [column]: estimate?.value ?? null,
    [low]: estimate?.interval?.[0] ?? null,
    [high]: estimate?.interval?.[1] ?? null,
  };
};

/** Rows of estimates with their intervals, each behind what it is of, all in the same columns; and how they are set. */
export const intervalRows = (
  rows: readonly { readonly head: Row; readonly cells: readonly Cell[] }[],
): { readonly rows: readonly Row[]; readonly options: Pick<TableOptions, 'formats' | 'intervals'> } => {
  const columns = (rows[0]?.cells ?? []).map(([column]) => column);
  return {
    rows: rows.map(({ head, cells }) => Object.assign({ ...head }, ...cells.map(cellsOf)) as Row),
    options: {
      formats: Object.fromEntries(columns.flatMap((column) => [column, ...ends(column)].map((one) => [one, 3]))),
      intervals: Object.fromEntries(columns.map((column) => [column, ends(column)])),
    },
  };
};
