/**
 * The exact oracle of a market: the probability of the next occupation given a history, by Bayes' rule over the law's
 * finite latent state. Years without a row are summed over, as is an education that is not known.
 */
import { memoryAfter, NO_MEMORY, type Law, type Moment, type Moves, type Person } from './law';
import { MarketError } from './market-error';

/** What of a career comes to be a row, and how persons came to be in the data: what a population adds to the law. */
export interface Sighting {
  /** Whether a year in this occupation can be a row. */
  readonly canBeRow: (occupation: number) => boolean;
  /** Whether a year between two rows can have been in this occupation. */
  readonly canBeMissing: (occupation: number) => boolean;
  /** How likely a person of this type and first education is to be in the data, but for a factor. */
  readonly selection: (type: number, firstEducation: number) => number;
}

/** What is known of a year: a row, or the beginning of one. */
export interface Sight {
  readonly year: number;
  /** undefined where it is not known */
  readonly education: number | undefined;
}

/** Probability mass by occupation, memory, type and level, at one education. */
class Masses {
  readonly occupations: number[] = [];
  readonly memories: number[] = [];
  /** One block a pair of occupation and memory: [types, levels] */
  readonly blocks: Float64Array[] = [];
  private readonly slots = new Map<number, Float64Array>();

  constructor(private readonly law: Law) {}

  /** The block of an occupation and a memory, made of zeros where there was none. */
  at(occupation: number, memory: number): Float64Array {
    const key = occupation * (this.law.titles.length + 1) + memory + 1;
    let block = this.slots.get(key);
    if (block === undefined) {
      block = new Float64Array(this.law.types * this.law.levels);
      this.slots.set(key, block);
      this.occupations.push(occupation);
      this.memories.push(memory);
      this.blocks.push(block);
    }
    return block;
  }

  scale(factor: number): void {
    for (const block of this.blocks) for (let i = 0; i < block.length; i++) block[i] = (block[i] as number) * factor;
  }

  sum(): number {
    let sum = 0;
    for (const block of this.blocks) for (let i = 0; i < block.length; i++) sum += block[i] as number;
    return sum;
  }
}

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

/** One person followed through the rows of a career. */
export class Filter {
  private year: number | undefined;
  /** By education; several where it is not known. */
  private belief: ReadonlyMap<number, Masses> = new Map();
  private asked: (Sight & { readonly belief: ReadonlyMap<number, Masses> }) | undefined;
  /** The occupations of years without a row. */
  private readonly missing: readonly number[];

  constructor(
    private readonly law: Law,
    private readonly sighting: Sighting,
    private readonly person: Person,
  ) {
    this.missing = law.titles.map((_, j) => j).filter((j) => sighting.canBeMissing(j));
  }

  /** [J] P(occupation | the rows so far, that there is a row in this year, its education) */
  predict(sight: Sight): Float64Array {
    const { law } = this;
    const sums = new Float64Array(law.titles.length);
    if (this.year === undefined) {
      for (const [moment, types] of this.newcomers(sight)) {
        types.forEach((share, type) => {
          if (share === 0) return;
          law.firstOccupations(type, moment).forEach((p, occupation) => {
            sums[occupation] = (sums[occupation] as number) + share * p;
          });
        });
      }
    } else {
      for (const [education, masses] of this.current(sight)) {
        this.addNext(sums, masses, this.moment(sight.year, education));
      }
    }
    let total = 0;
    for (let j = 0; j < sums.length; j++) {
      if (!this.sighting.canBeRow(j)) sums[j] = 0;
      total += sums[j] as number;
    }
    if (!(total > 0)) throw this.impossible(sight);
    return sums.map((sum) => sum / total);
  }

  /** Takes in a row. Years must come in their order. */
  see(sight: Sight, occupation: number): void {
    const { law } = this;
    const belief = new Map<number, Masses>();
    if (this.year === undefined) {
      for (const [moment, types] of this.newcomers(sight)) {
        const masses = new Masses(law);
        const block = masses.at(occupation, NO_MEMORY);
        types.forEach((share, type) => {
          const mass = share === 0 ? 0 : share * (law.firstOccupations(type, moment)[occupation] as number);
          for (let level = 0; level < law.levels; level++) {
            block[type * law.levels + level] = mass * law.firstLevel(level, moment);
          }
        });
        belief.set(moment.education, masses);
      }
    } else {
      for (const [education, masses] of this.current(sight)) {
        belief.set(education, this.next(masses, this.moment(sight.year, education), [occupation]));
      }
    }
    let total = 0;
    for (const masses of belief.values()) total += masses.sum();
    if (!(total > 0)) throw this.impossible(sight, occupation);
    for (const masses of belief.values()) masses.scale(1 / total);
    this.belief = belief;
    this.year = sight.year;
    this.asked = undefined;
  }

  private impossible({ year, education }: Sight, occupation?: number): MarketError {
    const { titles, educations } = this.law;
    const row = [year, educations[education ?? -1], titles[occupation ?? -1]].filter((cell) => cell !== undefined);
    return new MarketError(
      `A career with the row ${row.join(', ')} cannot be on this synthetic market, where years rise, education never ` +
        'falls, and resumes hold jobs only.',
      { year, education, occupation },
    );
  }

  private moment(year: number, education: number): Moment {
    return { ...this.person, year, education };
  }

  /** [types] mass of those first seen in this year, by education */
  private newcomers({ year, education }: Sight): [Moment, Float64Array][] {
    const { law } = this;
    const educations = education === undefined ? law.educations.map((_, i) => i) : [education];
    return educations.map((level) => {
      const moment = this.moment(year, level);
      const mass = Float64Array.from(
        { length: law.types },
        (_, type) =>
          law.typeShare(type, this.person) * law.firstEducation(type, moment) * this.sighting.selection(type, level),
      );
      return [moment, mass];
    });
  }

  /** The belief before the occupation of this year is known, its education taken in; kept for the row that follows. */
  private current(sight: Sight): ReadonlyMap<number, Masses> {
    const { year, education } = sight;
    if (this.asked?.year !== year || this.asked.education !== education) {
      this.asked = { year, education, belief: this.learnt(this.before(sight), year, education) };
    }
    return this.asked.belief;
  }

  /** The belief after the last year before this one, the years without a row summed over. */
  private before({ year, education }: Sight): ReadonlyMap<number, Masses> {
    let { belief } = this;
    for (let missing = (this.year as number) + 1; missing < year; missing++) {
      belief = this.stepped(belief, missing, undefined, this.missing, education);
    }
    return belief;
  }

  private stepped(
    belief: ReadonlyMap<number, Masses>,
    year: number,
    education: number | undefined,
    admitted: readonly number[],
    highest?: number,
  ): Map<number, Masses> {
    const next = new Map<number, Masses>();
    for (const [level, masses] of this.learnt(belief, year, education, highest)) {
      next.set(level, this.next(masses, this.moment(year, level), admitted));
    }
    return next;
  }

  /** What education tells of the type; `highest` is what it may have risen to, where that is known from later. */
  private learnt(
    belief: ReadonlyMap<number, Masses>,
    year: number,
    education: number | undefined,
    highest = this.law.educations.length - 1,
  ): Map<number, Masses> {
    const { law } = this;
    const levels = education === undefined ? law.educations.map((_, i) => i).slice(0, highest + 1) : [education];
    const after = new Map<number, Masses>();
    for (const level of levels) {
      const moment = this.moment(year, level);
      const target = new Masses(law);
      for (const [before, masses] of belief) {
        if (before > level) continue;
        masses.blocks.forEach((block, pair) => {
          const occupation = masses.occupations[pair] as number;
          const own = target.at(occupation, masses.memories[pair] as number);
          for (let type = 0; type < law.types; type++) {
            const p = law.nextEducation(before, occupation === law.inEducation, type, moment);
            for (let i = type * law.levels; i < (type + 1) * law.levels; i++) {
              own[i] = (own[i] as number) + p * (block[i] as number);
            }
          }
        });
      }
      if (target.sum() > 0) after.set(level, target);
    }
    return after;
  }

  /** The masses a year on, in the occupations that are admitted. */
  private next(masses: Masses, moment: Moment, admitted: readonly number[]): Masses {
    const { law } = this;
    const J = law.titles.length;
    const after = new Masses(law);
    const isAdmitted = new Set(admitted);
    const { all, withoutWork } = this.leave(masses, moment, (to, memory) =>
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
  }

  /** Adds to `sums` [J] the mass of each occupation a year on. */
  private addNext(sums: Float64Array, masses: Masses, moment: Moment): void {
    const { law } = this;
    const J = law.titles.length;
    // only occupations are asked about: memories need not be told apart
    const kept = new Masses(law);
    const { all } = this.leave(masses, moment, (to) => kept.at(to, NO_MEMORY));
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
      for (let to = 0; to < J; to++)
        sums[to] = (sums[to] as number) + (arrivals[to] as number) * (weights[to] as number);
    }
  }

  /**
   * Divides each mass into those who stay, those who return and those who move.
   *
   * @param into the block that takes those who stay or return, by where they are then and what they remember; undefined
   *   where they are not asked for
   * @returns those who move
   */
  private leave(
    masses: Masses,
    moment: Moment,
    into: (to: number, memory: number) => Float64Array | undefined,
  ): AllMovers {
    const { law } = this;
    const { levels, types } = law;
    const all = new Map<number, Movers>();
    const withoutWork: Movers[] = [];
    const leaving = new Map<number, Float64Array>();
    const leavingOf = (occupation: number): Float64Array => {
      const probability = (_: unknown, i: number): number =>
        law.leaving(occupation, i % levels, Math.floor(i / levels), moment);
      const row = leaving.get(occupation) ?? Float64Array.from({ length: types * levels }, probability);
      leaving.set(occupation, row);
      return row;
    };
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
      const row = leavingOf(occupation);
      for (let type = 0, i = 0; type < types; type++) {
        let left = 0;
        for (let level = 0; level < levels; level++, i++) {
          const mass = block[i] as number;
          if (mass === 0) continue;
          const leavers = mass * (row[i] as number);
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
  }
}
