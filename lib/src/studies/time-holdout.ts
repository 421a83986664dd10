/**
 * A holdout in time (CAREER's protocol of forecasts): models fitted on what was known by a year foretell the years after it
 * of persons on whom nothing was fitted, by sampled paths.
 */
import type { Career, Survey } from '../careers';
import {
  comparePerplexities,
  forecast,
  forecastable,
  outcomeReports,
  perplexityEstimate,
  type Estimate,
  type OutcomeReport,
  type ScoredObservation,
} from '../evaluation';
import type { OccupationModel } from '../models';
import type { OnProgress } from '../support';
import { StudyError } from './study-error';

/** The survey as it was at the end of a year: later observations, and who has none but later ones, are not in it. */
export const surveyThrough = (survey: Survey, year: number): Survey => {
  const careers = survey.careers
    .map((career) => ({ ...career, observations: career.observations.filter((one) => one.year <= year) }))
    .filter(({ observations }) => observations.length > 0);
  // without its origin: cut careers are no longer what the market draws
  return { name: survey.name, occupations: survey.occupations, careers };
};

/** Share of the years covered by a survey that are fitted on: of 1997 to 2021, the years to 2011. */
const FITTED_SHARE = 0.6;

/** The last year that models are fitted on, the survey's first 60 %. @throws StudyError for a survey of one year */
export const holdoutYear = ({ name, careers }: Survey): number => {
  const years = careers.flatMap(({ observations }) => observations.map(({ year }) => year));
  const [first, last] = years.reduce(([low, high], year) => [Math.min(low, year), Math.max(high, year)], [
    Infinity,
    -Infinity,
  ] as [number, number]);
  if (!(last > first)) throw new StudyError(`The survey "${name}" has no year after its first: nothing to hold out.`);
  return Math.floor(first + FITTED_SHARE * (last - first));
};

export interface TimeHoldoutOptions {
  /** The last year that is known. */
  readonly from: number;
  /** Most persons that are forecast, the first of those who can be; by default all. */
  readonly persons?: number;
  /** Paths a person. */
  readonly paths: number;
  readonly seed: number;
  /** Education stays what it was; by default that of each later year is given, as CAREER has it. */
  readonly holdEducation?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

export interface TimeHoldoutRow {
  readonly model: string;
  readonly perplexity: Estimate;
  /** Less that of the first model, paired; null for itself. */
  readonly difference: Estimate | null;
  readonly byYear: readonly { readonly year: number; readonly persons: number; readonly perplexity: Estimate }[];
  /** States of not working, and another occupation than the last known one. */
  readonly outcomes: readonly OutcomeReport[];
}

export interface TimeHoldout {
  readonly from: number;
  readonly paths: number;
  readonly persons: number;
  readonly observations: number;
  readonly rows: readonly TimeHoldoutRow[];
}

/**
 * Forecasts the same persons with each model in turn, on as many paths.
 *
 * @param models fitted on `surveyThrough(survey, from)`, but for an oracle, which is fitted on nothing
 * @throws StudyError where nobody was observed both by `from` and in the last year; the signal's reason if aborted
 */
export const timeHoldout = async (
  models: readonly OccupationModel[],
  careers: readonly Career[],
  { from, persons, paths, seed, holdEducation = false, onProgress, signal }: TimeHoldoutOptions,
): Promise<TimeHoldout> => {
  const able = forecastable(careers, from).slice(0, persons);
  if (able.length === 0) {
    throw new StudyError(
      `None of ${careers.length} persons was observed both by ${from} and in the last year: hold out fewer years.`,
      { from },
    );
  }
  const answers: (readonly ScoredObservation[])[] = [];
  for (const model of models) {
    const scored: ScoredObservation[] = [];
    const forecasts = forecast(model, able, {
      ...{ from, paths, seed, holdEducation, blockSize: 8 },
      signal,
      onProgress: ({ done, total, unit }) => onProgress?.({ done, total, unit: `${unit}: ${model.name}` }),
    });
    for await (const { years } of forecasts) scored.push(...years.map((year) => year.scored));
    answers.push(scored);
  }
  const compared = comparePerplexities(answers, { seed });
  return {
    ...{ from, paths, persons: able.length, observations: answers[0]?.length ?? 0 },
    rows: models.map((model, index) => {
      const scored = answers[index] as readonly ScoredObservation[];
      return {
        model: model.name,
        perplexity: compared.models[index] as Estimate,
        difference: index === 0 ? null : compared.difference(index, 0),
        byYear: byYear(scored, seed),
        outcomes: outcomeReports(scored, { seed }),
      };
    }),
  };
};

const byYear = (scored: readonly ScoredObservation[], seed: number): TimeHoldoutRow['byYear'] =>
  [...new Set(scored.map(({ year }) => year))]
    .sort((a, b) => a - b)
    .map((year) => {
      const own = scored.filter((one) => one.year === year);
      return { year, persons: own.length, perplexity: perplexityEstimate(own, { seed }) };
    });
