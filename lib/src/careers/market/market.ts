/** A market with one of its populations: the law, what of it is seen, and careers drawn from it. */
import { createHash } from 'node:crypto';
import { Random } from '../../support';
import type { Career, Observation, OccupationIndex, PersonId } from '../survey';
import * as assumed from './assumptions';
import { readCounts, readFitted, type FittedMarkets, type MarketCounts } from './counts';
import { Filter, type Sighting } from './filter';
import { memoryAfter, NO_MEMORY, type Law, type Moment, type Person } from './law';
import { marketLaw, tiltDirection } from './market-law';
import { marketOccupations } from './occupations';
import { populationOf, sightingOf, tiltOf, type Population } from './populations';
import { marketSettings, type MarketSettings } from './settings';

export class Market {
  readonly population: Population;
  readonly law: Law;
  readonly sighting: Sighting;
  /** Of settings, counts, fitted parameters and assumptions: markets with the same hash are the same. */
  readonly hash: string;

  /**
   * @param population one of `POPULATIONS` by its name, or another
   * @param settings   those that are not the defaults
   * @param fitted     by default those that are shipped
   * @throws MarketError for an unknown population or setting
   */
  constructor(
    population: string | Population,
    settings: Readonly<Record<string, unknown>> = {},
    fitted?: FittedMarkets,
  ) {
    this.population = typeof population === 'string' ? populationOf(population) : population;
    this.settings = marketSettings(settings);
    this.counts = readCounts(this.settings.fold);
    this.covariateShares = this.counts.covariates.map((cell) => cell.at(-1) as number);
    const parameters = fitted ?? readFitted(this.settings.fold);
    const { stream, size } = tiltOf(this.population.name, this.settings);
    const tilt = tiltDirection(marketOccupations(this.counts), stream).map((draw) => size * draw);
    this.law = marketLaw(this.counts, parameters, this.settings, tilt);
    this.sighting = sightingOf(this.population.name, this.law, this.settings);
    const text = JSON.stringify([this.settings, this.counts, parameters, assumed]);
    this.hash = createHash('sha256').update(text).digest('hex');
  }

  readonly settings: MarketSettings;
  private readonly counts: MarketCounts;
  /** Weights of type and first education, by sex, ethnicity and age. */
  private readonly newcomers = new Map<string, readonly number[]>();
  private readonly covariateShares: readonly number[];

  get occupations(): readonly string[] {
    return this.law.titles;
  }

  /** [J] the group of each occupation: for a job occ1990dd's, for a state without work its own name. */
  get groups(): readonly string[] {
    const { groups, groupOf } = marketOccupations(this.counts);
    return groupOf.map((group) => groups[group] as string);
  }

  /** The exact oracle, for one person. */
  filter(person: Person): Filter {
    return new Filter(this.law, this.sighting, person);
  }

  /**
   * A person's positions in the law's lists.
   *
   * @returns undefined where a value is missing or none of the market's
   */
  personOf({ sex, ethnicity, birthYear }: Pick<Career, 'sex' | 'ethnicity' | 'birthYear'>): Person | undefined {
    const person = {
      sex: this.law.sexes.indexOf(sex ?? ''),
      ethnicity: this.law.ethnicities.indexOf(ethnicity ?? ''),
      birthYear: birthYear ?? -1,
    };
    return Object.values(person).includes(-1) ? undefined : person;
  }

  /** The careers of persons `from` to `to` - 1, one after the other: each from the seed and its number alone. */
  *careers(seed: number, to: number, from = 0): Generator<Career> {
    for (let number = from; number < to; number++) yield this.career(seed, number);
  }

  career(seed: number, number: number): Career {
    const { law, population } = this;
    // stream 0 is whatever else may be drawn from the seed
    const random = new Random(seed, number + 1);
    const [sex = 0, ethnicity = 0, region = 0] = this.counts.covariates[draw(random, this.covariateShares)] ?? [];
    const [firstBorn, lastBorn] = population.born;
    const birthYear = firstBorn + random.integer(lastBorn - firstBorn + 1);
    const person = { sex, ethnicity, birthYear };
    const place = this.counts.regions[region];
    const id = `${population.name}_${number}` as PersonId;
    return {
      person: id,
      cluster: id,
      survey: population.survey,
      sex: law.sexes[sex],
      ethnicity: law.ethnicities[ethnicity],
      region: place,
      birthYear,
      observations: this.observations(random, person, place),
    };
  }

  private observations(random: Random, person: Person, region: string | undefined): readonly Observation[] {
    const { law, population, sighting } = this;
    const { waves, oldest, missing, attrition } = population;
    const years = new Set(waves);
    const lastYear = Math.min(waves.at(-1) as number, person.birthYear + oldest);
    let year = entryYear(random, population, person.birthYear);
    const { type, education } = this.newcomer(random, person, year);
    let moment: Moment = { ...person, year, education };
    const starting = law.firstOccupations(type, moment).map((p, j) => (sighting.canBeRow(j) ? p : 0));
    let occupation = draw(random, starting);
    let level = draw(
      random,
      Array.from({ length: law.levels }, (_, i) => law.firstLevel(i, moment)),
    );
    let memory = NO_MEMORY;
    const observations: Observation[] = [];
    for (;;) {
      const isSeen = years.has(year) && sighting.canBeRow(occupation);
      if (isSeen && (observations.length === 0 || random.uniform() >= missing)) {
        observations.push({
          year,
          occupation: occupation as OccupationIndex,
          education: law.educations[moment.education],
          region,
          weight: 1,
        });
      }
      if (years.has(year) && random.uniform() < attrition) return observations;
      year += 1;
      if (year > lastYear) return observations;
      moment = this.educated(random, moment, year, occupation === law.inEducation, type);
      const leaving = law.leaving(moment)[(occupation * law.types + type) * law.levels + level] as number;
      if (random.uniform() >= leaving) {
        if (level + 1 < law.levels && random.uniform() < law.settling(level)) level += 1;
        continue;
      }
      const returns = memory !== NO_MEMORY && random.uniform() < law.returning(occupation);
      const next = returns ? memory : this.destination(random, occupation, type, moment);
      memory = memoryAfter(law, occupation, memory, next);
      occupation = next;
      level = 0;
    }
  }

  /** Type and first education of somebody who is in the data. */
  private newcomer(random: Random, person: Person, year: number): { type: number; education: number } {
    const { law, sighting } = this;
    const E = law.educations.length;
    const key = [person.sex, person.ethnicity, year - person.birthYear].join();
    const mass =
      this.newcomers.get(key) ??
      Array.from({ length: law.types * E }, (_, i) => {
        const [type, education] = [Math.floor(i / E), i % E];
        const first = law.firstEducation(type, { ...person, year, education });
        return law.typeShare(type, person) * first * sighting.selection(type, education);
      });
    this.newcomers.set(key, mass);
    const drawn = draw(random, mass);
    return { type: Math.floor(drawn / E), education: drawn % E };
  }

  /** The moment a year on. Education seldom rises, so that most years ask for one probability. */
  private educated(random: Random, last: Moment, year: number, wasInEducation: boolean, type: number): Moment {
    const { law } = this;
    let rest = random.uniform();
    let moment = last;
    for (let education = last.education; education < law.educations.length && rest >= 0; education++) {
      moment = { ...last, year, education };
      rest -= law.nextEducation(last.education, wasInEducation, type, moment);
    }
    return moment;
  }

  private destination(random: Random, from: number, type: number, moment: Moment): number {
    const { likeness, titles } = this.law;
    const { weights, totals } = this.law.moves(type, moment);
    let rest = random.uniform() * (totals[from] as number);
    let last = from;
    for (let to = 0, at = from * titles.length; to < titles.length; to++, at++) {
      const share = (likeness[at] as number) * (weights[to] as number);
      if (share === 0) continue;
      last = to;
      rest -= share;
      if (rest < 0) break;
    }
    return last;
  }
}

/** The year of the first row, as far as it does not depend on the occupation. */
const entryYear = (random: Random, { name, waves, entryAges }: Population, birthYear: number): number => {
  const [from, to] = entryAges;
  const first = waves[0] as number;
  // surveys take in whoever is old enough; a resume begins at an age of its own
  const earliest = birthYear + (name === 'resumes' ? from + random.integer(to - from + 1) : from);
  return waves.find((wave) => wave >= Math.max(earliest, first)) as number;
};

/** A position, as likely as its weight. */
const draw = (random: Random, weights: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] as number;
  let rest = random.uniform() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    last = i;
    rest -= weight;
    if (rest < 0) break;
  }
  return last;
};
