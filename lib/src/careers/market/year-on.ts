/** A year of the law, steps 2 to 5, applied to probability mass instead of to one worker. */
import { memoryAfter, NO_MEMORY, type Law, type Moment, type Moves } from './law';
import { Masses } from './masses';

/** Leavers who move, from one occupation: their mass by type. */
interface Movers {
  readonly from: number;
  /** Of a state without work, which they will remember if they go to another one. */
  readonly memory: number;
  /** [types] */
  readonly mass: Float64Array;
}

interface AllMovers {
  /** By occupation left, whatever they remember. */
  readonly all: readonly Movers[];
  /** Those who leave a state without work, by what they remember. */
  readonly withoutWork: readonly Movers[];
}

/** The masses a year on, in the occupations that are admitted. */
export const massesAfter = (law: Law, masses: Masses, moment: Moment, admitted: readonly number[]): Masses => {
  const J = law.titles.length;
  const after = new Masses(law);
  const isAdmitted = new Set(admitted);
  const { all, withoutWork } = leave(law, masses, moment, (to, memory) =>
    isAdmitted.has(to) ? after.at(to, memory) : undefined,
  );
  const moves = Array.from({ length: law.types }, (_, type) => law.moves(type, moment));
  const arrive = ({ from, memory, mass }: Movers, to: number): void => {
    const likeness = law.likeness[from * J + to] as number;
    if (likeness === 0) return;
    const block = after.at(to, memoryAfter(law, from, memory, to));
    for (let type = 0; type < law.types; type++) {
      const { weights, totals } = moves[type] as Moves;
      const share = (likeness * (weights[to] as number)) / (totals[from] as number);
      block[type * law.levels] = (block[type * law.levels] as number) + (mass[type] as number) * share;
    }
  };
  // what is remembered without work makes a difference only where work is not taken up
  for (const to of admitted) {
    for (const movers of all) if (law.isJob[movers.from] || law.isJob[to]) arrive(movers, to);
    if (!law.isJob[to]) for (const movers of withoutWork) arrive(movers, to);
  }
  return after;
};

/** Adds to `sums` [J] the mass of each occupation a year on. */
export const addOccupationsAfter = (law: Law, sums: Float64Array, masses: Masses, moment: Moment): void => {
  const J = law.titles.length;
  // only occupations are asked about: memories need not be told apart
  const kept = new Masses(law);
  const { all } = leave(law, masses, moment, (to) => kept.at(to, NO_MEMORY));
  kept.blocks.forEach((block, i) => {
    const to = kept.occupations[i] as number;
    sums[to] = (sums[to] as number) + block.reduce((total, mass) => total + mass, 0);
  });
  // types with the same weights are one, which saves half of the work or more
  const byWeights = new Map<Moves, Float64Array>();
  for (let type = 0; type < law.types; type++) {
    const moves = law.moves(type, moment);
    const perTotal = byWeights.get(moves) ?? new Float64Array(J);
    byWeights.set(moves, perTotal);
    for (const { from, mass } of all) {
      perTotal[from] = (perTotal[from] as number) + (mass[type] as number) / (moves.totals[from] as number);
    }
  }
  for (const [{ weights }, perTotal] of byWeights) {
    const arrivals = new Float64Array(J);
    for (let from = 0; from < J; from++) {
      const mass = perTotal[from] as number;
      if (mass === 0) continue;
      for (let to = 0, at = from * J; to < J; to++, at++) {
        arrivals[to] = (arrivals[to] as number) + mass * (law.likeness[at] as number);
      }
    }
    for (let to = 0; to < J; to++) sums[to] = (sums[to] as number) + (arrivals[to] as number) * (weights[to] as number);
  }
};

/**
 * Divides each mass into those who stay, those who return and those who move.
 *
 * @param into the block that takes those who stay or return, by where they are then and what they remember; undefined
 *   where they are not asked for
 * @returns those who move
 */
const leave = (
  law: Law,
  masses: Masses,
  moment: Moment,
  into: (to: number, memory: number) => Float64Array | undefined,
): AllMovers => {
  const { levels, types } = law;
  const all = new Map<number, Movers>();
  const withoutWork: Movers[] = [];
  const leaving = law.leaving(moment);
  masses.blocks.forEach((block, pair) => {
    const occupation = masses.occupations[pair] as number;
    const memory = masses.memories[pair] as number;
    const returning = memory === NO_MEMORY ? 0 : law.returning(occupation);
    const stayed = into(occupation, memory);
    const returned = returning > 0 ? into(memory, memoryAfter(law, occupation, memory, memory)) : undefined;
    const merged = all.get(occupation) ?? { from: occupation, memory: NO_MEMORY, mass: new Float64Array(types) };
    all.set(occupation, merged);
    const own = { from: occupation, memory, mass: new Float64Array(types) };
    if (!law.isJob[occupation]) withoutWork.push(own);
    const first = occupation * types * levels;
    for (let type = 0, i = 0; type < types; type++) {
      let left = 0;
      for (let level = 0; level < levels; level++, i++) {
        const mass = block[i] as number;
        if (mass === 0) continue;
        const leavers = mass * (leaving[first + i] as number);
        left += leavers;
        if (stayed === undefined) continue;
        const settlers = level + 1 < levels ? (mass - leavers) * law.settling(level) : 0;
        stayed[i] = (stayed[i] as number) + mass - leavers - settlers;
        if (settlers > 0) stayed[i + 1] = (stayed[i + 1] as number) + settlers;
      }
      if (returned !== undefined) returned[type * levels] = (returned[type * levels] as number) + left * returning;
      own.mass[type] = left * (1 - returning);
      merged.mass[type] = (merged.mass[type] as number) + (own.mass[type] as number);
    }
  });
  return { all: [...all.values()], withoutWork };
};
