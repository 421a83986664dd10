/** From where to where people move, by groups of occupations: few enough to be looked at. */
import { Market, type Survey } from '../careers';

export interface OccupationGroups {
  readonly names: readonly string[];
  /** [J] position of each occupation's group in `names` */
  readonly groupOf: readonly number[];
}

/** More groups than these cannot be read in a picture. */
const MOST = 20;

const OTHERS = 'all others';

/**
 * The groups of a survey's occupations, the largest first: those of occ1990dd where more than half of the titles are of
 * it (any other title is a group of its own); else the titles themselves. Where these are too many, the smaller ones are
 * one group.
 */
export const occupationGroups = ({ occupations, careers }: Survey): OccupationGroups => {
  const known = marketGroups(occupations);
  const isCoded = known.filter((group) => group !== undefined).length > occupations.length / 2;
  const labels = occupations.map((title, j) => (isCoded ? (known[j] ?? title) : title));
  const counts = new Map<string, number>();
  for (const { observations } of careers) {
    for (const { occupation } of observations) {
      const label = labels[occupation] as string;
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  const bySize = [...new Set(labels)].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1));
  const names = bySize.length <= MOST ? bySize : [...bySize.slice(0, MOST - 1), OTHERS];
  const groupOf = labels.map((label) => {
    const position = names.indexOf(label);
    return position < 0 ? names.length - 1 : position;
  });
  return { names, groupOf };
};

export interface GroupMoves {
  /** [groups][groups] moves from a group (row) into a group (column) */
  readonly counts: readonly (readonly number[])[];
  /** [groups][groups] the same as shares of the row; null where fewer than `fewest` moves leave the group */
  readonly shares: readonly (readonly (number | null)[])[];
}

/** Moves between a person's consecutive observations, stays left out: to whoever stays there is nothing to see. */
export const groupMoves = ({ careers }: Survey, { names, groupOf }: OccupationGroups, fewest = 10): GroupMoves => {
  const counts = names.map(() => names.map(() => 0));
  for (const { observations } of careers) {
    observations.forEach(({ occupation }, t) => {
      const last = observations[t - 1]?.occupation;
      if (last === undefined || last === occupation) return;
      const row = counts[groupOf[last] as number] as number[];
      const to = groupOf[occupation] as number;
      row[to] = (row[to] as number) + 1;
    });
  }
  const shares = counts.map((row) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((n) => (total < fewest ? null : n / total));
  });
  return { counts, shares };
};

/** [titles] the synthetic market's group of each title that it knows; undefined of any other. */
const marketGroups = (titles: readonly string[]): readonly (string | undefined)[] => {
  const { occupations, groups } = new Market('nlsy97');
  const groupOf = new Map(occupations.map((title, j) => [title, groups[j]]));
  return titles.map((title) => groupOf.get(title));
};
