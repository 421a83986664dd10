/**
 * Two years ahead (the paper's section 7): what a model says of the year after next directly, beside its predictions of one
 * year compounded over what the next year may be. Both know the career up to a year t and hold the education of t; nothing
 * later is seen but which year is asked about.
 */
import { setImmediate } from 'node:timers/promises';
import type { Career, OccupationIndex } from '../careers';
import {
  clustersOf,
  comparePerplexities,
  compoundedProbability,
  correlation,
  type Ahead,
  type Compared,
  type Estimate,
} from '../evaluation';
import { covariatesOf, type OccupationModel, type Query } from '../models';
import type { OnProgress } from '../support';
import { StudyError } from './study-error';

export interface TwoYearsOptions {
  /** Share of the next year's probability whose occupations are followed, the most probable first; 1 for all. */
  readonly cover: number;
  readonly seed: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

export interface TwoYears {
  readonly model: string;
  readonly persons: number;
  /** Pairs of a year and the year after next in which the person was observed. */
  readonly observations: number;
  /** Perplexities of what came two years on. */
  readonly direct: Estimate;
  readonly compounded: Estimate;
  /** Compounded minus direct, paired. */
  readonly difference: Estimate;
  /** Pearson's, over the observations, of the two probabilities of what came; with its interval over persons. */
  readonly correlation: Estimate;
  /** Mean mass of the next year that was not followed. */
  readonly leftOut: number;
  /** [observations] direct and compounded probability of what came */
  readonly probabilities: readonly (readonly [direct: number, compounded: number])[];
}

/** A question two years ahead. */
interface Question {
  readonly career: Career;
  /** Asks about the next year, with the history up to t. */
  readonly next: Query;
  readonly ahead: Ahead;
  readonly occupation: OccupationIndex;
  readonly weight: number;
}

/** One question for each observation that has another two years after it. */
const questionsOf = (career: Career): readonly Question[] =>
  career.observations.flatMap(({ year, education }, index) => {
    const target = career.observations.find((later) => later.year === year + 2);
    if (target === undefined) return [];
    const history = career.observations.slice(0, index + 1);
    const next = { covariates: covariatesOf(career), history, year: year + 1, education };
    const ahead = { year: year + 2, education };
    return [{ career, next, ahead, occupation: target.occupation, weight: target.weight }];
  });

/**
 * Asks a model about every year that lies two after an observed one.
 *
 * @throws StudyError where no career has such a year; the signal's reason if aborted
 */
export const twoYearsAhead = async (
  model: OccupationModel,
  careers: readonly Career[],
  { cover, seed, onProgress, signal }: TwoYearsOptions,
): Promise<TwoYears> => {
  const asked = careers.map(questionsOf).filter((questions) => questions.length > 0);
  const questions = asked.flat();
  if (questions.length === 0) throw new StudyError('No career has two observations that are two years apart.');
  const direct: number[] = [];
  const compounded: number[] = [];
  let leftOut = 0;
  for (const [done, own] of asked.entries()) {
    direct.push(
      ...(await model.logProbabilities(
        own.map(({ next, ahead }) => ({ ...next, ...ahead })),
        own.map(({ occupation }) => occupation),
      )),
    );
    for (const { next, ahead, occupation } of own) {
      signal?.throwIfAborted();
      const answer = await compoundedProbability(model, next, ahead, occupation, { cover });
      compounded.push(Math.log(answer.probability));
      leftOut += answer.leftOut / questions.length;
      // a turn of the event loop, in which Ctrl-C can be heard
      await setImmediate();
    }
    onProgress?.({ done: done + 1, total: asked.length, unit: 'persons, two years ahead' });
  }
  const scored = (logProbabilities: readonly number[]): readonly Compared[] =>
    questions.map(({ career: { survey, person, cluster }, ahead: { year }, weight }, index) => {
      const logProbability = logProbabilities[index] as number;
      return { survey, person, cluster, year, weight, logProbability };
    });
  const { models, difference } = comparePerplexities([scored(direct), scored(compounded)], { seed });
  const probabilities = direct.map((one, index) => [Math.exp(one), Math.exp(compounded[index] as number)] as const);
  return {
    model: model.name,
    persons: asked.length,
    observations: questions.length,
    direct: models[0] as Estimate,
    compounded: models[1] as Estimate,
    difference: difference(1, 0),
    correlation: correlation(probabilities, clustersOf(questions.map(({ career }) => career)), { seed }),
    leftOut,
    probabilities,
  };
};
