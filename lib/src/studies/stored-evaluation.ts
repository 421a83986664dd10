/**
 * A stored model's evaluation, kept in its folder: what took a language model half an hour to answer is not asked again
 * when a study is stopped and goes on, or another model is added to it.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Career } from '../careers';
import {
  ANY,
  evaluate,
  reportOf,
  scoreCareers,
  stepName,
  transitionOf,
  TRANSITIONS,
  type Compared,
  type Metrics,
  type Report,
  type ScoredObservation,
} from '../evaluation';
import type { OccupationModel } from '../models';
import { writeFileAtomic, type OnProgress } from '../support';
import { codeHash } from './store';

export interface StoredEvaluation {
  readonly report: Report;
  /** [observations] null stands for -Infinity, which JSON has not */
  readonly logProbabilities: readonly (number | null)[];
  /** Observations a second when only the probability of what came is asked for. */
  readonly scoredPerSecond: number;
  /** Observations a second when the probabilities of all occupations are; null where they were not asked for. */
  readonly distributionsPerSecond: number | null;
}

export interface EvaluationPlan {
  readonly split: string;
  readonly seed: number;
  readonly distributions: boolean;
  /** Persons, the first ones, whose whole distributions are asked for; by default all. Perplexities are of all persons. */
  readonly distributionPersons?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress;
}

const FILE = 'evaluation.json';

/**
 * Evaluates the model that a folder of the store holds, or reads what a former evaluation with the same plan and code
 * has left there. The folder's name stands for the data, of which `careers` are the held-out part.
 */
export const evaluateStored = async (
  model: OccupationModel,
  folder: string,
  careers: readonly Career[],
  plan: EvaluationPlan,
): Promise<StoredEvaluation> => {
  const { split, seed, distributions, distributionPersons } = plan;
  const plans = [split, careers.length, seed, distributions, distributionPersons ?? null];
  const made = JSON.stringify([...plans, codeHash('evaluation')]);
  const key = createHash('sha256').update(made).digest('hex');
  const path = join(folder, FILE);
  const kept = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as StoredEvaluation & { readonly key: string },
    () => undefined,
  );
  if (kept?.key === key) return kept;
  const evaluation = await evaluateAnew(model, careers, plan);
  await writeFileAtomic(path, `${JSON.stringify({ key, ...evaluation })}\n`);
  // as it will be read again
  return JSON.parse(JSON.stringify(evaluation)) as StoredEvaluation;
};

const evaluateAnew = async (
  model: OccupationModel,
  careers: readonly Career[],
  { split, seed, distributions, distributionPersons = careers.length, signal, onProgress }: EvaluationPlan,
): Promise<StoredEvaluation> => {
  // what only a first call takes (memory, kernels) is no part of the speed
  await scoreCareers(model, careers.slice(0, 8), { signal });
  let ended = 0;
  const timed = async <Result>(work: (onProgress: OnProgress) => Promise<Result>): Promise<[Result, number]> => {
    const began = performance.now();
    const result = await work((progress) => {
      ended = performance.now(); // the metrics that follow the last person are no part of the speed
      onProgress?.(progress);
    });
    return [result, (ended - began) / 1000];
  };
  const [scored, seconds] = await timed((show) => scoreCareers(model, careers, { signal, onProgress: show }));
  const scoredPerSecond = scored.length / seconds;
  const reportOfNamed = (): Report => reportOf(scored, { model: model.name, split, seed });
  const logsOf = (some: readonly ScoredObservation[]): readonly number[] =>
    some.map(({ logProbability }) => logProbability);
  if (!distributions) {
    return {
      report: reportOfNamed(),
      logProbabilities: logsOf(scored),
      scoredPerSecond,
      distributionsPerSecond: null,
    };
  }
  const some = careers.slice(0, distributionPersons);
  const [whole, wholeSeconds] = await timed((show) =>
    evaluate(model, some, { signal, split, seed, distributions, onProgress: show }),
  );
  const isAll = some.length === careers.length;
  return {
    report: withoutDetails(isAll ? whole.report : withDistributionsOf(reportOfNamed(), whole.report)),
    logProbabilities: logsOf(isAll ? whole.observations : scored),
    scoredPerSecond,
    distributionsPerSecond: whole.observations.length / wholeSeconds,
  };
};

/** The report on all persons, with what only whole distributions tell from the report on some of them. */
const withDistributionsOf = (all: Report, some: Report): Report => {
  const merged = <Part extends Metrics>(
    own: Part,
    { keptMass, topAccuracy, outcomes, representativeness }: Metrics,
  ) => ({
    ...own,
    ...{ keptMass, topAccuracy, outcomes, representativeness },
  });
  return { ...merged(all, some), weighted: all.weighted && some.weighted && merged(all.weighted, some.weighted) };
};

/** Transitions out of each state by subgroup are hundreds of rows a model: `labor-llm evaluate` has them. */
const withoutDetails = (report: Report): Report => {
  const brief = <Part extends Metrics>(metrics: Part): Part => ({
    ...metrics,
    representativeness: metrics.representativeness && {
      ...metrics.representativeness,
      transitions: metrics.representativeness.transitions.filter(
        ({ characteristic, from }) => characteristic === 'all' || from === ANY,
      ),
    },
  });
  return { ...brief(report), weighted: report.weighted && brief(report.weighted) };
};

/** What is compared of an observation, and the groups that it is in. */
export type ScoredAgain = Compared & Pick<ScoredObservation, 'transition' | 'step' | 'education'>;

/** The observations with the log-probabilities that were kept, for comparisons. */
export const scoredAgain = (
  careers: readonly Career[],
  { logProbabilities }: StoredEvaluation,
): readonly ScoredAgain[] => {
  let index = 0;
  return careers.flatMap(({ survey, person, cluster, observations }) =>
    observations.map(({ year, weight, education, occupation }, t) => {
      const logProbability = logProbabilities[index++] ?? -Infinity;
      const last = observations[t - 1];
      const transition = transitionOf(occupation, last?.occupation);
      const step = last && year - last.year;
      return { survey, person, cluster, year, weight, logProbability, transition, step, education };
    }),
  );
};

/** Observations with something in common. */
export interface ObservationGroup {
  readonly characteristic: 'transition' | 'step' | 'education';
  readonly group: string;
  readonly observations: number;
}

/** The groups that occur: transitions, steps by length, educations (in the year itself) by name. */
export const observationGroups = (
  observations: readonly ScoredAgain[],
  characteristics: readonly ObservationGroup['characteristic'][],
): readonly (ObservationGroup & { readonly isIn: (one: ScoredAgain) => boolean })[] => {
  const namesOf = {
    transition: TRANSITIONS,
    step: [1, 2, 3].map(stepName),
    education: [...new Set(observations.flatMap(({ education }) => education ?? []))].sort(),
  };
  return characteristics
    .flatMap((characteristic) =>
      namesOf[characteristic].map((group) => {
        const isIn = (one: ScoredAgain): boolean =>
          (characteristic === 'step' ? one.step && stepName(one.step) : one[characteristic]) === group;
        return { characteristic, group, observations: observations.filter(isIn).length, isIn };
      }),
    )
    .filter((one) => one.observations > 0);
};
