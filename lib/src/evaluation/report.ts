/** What is said of a model on a set of careers. */
import type { Career } from '../careers';
import type { OccupationModel } from '../models';
import { perplexityEstimate, type BootstrapOptions } from './bootstrap';
import { meanKeptMass, perplexity } from './perplexity';
import { scoreCareers, type ScoredObservation, type ScoreOptions, type Transition } from './score';

/** `labor-llm evaluate --json`. What is not defined for the observations at hand is null. */
export interface Report {
  readonly model: string;
  /** Whose careers: train, validation, test or all. */
  readonly split: string;
  readonly persons: number;
  readonly observations: number;
  /** exp of the mean negative log-probability over all observations, first ones included; not renormalised. */
  readonly perplexity: number | null;
  /** By bootstrap over persons (clusters). */
  readonly standardError: number | null;
  /** 95 %, percentiles of the same bootstrap. */
  readonly interval: readonly [low: number, high: number] | null;
  /** With probabilities divided by the kept mass; null without whole distributions. */
  readonly perplexityRenormalised: number | null;
  /** Mean mass on declared occupations; null without whole distributions. */
  readonly keptMass: number | null;
  readonly byTransition: Readonly<
    Record<Transition, { readonly perplexity: number | null; readonly observations: number }>
  >;
}

export const reportOf = (
  scored: readonly ScoredObservation[],
  { model, split, ...bootstrap }: { readonly model: string; readonly split: string } & BootstrapOptions,
): Report => {
  const { value, standardError, interval } = perplexityEstimate(scored, bootstrap);
  const ofTransition = (transition: Transition) => {
    const own = scored.filter((observation) => observation.transition === transition);
    return { perplexity: perplexity(own), observations: own.length };
  };
  return {
    model,
    split,
    persons: new Set(scored.map(({ survey, person }) => JSON.stringify([survey, person]))).size,
    observations: scored.length,
    perplexity: value,
    standardError,
    interval,
    perplexityRenormalised: perplexity(scored, { renormalised: true }),
    keptMass: meanKeptMass(scored),
    byTransition: { first: ofTransition('first'), move: ofTransition('move'), stay: ofTransition('stay') },
  };
};

/**
 * Scores careers and reports on them: `evaluate(model, splitSurvey(survey).validation.careers, {split: 'validation'})`.
 *
 * @throws EvaluationError if the model's answers are no log-probabilities.
 */
export const evaluate = async (
  model: OccupationModel,
  careers: readonly Career[],
  options: { readonly split: string } & ScoreOptions & BootstrapOptions,
): Promise<{ readonly report: Report; readonly observations: readonly ScoredObservation[] }> => {
  const observations = await scoreCareers(model, careers, options);
  return { report: reportOf(observations, { ...options, model: model.name }), observations };
};
