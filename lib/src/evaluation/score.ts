/** Careers scored by a model: the log-probability that it gave to each observation, from which every metric follows. */
import { setImmediate } from 'node:timers/promises';
import type { Career, OccupationIndex, PersonId } from '../careers';
import { queriesOf, type OccupationModel, type Query } from '../models';
import type { OnProgress } from '../support';
import { EvaluationError } from './evaluation-error';

/** A person's first observation; one with another occupation than the last; one with the same. */
export type Transition = 'first' | 'move' | 'stay';

export const TRANSITIONS: readonly Transition[] = ['first', 'move', 'stay'];

/** An observation and the probability that a model gave it, knowing what came before. */
export interface ScoredObservation {
  readonly survey: string;
  readonly person: PersonId;
  /** The unit of the bootstrap. */
  readonly cluster: string;
  readonly year: number;
  readonly occupation: OccupationIndex;
  readonly transition: Transition;
  /** Years since the last observation; undefined for the first. */
  readonly step: number | undefined;
  /** Natural logarithm, not renormalised. */
  readonly logProbability: number;
  /** Mass that the model put on declared occupations; undefined where the whole distribution was not asked for. */
  readonly keptMass: number | undefined;
  /** Survey weight; 1 where the file has none. */
  readonly weight: number;
}

export interface ScoreOptions {
  /** Ask for whole distributions, which give the kept mass; slow for a language model. */
  readonly distributions?: boolean;
  /** Careers that are put to the model together. */
  readonly blockSize?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
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
  const { distributions = false, blockSize = 64, onProgress, signal } = options;
  const scored: ScoredObservation[] = [];
  for (let start = 0; start < careers.length; start += blockSize) {
    signal?.throwIfAborted();
    const block = careers.slice(start, start + blockSize);
    const queries = block.flatMap(queriesOf);
    const occupations = block.flatMap((career) => career.observations.map(({ occupation }) => occupation));
    const answers = await (distributions ? fromDistributions : fromNamed)(model, queries, occupations);
    let index = 0;
    for (const career of block) {
      career.observations.forEach((observation, position) => {
        const { year, occupation, weight } = observation;
        const before = career.observations[position - 1];
        const answer = answers[index++];
        if (answer === undefined || !(answer.logProbability <= ROUNDING)) {
          throw new EvaluationError(
            `The model "${model.name}" gave ${answer?.logProbability ?? 'no answer'} as the log-probability of ` +
              `occupation ${occupation} for person "${career.person}" in ${year}: a number up to 0 was expected.`,
            { model: model.name, person: career.person, year, occupation, logProbability: answer?.logProbability },
          );
        }
        scored.push({
          survey: career.survey,
          person: career.person,
          cluster: career.cluster,
          year,
          occupation,
          transition: before === undefined ? 'first' : before.occupation === occupation ? 'stay' : 'move',
          step: before && year - before.year,
          logProbability: answer.logProbability,
          keptMass: answer.keptMass,
          weight,
        });
      });
    }
    onProgress?.({ done: start + block.length, total: careers.length, unit: 'persons' });
    // a turn of the event loop, in which Ctrl-C can be heard
    await setImmediate();
  }
  return scored;
};

interface Answer {
  readonly logProbability: number;
  readonly keptMass: number | undefined;
}

type Ask = (
  model: OccupationModel,
  queries: readonly Query[],
  occupations: readonly OccupationIndex[],
) => Promise<readonly Answer[]>;

const fromNamed: Ask = async (model, queries, occupations) => {
  const logProbabilities = await model.logProbabilities(queries, occupations);
  return Array.from(logProbabilities, (logProbability) => ({ logProbability, keptMass: undefined }));
};

const fromDistributions: Ask = async (model, queries, occupations) => {
  const distributions = await model.distributions(queries);
  return distributions.map(({ logProbabilities, keptMass }, index) => ({
    logProbability: logProbabilities[occupations[index] ?? -1] ?? NaN,
    keptMass,
  }));
};
