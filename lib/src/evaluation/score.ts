/** Careers scored by a model: the log-probability that it gave to each observation, from which every metric follows. */
import { setImmediate } from 'node:timers/promises';
import type { Career, OccupationIndex } from '../careers';
import { queriesOf, surveyPosition, type OccupationModel, type Query } from '../models';
import type { OnProgress } from '../support';
import { EvaluationError } from './evaluation-error';
import { summaryOf } from './outcomes';
import { scoredObservation, type ScoredObservation } from './scored-observation';

export interface ScoreOptions {
  /** Ask for whole distributions, from which the kept mass and all but perplexity follow; slow for a language model. */
  readonly distributions?: boolean;
  /**
   * Sees each observation's whole distribution, [J] not renormalised, of which nothing is kept but a summary: 16,000
   * observations of 344 occupations would take 44 MB, a million of them more than there is.
   */
  readonly onDistribution?: (observation: ScoredObservation, probabilities: Float64Array) => void;
  /** Careers that are put to the model together. */
  readonly blockSize?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

/** A log-probability may pass 0 by no more than this: what rounding of 32-bit floats explains. */
const ROUNDING = 1e-4;

/**
 * Scores every observation of the careers, in their order.
 *
 * @throws EvaluationError if the model answers with something that is no log-probability, the signal's reason if aborted.
 */
export const scoreCareers = async (
  model: OccupationModel,
  careers: readonly Career[],
  options: ScoreOptions = {},
): Promise<readonly ScoredObservation[]> => {
  const { distributions = false, onDistribution, blockSize = 64, onProgress, signal } = options;
  const scored: ScoredObservation[] = [];
  for (let start = 0; start < careers.length; start += blockSize) {
    signal?.throwIfAborted();
    const block = careers.slice(start, start + blockSize);
    const queries = block.flatMap(queriesOf);
    const occupations = block.flatMap((career) => career.observations.map(({ occupation }) => occupation));
    const answers = await (distributions ? fromDistributions : fromNamed)(model, queries, occupations);
    let index = 0;
    for (const career of block) {
      const { titles } = (distributions && model.surveys[surveyPosition(model.surveys, career.survey)]) || noTitles;
      career.observations.forEach((observation, position) => {
        const { year, occupation } = observation;
        const last = career.observations[position - 1];
        const answer = answers[index++];
        if (answer === undefined || !(answer.logProbability <= ROUNDING)) {
          throw new EvaluationError(
            `The model "${model.name}" gave ${answer?.logProbability ?? 'no answer'} as the log-probability of ` +
              `occupation ${occupation} for person "${career.person}" in ${year}: a number up to 0 was expected.`,
            { model: model.name, person: career.person, year, occupation, logProbability: answer?.logProbability },
          );
        }
        const { logProbability, keptMass, probabilities } = answer;
        const distribution = probabilities && summaryOf(probabilities, titles, occupation, last?.occupation);
        const one = scoredObservation(career, observation, last, { logProbability, keptMass, distribution });
        scored.push(one);
        if (probabilities !== undefined) onDistribution?.(one, probabilities);
      });
    }
    onProgress?.({ done: start + block.length, total: careers.length, unit: 'persons' });
    // a turn of the event loop, in which Ctrl-C can be heard
    await setImmediate();
  }
  return scored;
};

const noTitles = { titles: [] };

interface BlockAnswer {
  readonly logProbability: number;
  readonly keptMass: number | undefined;
  /** [J] */
  readonly probabilities: Float64Array | undefined;
}

type Ask = (
  model: OccupationModel,
  queries: readonly Query[],
  occupations: readonly OccupationIndex[],
) => Promise<readonly BlockAnswer[]>;

const fromNamed: Ask = async (model, queries, occupations) => {
  const logProbabilities = await model.logProbabilities(queries, occupations);
  return Array.from(logProbabilities, (logProbability) => ({
    logProbability,
    keptMass: undefined,
    probabilities: undefined,
  }));
};

const fromDistributions: Ask = async (model, queries, occupations) => {
  const distributions = await model.distributions(queries);
  return distributions.map(({ logProbabilities, keptMass }, index) => ({
    logProbability: logProbabilities[occupations[index] ?? -1] ?? NaN,
    keptMass,
    probabilities: logProbabilities.map(Math.exp),
  }));
};
