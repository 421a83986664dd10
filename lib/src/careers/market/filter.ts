/**
 * The exact oracle of a market: the probability of the next occupation given a history, by Bayes' rule over the law's
 * finite latent state. Years without a row are summed over, as is an education that is not known.
 */
import { NO_MEMORY, type Law, type Moment, type Person } from './law';
import { MarketError } from './market-error';
import { Masses } from './masses';
import { addOccupationsAfter, massesAfter } from './year-on';

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

/** One person followed through the rows of a career. */
export class Filter {
  private year: number | undefined;
  /** By education; several where it is not known. */
  private belief: ReadonlyMap<number, Masses> = new Map();
  private asked: (Sight & { readonly belief: ReadonlyMap<number, Masses> }) | undefined;

  constructor(
    private readonly law: Law,
    private readonly sighting: Sighting,
    private readonly person: Person,
    /** The occupations of years without a row. */
    private readonly missing = law.titles.map((_, j) => j).filter((j) => sighting.canBeMissing(j)),
  ) {}

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
        addOccupationsAfter(law, sums, masses, this.moment(sight.year, education));
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
        belief.set(education, massesAfter(this.law, masses, this.moment(sight.year, education), [occupation]));
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

  /** Another one that has seen the same and goes its own way from here. */
  copy(): Filter {
    const copy = new Filter(this.law, this.sighting, this.person, this.missing);
    copy.year = this.year;
    copy.belief = this.belief;
    copy.asked = this.asked;
    return copy;
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
      next.set(level, massesAfter(this.law, masses, this.moment(year, level), admitted));
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
}
