/** Who is followed when: three surveys like those of the paper, and a corpus of resumes that represents nobody. */
import type { Sighting } from './filter';
import type { Law } from './law';
import { MarketError } from './market-error';
import type { MarketSettings } from './settings';

export type PopulationName = 'psid81' | 'nlsy79' | 'nlsy97' | 'resumes';

export interface Population {
  readonly name: PopulationName;
  /** The survey's name, as a resume's first line has it. */
  readonly survey: string;
  readonly description: string;
  /** Persons where none are asked for: round numbers of ours. */
  readonly persons: number;
  /** Birth years, each as likely. */
  readonly born: readonly [first: number, last: number];
  /** Youngest and oldest age at the first row, which is in the first wave at that age or above. */
  readonly entryAges: readonly [from: number, to: number];
  readonly oldest: number;
  /** Years of interviews. */
  readonly waves: readonly number[];
  /** P(no row) in a wave after the first, and P(no more rows) after each. */
  readonly missing: number;
  readonly attrition: number;
}

const years = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

export const POPULATIONS: Readonly<Record<PopulationName, Population>> = {
  psid81: {
    name: 'psid81',
    survey: 'Synthetic PSID81',
    description: 'all ages from 18 to 75, yearly 1981-1997, then every two years to 2019',
    persons: 30_000,
    born: [1911, 1999],
    entryAges: [18, 70],
    oldest: 75,
    waves: [...years(1981, 1997), ...years(1999, 2019, 2)],
    missing: 0.01,
    attrition: 0.06,
  },
  nlsy79: {
    name: 'nlsy79',
    survey: 'Synthetic NLSY79',
    description: 'born 1957-1964, yearly 1979-1994, then every two years to 2018',
    persons: 12_000,
    born: [1957, 1964],
    entryAges: [14, 22],
    oldest: 75,
    waves: [...years(1979, 1994), ...years(1996, 2018, 2)],
    missing: 0.01,
    attrition: 0.012,
  },
  nlsy97: {
    name: 'nlsy97',
    survey: 'Synthetic NLSY97',
    description: 'born 1980-1984, yearly 1997-2011, then every two years to 2021',
    persons: 9_000,
    born: [1980, 1984],
    entryAges: [14, 17],
    oldest: 75,
    waves: [...years(1997, 2011), ...years(2013, 2021, 2)],
    missing: 0.004,
    attrition: 0.012,
  },
  resumes: {
    name: 'resumes',
    survey: 'Synthetic resumes',
    description:
      'jobs only, born 1950-1992, first job at 20 to 28, to 2020 at the latest; more educated by the knob delta',
    persons: 100_000,
    born: [1950, 1992],
    entryAges: [20, 28],
    oldest: 67,
    waves: years(1970, 2020),
    missing: 0,
    attrition: 0.05,
  },
};

export const populationNames = Object.keys(POPULATIONS) as readonly PopulationName[];

/** @throws MarketError for a name that is no population's */
export const populationOf = (name: string): Population => {
  if (Object.hasOwn(POPULATIONS, name)) return POPULATIONS[name as PopulationName];
  throw new MarketError(`There is no population "${name}". There are: ${populationNames.join(', ')}.`, { name });
};

/** Streams of `tiltDirection`: 1 is that of the structural break. */
const TILT_STREAMS: Readonly<Record<PopulationName, number>> = { nlsy97: 0, psid81: 2, nlsy79: 3, resumes: 4 };
/** Of delta 1: standard deviation of log weights of destinations, and log odds of being in the corpus for each level of education. */
const TILT_OF_DELTA = 0.35;
const SELECTION_OF_DELTA = 0.45;

/** By how much which direction a population's destinations are tilted; NLSY97's, on which all is calibrated, by none. */
export const tiltOf = (
  name: PopulationName,
  { delta, shift }: MarketSettings,
): { readonly stream: number; readonly size: number } => ({
  stream: TILT_STREAMS[name],
  size: name === 'nlsy97' ? 0 : name === 'resumes' ? delta * TILT_OF_DELTA : shift,
});

/** What comes to be a row: every wave of a survey; of a resume only jobs, and only of those who are in the corpus. */
export const sightingOf = (name: PopulationName, law: Law, { delta }: MarketSettings): Sighting => {
  if (name !== 'resumes') return { canBeRow: () => true, canBeMissing: () => true, selection: () => 1 };
  return {
    canBeRow: (occupation) => law.isJob[occupation] as boolean,
    canBeMissing: (occupation) => !law.isJob[occupation],
    // of two types with the same education the even ones, restless, are the rarer by the same factor
    selection: (type, education) =>
      Math.exp(delta * SELECTION_OF_DELTA * (Math.min(education, 4) - (law.types > 1 ? 1 - (type % 2) : 0))),
  };
};
