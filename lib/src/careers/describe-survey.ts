/**
 * What a survey is like, in the numbers that decide whether and how a model can learn from it.
 */
import { partOf, splitSurvey, type Part } from './split';
import type { Career, Survey } from './survey';

export interface SurveyDescription {
  readonly name: string;
  readonly persons: number;
  readonly observations: number;
  /** Units of the split: persons, or households where the file has `cluster_id`. */
  readonly clusters: number;
  readonly parts: Readonly<Record<Part, { readonly persons: number; readonly observations: number }>>;
  readonly years: { readonly first: number; readonly last: number };
  /** Steps between a person's consecutive observations, by their length in years. */
  readonly steps: { readonly one: number; readonly two: number; readonly threeOrMore: number };
  /** Share of the observations without a value, by column; that of region is of each year's. */
  readonly missing: Readonly<Record<'education' | 'sex' | 'ethnicity' | 'region' | 'birth_year', number>>;
  /** Titles, and how many of the declared ones the train persons have seldom: those never seen included. */
  readonly occupations: {
    readonly declared: number;
    readonly occurring: number;
    readonly occurringInTrain: number;
    readonly below5InTrain: number;
    readonly below30InTrain: number;
  };
  /** A person's first observation, and later ones with another occupation than the one before, or with the same. */
  readonly transitions: { readonly first: number; readonly move: number; readonly stay: number };
  /** stay / (move + stay); undefined where nobody has two observations. */
  readonly stayShare: number | undefined;
}

export const describeSurvey = (survey: Survey): SurveyDescription => {
  const { careers, occupations } = survey;
  const observations = careers.flatMap((career) => career.observations);
  const parts = splitSurvey(survey);
  const sizeOf = (part: Part) => ({
    persons: parts[part].careers.length,
    observations: observationsIn(parts[part].careers),
  });
  const missingShare = (isMissing: (career: Career) => number): number =>
    careers.reduce((sum, career) => sum + isMissing(career), 0) / observations.length;
  const inAllRows = (key: 'sex' | 'ethnicity' | 'birthYear') =>
    missingShare((career) => (career[key] === undefined ? career.observations.length : 0));
  const inEachRow = (key: 'education' | 'region') =>
    missingShare((career) => career.observations.filter((observation) => observation[key] === undefined).length);

  const everywhere = countsOf(careers, occupations.length);
  const inTrain = countsOf(
    careers.filter((career) => partOf(career) === 'train'),
    occupations.length,
  );
  const { steps, move, stay } = stepsOf(careers);
  const years = observations.map((observation) => observation.year);
  return {
    name: survey.name,
    persons: careers.length,
    observations: observations.length,
    clusters: new Set(careers.map((career) => career.cluster)).size,
    parts: { train: sizeOf('train'), validation: sizeOf('validation'), test: sizeOf('test') },
    years: {
      first: years.reduce((a, b) => Math.min(a, b), Infinity),
      last: years.reduce((a, b) => Math.max(a, b), -Infinity),
    },
    steps,
    missing: {
      education: inEachRow('education'),
      sex: inAllRows('sex'),
      ethnicity: inAllRows('ethnicity'),
      region: inEachRow('region'),
      birth_year: inAllRows('birthYear'),
    },
    occupations: {
      declared: occupations.length,
      occurring: everywhere.filter((count) => count > 0).length,
      occurringInTrain: inTrain.filter((count) => count > 0).length,
      below5InTrain: inTrain.filter((count) => count < 5).length,
      below30InTrain: inTrain.filter((count) => count < 30).length,
    },
    transitions: { first: careers.length, move, stay },
    stayShare: move + stay === 0 ? undefined : stay / (move + stay),
  };
};

const observationsIn = (careers: readonly Career[]): number =>
  careers.reduce((sum, career) => sum + career.observations.length, 0);

/** [occupations] how many observations each has. */
const countsOf = (careers: readonly Career[], occupations: number): Uint32Array => {
  const counts = new Uint32Array(occupations);
  for (const career of careers) {
    for (const { occupation } of career.observations) counts[occupation] = (counts[occupation] ?? 0) + 1;
  }
  return counts;
};

const stepsOf = (careers: readonly Career[]) => {
  const steps = { one: 0, two: 0, threeOrMore: 0 };
  let move = 0;
  let stay = 0;
  for (const { observations } of careers) {
    observations.forEach((observation, i) => {
      const before = observations[i - 1];
      if (before === undefined) return;
      const years = observation.year - before.year;
      steps[years === 1 ? 'one' : years === 2 ? 'two' : 'threeOrMore']++;
      if (observation.occupation === before.occupation) stay++;
      else move++;
    });
  }
  return { steps, move, stay };
};
