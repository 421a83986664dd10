/** danfojs, the data frames of the notebooks, loaded when first asked for: it takes a second. */
import type { DataFrame } from 'danfojs-node';

/** A row of a table: what each column holds. */
export type Row = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Rows as a danfojs data frame: to sort, filter, group and merge as with pandas.
 *
 * @param columns which columns, in which order; by default those of the first row.
 */
export const dataFrame = async (rows: readonly Row[], columns?: readonly string[]): Promise<DataFrame> => {
  const { DataFrame } = await import('danfojs-node');
  const names = columns ?? Object.keys(rows[0] ?? {});
  return new DataFrame(
    rows.map((row) => names.map((name) => row[name] ?? null)),
    { columns: [...names] },
  );
};
