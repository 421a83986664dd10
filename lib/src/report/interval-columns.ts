import type { Row } from './frame';
import type { TableOptions } from './table';

/** An estimate in a table that shows its value and its interval. */
interface Shown {
  readonly value: number | null;
  readonly interval: readonly [low: number, high: number] | null;
}

/** A row's estimates with the ends of their intervals, and how such columns are written; an estimate that is not there has a gap. */
export const intervalColumns = (
  cells: readonly (readonly [name: string, estimate: Shown | undefined])[],
): { readonly row: Row; readonly options: Pick<TableOptions, 'formats' | 'intervals'> } => {
  const bounds = (name: string): [string, string] => [`${name}, low`, `${name}, high`];
  return {
    row: Object.fromEntries(
      cells.flatMap(([name, estimate]) => [
        [name, estimate?.value ?? null] as const,
        ...bounds(name).map((bound, end) => [bound, estimate?.interval?.[end] ?? null] as const),
      ]),
    ),
    options: {
      formats: Object.fromEntries(cells.flatMap(([name]) => [name, ...bounds(name)].map((one) => [one, 3]))),
      intervals: Object.fromEntries(cells.map(([name]) => [name, bounds(name)])),
    },
  };
};
