/** How alike occupations are: from where to where people move, never from the words of titles unless rho says so. */
import type { MarketCounts } from './counts';
import { BETWEEN_STATES } from './assumptions';
import type { MarketOccupations } from './occupations';

/** Moves that a group's destinations, and the destinations of all, count for in an occupation's row. */
const GROUP_PRIOR = 90;
const ALL_PRIOR = 60;
/** Distance, between 0 and 1, over which likeness falls by e^-1; and what is left of it far away. */
const REACH = 0.2;
const FAR = 0.0025;

/**
 * [J, J] likeness from the counts: each row the smoothed shares of an occupation's destinations, backed off to those of
 * its group, and these to those of all.
 */
export const likenessOfMoves = (counts: MarketCounts, occupations: MarketOccupations): Float64Array => {
  const { titles, groups, groupOf } = occupations;
  const J = titles.length;
  const moves = moveCounts(counts, occupations);
  const ofAll = new Float64Array(J).fill(0.5);
  const ofGroup = groups.map(() => new Float64Array(J));
  for (let from = 0; from < J; from++) {
    const row = moves.subarray(from * J, (from + 1) * J);
    add(ofAll, row);
    add(ofGroup[groupOf[from] as number] as Float64Array, row);
  }
  const shares = normalised(ofAll);
  const groupShares = ofGroup.map((row) => {
    const total = sum(row);
    return row.map((n, to) => (n + ALL_PRIOR * (shares[to] as number)) / (total + ALL_PRIOR));
  });
  const likeness = new Float64Array(J * J);
  for (let from = 0; from < J; from++) {
    const prior = groupShares[groupOf[from] as number] as Float64Array;
    const row = moves.subarray(from * J, (from + 1) * J).map((n, to) => n + GROUP_PRIOR * (prior[to] as number));
    row[from] = 0;
    likeness.set(normalised(row), from * J);
  }
  betweenStates(likeness, occupations);
  return likeness;
};

/**
 * [J, J] likeness from the distance of occupations, the Hellinger distance of their places in the fields, times how
 * often a destination is moved to at all.
 *
 * @param fields [fields][jobs] P(field | job)
 */
export const likenessOfDistance = (
  counts: MarketCounts,
  occupations: MarketOccupations,
  fields: readonly (readonly number[])[],
): Float64Array => {
  const { titles, kindOf } = occupations;
  const J = titles.length;
  const moves = moveCounts(counts, occupations);
  const arrivals = new Float64Array(J).fill(0.5);
  for (let from = 0; from < J; from++) add(arrivals, moves.subarray(from * J, (from + 1) * J));
  const likeness = new Float64Array(J * J);
  for (let from = 0; from < J; from++) {
    for (let to = 0; to < J; to++) {
      if (from === to) continue;
      // states without work are as far from every job as jobs of different fields are from each other
      const near = kindOf[from] === 0 && kindOf[to] === 0 ? Math.exp(-(hellinger(fields, from, to) / REACH)) : FAR * 12;
      likeness[from * J + to] = (FAR + near) * (arrivals[to] as number);
    }
    likeness.set(normalised(likeness.subarray(from * J, (from + 1) * J)), from * J);
  }
  betweenStates(likeness, occupations);
  return likeness;
};

/** Words that say nothing of a job. */
const EMPTY_WORDS = new Set(
  'and of the in other except including not elsewhere classified n.e.c. nec or for to a'.split(' '),
);

/**
 * [J, J] rows in which a job's destinations are the jobs whose titles share words with its own, rare words counting for
 * more; the rows of `likeness` where a title shares none, and for states without work.
 */
export const likenessOfWords = (likeness: Float64Array, { titles, kindOf }: MarketOccupations): Float64Array => {
  const J = titles.length;
  const wordsOf = titles.map(
    (title) =>
      new Set(
        title
          .toLowerCase()
          .match(/[a-z][a-z.]+/g)
          ?.filter((w) => !EMPTY_WORDS.has(w)),
      ),
  );
  const uses = new Map<string, number>();
  for (const words of wordsOf) for (const word of words) uses.set(word, (uses.get(word) ?? 0) + 1);
  const result = likeness.slice();
  for (let from = 0; from < J; from++) {
    if (kindOf[from] !== 0) continue;
    const row = Float64Array.from(wordsOf, (words, to) => {
      if (to === from || kindOf[to] !== 0) return 0;
      return [...words].reduce((total, word) => total + (wordsOf[from]?.has(word) ? 1 / (uses.get(word) ?? 1) : 0), 0);
    });
    if (sum(row) > 0) result.set(normalised(row), from * J);
  }
  return result;
};

const moveCounts = (
  counts: MarketCounts,
  { titles, fromCounts, unemployed, notInLaborForce }: MarketOccupations,
): Float64Array => {
  const J = titles.length;
  const moves = new Float64Array(J * J);
  for (const [from = 0, to = 0, n = 0] of counts.transitions) {
    if (from === to) continue;
    moves[(fromCounts[from] as number) * J + (fromCounts[to] as number)] = n;
  }
  // both states without work have the moves of the one that the counts know
  const one = moves.subarray(notInLaborForce * J, (notInLaborForce + 1) * J);
  moves.set(one, unemployed * J);
  for (let from = 0; from < J; from++) {
    if (from === unemployed || from === notInLaborForce) continue;
    moves[from * J + unemployed] = moves[from * J + notInLaborForce] as number;
  }
  return moves;
};

/** How often one state without work follows the other, which the counts cannot say. */
const betweenStates = (likeness: Float64Array, { titles, unemployed, notInLaborForce }: MarketOccupations): void => {
  const J = titles.length;
  const set = (from: number, to: number, share: number): void => {
    const row = likeness.subarray(from * J, (from + 1) * J);
    row[to] = 0;
    const rest = normalised(row).map((p) => p * (1 - share));
    rest[to] = share;
    row.set(rest);
  };
  set(unemployed, notInLaborForce, BETWEEN_STATES.toNotInLaborForce);
  set(notInLaborForce, unemployed, BETWEEN_STATES.toUnemployed);
};

const hellinger = (fields: readonly (readonly number[])[], a: number, b: number): number => {
  const overlap = fields.reduce((total, row) => total + Math.sqrt((row[a] as number) * (row[b] as number)), 0);
  return Math.sqrt(Math.max(0, 1 - overlap));
};

const add = (to: Float64Array, row: Float64Array): void => row.forEach((n, i) => (to[i] = (to[i] as number) + n));

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

const normalised = (row: Float64Array): Float64Array => {
  const total = sum(row);
  return row.map((value) => value / total);
};
