/** The columns of a table of perplexities: of all observations, of first ones, of moves and of stays, each with its interval. */
import { perplexityEstimate, TRANSITIONS, type ScoredObservation } from '../evaluation';
import type { Row } from './frame';
import type { TableOptions } from './table';

const COLUMNS = ['perplexity', ...TRANSITIONS] as const;

const ends = (column: string): readonly [low: string, high: string] => [`${column} low`, `${column} high`];

/** A model's cells: perplexities with 95 % intervals over persons; null where there is no such observation. */
export const perplexityCells = (scored: readonly ScoredObservation[]): Row =>
  Object.fromEntries(
    COLUMNS.flatMap((column) => {
      const own = column === 'perplexity' ? scored : scored.filter(({ transition }) => transition === column);
      const { value, interval } = perplexityEstimate(own);
      const [low, high] = ends(column);
      return [
        [column, value],
        [low, interval?.[0] ?? null],
        [high, interval?.[1] ?? null],
      ];
    }),
  );

/** How these cells are set: options of `showTable`. */
export const perplexityColumns: Required<Pick<TableOptions, 'headers' | 'formats' | 'intervals' | 'best'>> = {
  headers: { perplexity: 'all observations', first: 'first ones', move: 'moves', stay: 'stays' },
  formats: Object.fromEntries(COLUMNS.map((column) => [column, 2])),
  intervals: Object.fromEntries(COLUMNS.map((column) => [column, ends(column)])),
  best: Object.fromEntries(COLUMNS.map((column) => [column, 'lowest'])),
};
