/**
 * Paths after the loss of a job, as a model foretells them: an economic use of P(next occupation). What is compared are
 * predictions for the same persons under two histories; what losing the job *does* to anybody is another question.
 */
import type { Career, OccupationIndex, Survey } from '../careers';
import { forecast, nonWorkingStates, type BootstrapOptions, type Estimate } from '../evaluation';
import type { OccupationModel } from '../models';
import type { OnProgress } from '../support';
import { meanEstimate } from './mean-estimate';
import { StudyError } from './study-error';

/** Somebody who has lost a job, or left an occupation, in the year from which is forecast. */
interface Loser {
  /** Up to a few years after the loss. */
  readonly career: Career;
  /** The occupation of the observation before. */
  readonly before: OccupationIndex;
}

export interface JobLosses {
  /** What counts as a loss in this survey, in words. */
  readonly event: string;
  /** The year of the loss, the last that is known. */
  readonly year: number;
  readonly losers: readonly Loser[];
  /** Where they may be in later years. */
  readonly categories: readonly string[];
  /** [J] the category of each occupation to somebody, by its position in `categories` */
  readonly categoriesFor: (loser: Loser) => readonly number[];
}

const BEFORE = 'the occupation before';
const OTHER = 'another occupation';

/**
 * Who of the persons lost a job in one year, and was asked again within the years after: the year is the one that leaves
 * the most such observations. Where the survey
 * has unemployment, that is a loss; else not to work; in a survey of years in work, to be in another occupation.
 *
 * @param ahead years after the loss
 * @param most  persons; the first by their number
 * @throws StudyError where there is nobody
 */
export const jobLosses = (survey: Survey, careers: readonly Career[], ahead = 6, most = Infinity): JobLosses => {
  const states = nonWorkingStates(survey.occupations);
  const isState = (occupation: OccupationIndex): boolean => states.some(([, state]) => state === occupation);
  const lost =
    states.find(([title]) => /unemployed/i.test(title)) ?? states.find(([title]) => /not working/i.test(title));
  const isLoss = (before: OccupationIndex, now: OccupationIndex): boolean =>
    lost === undefined ? now !== before : !isState(before) && now === lost[1];
  const byYear = new Map<number, Loser[]>();
  for (const career of careers) {
    career.observations.forEach(({ year, occupation }, t) => {
      const before = career.observations[t - 1]?.occupation;
      if (before === undefined || !isLoss(before, occupation)) return;
      const observations = career.observations.filter((one) => one.year <= year + ahead);
      if (observations.length === t + 1) return;
      byYear.set(year, [...(byYear.get(year) ?? []), { career: { ...career, observations }, before }]);
    });
  }
  const seenAfter = ([year, losers]: [number, Loser[]]): number =>
    losers.reduce((sum, { career }) => sum + career.observations.filter((one) => one.year > year).length, 0);
  const [fullest] = [...byYear].sort((a, b) => seenAfter(b) - seenAfter(a) || a[0] - b[0]);
  if (fullest === undefined)
    throw new StudyError(`In the survey "${survey.name}" nobody loses a job and is seen again.`);
  const [year, losers] = fullest;
  const categories = [BEFORE, OTHER, ...states.map(([title]) => title)];
  const positions = survey.occupations.map((_, j) => {
    const state = states.findIndex(([, occupation]) => occupation === j);
    return state < 0 ? 1 : 2 + state;
  });
  return {
    event: lost === undefined ? 'left the occupation' : `went from a job to the state "${lost[0]}"`,
    year,
    losers: losers.slice(0, most),
    categories,
    categoriesFor: ({ before }) => positions.map((position, j) => (j === before ? 0 : position)),
  };
};

export const scenarios = ['after the loss', 'observed', 'had they stayed'] as const;

export interface PathShare {
  readonly scenario: (typeof scenarios)[number];
  readonly year: number;
  readonly persons: number;
  readonly category: string;
  /** Share of paths, or of persons; interval over persons. */
  readonly share: Estimate;
}

/** What is published of the paths on a survey. */
export interface JobLossResults extends Pick<JobLosses, 'event' | 'year' | 'categories'> {
  readonly persons: number;
  /** Paths a person. */
  readonly pathsEach: number;
  readonly paths: readonly PathShare[];
}

export interface PathOptions extends BootstrapOptions {
  /** Paths a person. */
  readonly paths: number;
  readonly seed: number;
  readonly onProgress?: OnProgress;
}

/**
 * Forecasts the years after the loss from the history as it is, and from the same history with the loss taken out (the
 * occupation before held on to in that year); education stays what it was. Beside both stands what came.
 */
export const pathsAfterLoss = async (
  model: OccupationModel,
  losses: JobLosses,
  { paths, seed, onProgress, ...bootstrap }: PathOptions,
): Promise<readonly PathShare[]> => {
  const { year: from, losers, categories, categoriesFor } = losses;
  const stayed = losers.map(({ career, before }): Career => ({
    ...career,
    observations: career.observations.map((one) => (one.year === from ? { ...one, occupation: before } : one)),
  }));
  // by scenario and year: [persons][categories]
  const found = new Map<string, { scenario: PathShare['scenario']; year: number; rows: Float64Array[] }>();
  const add = (scenario: PathShare['scenario'], year: number, row: Float64Array): void => {
    const key = JSON.stringify([scenario, year]);
    const cell = found.get(key) ?? { scenario, year, rows: [] };
    found.set(key, cell);
    cell.rows.push(row);
  };
  const follow = async (scenario: PathShare['scenario'], careers: readonly Career[]): Promise<void> => {
    let person = 0;
    const options = { from, paths, seed, holdEducation: true, ...(onProgress === undefined ? {} : { onProgress }) };
    for await (const { years } of forecast(model, careers, options)) {
      const of = categoriesFor(losers[person++] as Loser);
      for (const { scored, shares } of years) {
        const row = new Float64Array(categories.length);
        shares.forEach((share, j) => ((row[of[j] as number] as number) += share));
        add(scenario, scored.year, row);
        if (scenario !== 'after the loss') continue;
        const came = new Float64Array(categories.length);
        came[of[scored.occupation] as number] = 1;
        add('observed', scored.year, came);
      }
    }
  };
  await follow(
    'after the loss',
    losers.map(({ career }) => career),
  );
  await follow('had they stayed', stayed);
  return [...found.values()]
    .sort((a, b) => scenarios.indexOf(a.scenario) - scenarios.indexOf(b.scenario) || a.year - b.year)
    .flatMap(({ scenario, year, rows }) =>
      categories.map((category, c) => {
        const values = rows.map((row) => row[c] as number);
        const each = { of: Uint32Array.from(values.keys()), count: values.length };
        return { scenario, year, persons: rows.length, category, share: meanEstimate(values, each, bootstrap) };
      }),
    );
};

/** How far a predicted share is from the observed one. */
export interface ShareGap {
  readonly year: number;
  readonly category: string;
  readonly predicted: number;
  readonly observed: number;
  /** Predicted minus observed, in standard errors that the observed share had if the predicted one were right. */
  readonly errors: number;
}

/**
 * The gaps between what was predicted after the loss and what was observed, the largest first. The error is the binomial one
 * under the predicted share, which is above 0 also where nobody, or everybody, was observed. A predicted share of 0 or 1 is
 * moved by half a path.
 *
 * @param count paths a person
 */
export const shareGaps = (paths: readonly PathShare[], count: number): readonly ShareGap[] =>
  paths
    .filter(({ scenario }) => scenario === 'after the loss')
    .flatMap(({ year, category, persons, share: { value: predicted } }) => {
      const came = paths.find((one) => one.scenario === 'observed' && one.year === year && one.category === category);
      const observed = came?.share.value;
      if (predicted === null || observed == null) return [];
      const halfPath = 0.5 / (persons * count);
      const p = Math.min(1 - halfPath, Math.max(halfPath, predicted));
      return [
        { year, category, predicted, observed, errors: (predicted - observed) / Math.sqrt((p * (1 - p)) / persons) },
      ];
    })
    .sort((a, b) => Math.abs(b.errors) - Math.abs(a.errors));
