/**
 * What a fitted model conditions on, found by asking: change one thing about a career, ask again, and see how far the
 * answer has moved. A model moves only by what it sees.
 */
import { setImmediate } from 'node:timers/promises';
import { splitSurvey, type Observation, type OccupationIndex, type Survey } from '../careers';
import { standardDeviation } from '../evaluation';
import type { Distribution, OccupationModel, Query } from '../models';
import type { OnProgress } from '../support';
import { StudyError } from './study-error';

/** What there is to change to. */
interface Values {
  /** Positions of the occupations, the most frequent first. */
  readonly occupations: readonly OccupationIndex[];
  readonly educations: readonly string[];
  readonly ethnicities: readonly string[];
  readonly sexes: readonly string[];
  readonly regions: readonly string[];
}

/** One thing about a query, changed; undefined where it cannot be. */
type Change = (query: Query, values: Values) => Query | undefined;

const YEARS_SHIFTED = 3;

const other = <Value>(values: readonly Value[], value: Value | undefined): Value | undefined =>
  value === undefined ? undefined : values.find((one) => one !== value);

/** Other occupations in those observations of the history that `isChanged` picks by how far they are from the last, 0. */
const withOccupations =
  (isChanged: (fromLast: number) => boolean): Change =>
  (query, { occupations }) => {
    const changed = (fromLast: number): boolean => fromLast >= 0 && isChanged(fromLast);
    const fromLast = query.history.map((_, index) => query.history.length - 1 - index);
    if (!fromLast.some(changed)) return undefined;
    const history = query.history.map((observation, index): Observation => {
      if (!changed(fromLast[index] as number)) return observation;
      const occupation = other(occupations, observation.occupation);
      return occupation === undefined ? observation : { ...observation, occupation };
    });
    return { ...query, history };
  };

/** The earlier occupations the other way round, in the same years; undefined where that is the same. */
const reversed: Change = (query) => {
  const earlier = query.history.slice(0, -2);
  const order = earlier.map(({ occupation }) => occupation).reverse();
  if (earlier.every(({ occupation }, index) => occupation === order[index])) return undefined;
  const history = query.history.map((observation, index): Observation => {
    const occupation = order[index];
    return occupation === undefined ? observation : { ...observation, occupation };
  });
  return { ...query, history };
};

const withCovariate =
  (name: 'ethnicity' | 'sex' | 'region', valuesOf: (values: Values) => readonly string[]): Change =>
  (query, values) => {
    const value = other(valuesOf(values), query.covariates[name]);
    return value === undefined ? undefined : { ...query, covariates: { ...query.covariates, [name]: value } };
  };

const shifted = (history: readonly Observation[], years: number): readonly Observation[] =>
  history.map((observation) => ({ ...observation, year: observation.year + years }));

const changes: Readonly<Record<string, Change>> = {
  'last occupation': withOccupations((fromLast) => fromLast === 0),
  'second-last occupation': withOccupations((fromLast) => fromLast === 1),
  'occupations before these': withOccupations((fromLast) => fromLast >= 2),
  'their order': reversed,
  'years since the last': (query) => ({ ...query, history: shifted(query.history, -YEARS_SHIFTED) }),
  'calendar year': (query) => ({
    ...query,
    // the whole life is earlier, so that ages and gaps are as they were
    covariates: {
      ...query.covariates,
      birthYear: query.covariates.birthYear && query.covariates.birthYear - YEARS_SHIFTED,
    },
    history: shifted(query.history, -YEARS_SHIFTED),
    year: query.year - YEARS_SHIFTED,
  }),
  'year of birth': ({ covariates, ...query }) =>
    covariates.birthYear === undefined
      ? undefined
      : { ...query, covariates: { ...covariates, birthYear: covariates.birthYear - YEARS_SHIFTED } },
  'education this year': (query, { educations }) => {
    const education = other(educations, query.education);
    return education === undefined ? undefined : { ...query, education };
  },
  ethnicity: withCovariate('ethnicity', ({ ethnicities }) => ethnicities),
  sex: withCovariate('sex', ({ sexes }) => sexes),
  region: withCovariate('region', ({ regions }) => regions),
};

/** How far a model's answers move. */
export interface Sensitivity {
  /** What was changed. */
  readonly change: string;
  /** In how many careers. */
  readonly careers: number;
  /** Total variation between the answers before and after, mean over the careers: 0 the same, 1 nothing in common. */
  readonly distance: number;
  /** Of that mean, over the careers, which are independent; null for one career. */
  readonly standardError: number | null;
}

/**
 * Half the sum of the absolute differences; probability on no declared occupation counts as one more.
 */
const totalVariation = (a: Distribution, b: Distribution): number => {
  const differences = a.logProbabilities.map((log, j) =>
    Math.abs(Math.exp(log) - Math.exp(b.logProbabilities[j] ?? NaN)),
  );
  return 0.5 * differences.reduce((sum, one) => sum + one, Math.abs(a.keptMass - b.keptMass));
};

/**
 * How far a model's answers move when one thing about the query is changed, each thing in turn; what cannot be changed in
 * any query, such as the sex in a survey of women, is left out.
 *
 * @param queries one a career, so that what they say is independent
 * @throws StudyError without queries
 */
export const sensitivities = async (
  model: OccupationModel,
  survey: Survey,
  queries: readonly Query[],
  { onProgress, signal }: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal } = {},
): Promise<readonly Sensitivity[]> => {
  if (queries.length === 0) throw new StudyError('There is no query to change anything about.');
  const values = valuesOf(survey);
  const before = await model.distributions(queries);
  const found: Sensitivity[] = [];
  const all = Object.entries(changes);
  for (const [index, [change, apply]] of all.entries()) {
    onProgress?.({ done: index, total: all.length, unit: 'changes' });
    // a turn of the event loop, in which the progress is shown and Ctrl-C can be heard
    await setImmediate();
    signal?.throwIfAborted();
    const changed = queries.flatMap((query, number) => {
      const next = apply(query, values);
      return next === undefined ? [] : [{ next, before: before[number] as Distribution }];
    });
    if (changed.length === 0) continue;
    const after = await model.distributions(changed.map(({ next }) => next));
    const distances = changed.map((one, number) => totalVariation(one.before, after[number] as Distribution));
    found.push({ change, careers: changed.length, ...meanOf(distances) });
  }
  return found;
};

const meanOf = (values: readonly number[]): Pick<Sensitivity, 'distance' | 'standardError'> => ({
  distance: values.reduce((sum, value) => sum + value, 0) / values.length,
  standardError: values.length < 2 ? null : standardDeviation(values) / Math.sqrt(values.length),
});

/** The values of the train persons. */
const valuesOf = (survey: Survey): Values => {
  const { careers } = splitSurvey(survey).train;
  const observations = careers.flatMap((career) => career.observations);
  return {
    occupations: byFrequency(observations.map(({ occupation }) => occupation)),
    educations: byFrequency(observations.map(({ education }) => education)),
    ethnicities: byFrequency(careers.map(({ ethnicity }) => ethnicity)),
    sexes: byFrequency(careers.map(({ sex }) => sex)),
    regions: byFrequency(careers.map(({ region }) => region)),
  };
};

const byFrequency = <Value>(values: readonly (Value | undefined)[]): readonly Value[] => {
  const counts = new Map<Value, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
};
