/** What each further row of history is worth, to a model that has nothing but counts. */
import type { Career } from '../careers';

/** How many of the last rows are known. */
export const HISTORIES: readonly number[] = [1, 2, 3, 5, 10];

/** Steps that the average counts for in an occupation's own counts. */
const STAY_PRIOR = 20;
const MOVE_PRIOR = 30;

/** Counts of something, by key and value. */
class Table {
  private readonly rows = new Map<string, Map<string, number>>();
  private readonly totals = new Map<string, number>();

  add(key: string, value: string): void {
    const row = this.rows.get(key) ?? new Map<string, number>();
    this.rows.set(key, row.set(value, (row.get(value) ?? 0) + 1));
    this.totals.set(key, this.total(key) + 1);
  }

  count(key: string, value: string): number {
    return this.rows.get(key)?.get(value) ?? 0;
  }

  total(key: string): number {
    return this.totals.get(key) ?? 0;
  }
}

const ALL = '';

/**
 * Perplexity of a chain of counts that knows the last `known` rows: whether somebody stays depends on the occupation and
 * on how many of these rows are in it; who moves goes back to one of the other occupations among them with the share that
 * movers do, each as likely, and else wherever movers from there go.
 *
 * @param titles [J] names of the occupations; equal names are one occupation
 */
export const historyPerplexity = (
  train: readonly Career[],
  scored: readonly Career[],
  titles: readonly string[],
  known: number,
): number => {
  const [stays, moves, returns, starts] = [new Table(), new Table(), new Table(), new Table()];
  const distinct = new Set(titles).size;
  const rowsOf = ({ observations }: Career): string[] =>
    observations.map(({ occupation }) => titles[occupation] as string);
  for (const rows of train.map(rowsOf)) {
    rows.forEach((title, t) => {
      const past = pastOf(rows, t, known);
      if (past === undefined) return starts.add(ALL, title);
      const isStay = String(title === past.last);
      stays.add(String(past.run), isStay);
      stays.add(`${past.last} ${past.run}`, isStay);
      if (title === past.last) return;
      if (past.others.length > 0) returns.add(ALL, String(past.others.includes(title)));
      moves.add(past.last, title);
      moves.add(ALL, title);
    });
  }
  const smooth = (table: Table, title: string): number =>
    (table.count(ALL, title) + 0.5) / (table.total(ALL) + 0.5 * distinct);
  const returning = returns.count(ALL, 'true') / Math.max(1, returns.total(ALL));
  const probability = (rows: readonly string[], t: number, title: string): number => {
    const past = pastOf(rows, t, known);
    if (past === undefined) return smooth(starts, title);
    const { last, run, others } = past;
    const average = (stays.count(String(run), 'true') + 1) / (stays.total(String(run)) + 2);
    const key = `${last} ${run}`;
    const staying = (stays.count(key, 'true') + STAY_PRIOR * average) / (stays.total(key) + STAY_PRIOR);
    if (title === last) return staying;
    const elsewhere =
      (moves.count(last, title) + MOVE_PRIOR * smooth(moves, title)) /
      (moves.total(last) + MOVE_PRIOR * (1 - smooth(moves, last)));
    const share = others.length > 0 ? returning : 0;
    const back = others.includes(title) ? 1 / others.length : 0;
    return (1 - staying) * ((1 - share) * elsewhere + share * back);
  };
  let [sum, n] = [0, 0];
  for (const rows of scored.map(rowsOf)) {
    rows.forEach((title, t) => {
      sum -= Math.log(probability(rows, t, title));
      n += 1;
    });
  }
  return Math.exp(sum / n);
};

/** The occupation of the last row, how many of the last `known` rows are in it, and the other occupations among them. */
const pastOf = (rows: readonly string[], t: number, known: number) => {
  const past = rows.slice(Math.max(0, t - known), t);
  const last = past.at(-1);
  if (last === undefined) return undefined;
  const changed = past.map((title) => title === last).lastIndexOf(false);
  return { last, run: past.length - 1 - changed, others: [...new Set(past)].filter((title) => title !== last) };
};
