/** Covariates as numbers, for models that do not read text: a level for each value that train persons had. */
import type { Career } from '../careers';
import type { Query } from './occupation-model';

/** The values of each covariate among train persons, sorted; level 0 is what is missing or was never seen. */
export interface CovariateLevels {
  readonly year: readonly number[];
  readonly education: readonly string[];
  readonly sex: readonly string[];
  readonly ethnicity: readonly string[];
  readonly region: readonly string[];
}

/** Levels of a query: of the year and education that are asked about, and of what stays the same. */
export type LevelsOfQuery = Readonly<Record<keyof CovariateLevels, number>>;

const sorted = <Value extends string | number>(values: Iterable<Value | undefined>): Value[] =>
  [...new Set(values)].filter((value) => value !== undefined).sort((a, b) => (a < b ? -1 : 1));

/** The levels among these careers, which should be those of train persons. */
export const covariateLevels = (careers: readonly Career[]): CovariateLevels => {
  const observations = careers.flatMap((career) => career.observations);
  return {
    year: sorted(observations.map(({ year }) => year)),
    education: sorted(observations.map(({ education }) => education)),
    sex: sorted(careers.map(({ sex }) => sex)),
    ethnicity: sorted(careers.map(({ ethnicity }) => ethnicity)),
    region: sorted(careers.map(({ region }) => region)),
  };
};

/** From 1; 0 where the value is missing or none of the levels. */
const levelOf = (levels: readonly string[], value: string | undefined): number =>
  value === undefined ? 0 : levels.indexOf(value) + 1;

/** From 0: a year that no train person had is the nearest that one had, the earlier of two. */
export const yearLevel = (years: readonly number[], year: number): number => {
  let nearest = 0;
  years.forEach((known, level) => {
    if (Math.abs(known - year) < Math.abs((years[nearest] as number) - year)) nearest = level;
  });
  return nearest;
};

/** The levels of one year of a person: of a query, or of an observation in its history. */
export const levelsOfYear = (
  levels: CovariateLevels,
  { sex, ethnicity, region }: Query['covariates'],
  { year, education }: Pick<Query, 'year' | 'education'>,
): LevelsOfQuery => ({
  year: yearLevel(levels.year, year),
  education: levelOf(levels.education, education),
  sex: levelOf(levels.sex, sex),
  ethnicity: levelOf(levels.ethnicity, ethnicity),
  region: levelOf(levels.region, region),
});
