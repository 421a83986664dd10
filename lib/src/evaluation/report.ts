/** What is said of a model on a set of careers. */
import type { Career } from '../careers';
import type { OccupationModel } from '../models';
import type { BootstrapOptions } from './bootstrap';
import { perplexityEstimate } from './compare';
import { by, byStep, characteristics, type GroupKey } from './groups';
import { outcomeReports, topAccuracy, type OutcomeReport } from './outcome-report';
import { meanKeptMass, perplexity } from './perplexity';
import { scoreCareers, type ScoreOptions } from './score';
import type { ScoredObservation, Transition } from './scored-observation';
import { ShareCollector, type OccupationShare, type ShareDistance } from './shares';
import { transitionShares, type TransitionShare } from './transition-shares';

/** A group's perplexity. */
export interface GroupPerplexity {
  readonly perplexity: number | null;
  readonly observations: number;
}

export type GroupPerplexities = Readonly<Record<string, GroupPerplexity>>;

/** The metrics that can be weighted. What is not defined for the observations at hand is null. */
export interface Metrics {
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
  readonly byTransition: Readonly<Record<Transition, GroupPerplexity>>;
  /** By years since the last observation; first observations are in none. */
  readonly byStep: GroupPerplexities;
  readonly byEducation: GroupPerplexities;
  readonly bySex: GroupPerplexities;
  readonly byEthnicity: GroupPerplexities;
  readonly byAge: GroupPerplexities;
  /** Share of observations whose occupation was the model's first, or among its first five; null as `keptMass`. */
  readonly topAccuracy: { readonly top1: number | null; readonly top5: number | null } | null;
  /** States of not working and moves; null as `keptMass`. */
  readonly outcomes: readonly OutcomeReport[] | null;
  /** Predicted against observed; null as `keptMass`. */
  readonly representativeness: {
    readonly shares: readonly ShareDistance[];
    readonly transitions: readonly TransitionShare[];
  } | null;
}

/** `labor-llm evaluate --json`. */
export interface Report extends Metrics {
  readonly model: string;
  /** Whose careers: train, validation, test or all. */
  readonly split: string;
  readonly persons: number;
  readonly observations: number;
  /** The same with each observation counting as much as its survey weight; null where the survey has none. */
  readonly weighted: Metrics | null;
}

/** What a report is made of, besides the observations. */
export interface ReportOptions extends Omit<BootstrapOptions, 'weighted'> {
  readonly model: string;
  readonly split: string;
  /** The shares of occupations, which only the scoring itself could add up; unweighted and weighted. */
  readonly shares?: { readonly plain: ShareCollector; readonly weighted: ShareCollector };
}

/** Whether observations differ from each other in what they count. */
export const hasWeights = (observations: readonly { readonly weight: number }[]): boolean =>
  observations.some(({ weight }) => weight !== 1);

export const reportOf = (scored: readonly ScoredObservation[], options: ReportOptions): Report => {
  const { model, split, shares, ...bootstrap } = options;
  return {
    model,
    split,
    persons: new Set(scored.map(({ survey, person }) => JSON.stringify([survey, person]))).size,
    observations: scored.length,
    ...metricsOf(scored, shares?.plain, bootstrap),
    weighted: hasWeights(scored) ? metricsOf(scored, shares?.weighted, { ...bootstrap, weighted: true }) : null,
  };
};

const metricsOf = (
  scored: readonly ScoredObservation[],
  shares: ShareCollector | undefined,
  options: BootstrapOptions,
): Metrics => {
  const { weighted = false } = options;
  const { value, standardError, interval } = perplexityEstimate(scored, options);
  const own = (group: readonly ScoredObservation[]): GroupPerplexity => ({
    perplexity: perplexity(group, { weighted }),
    observations: group.length,
  });
  const grouped = (key: GroupKey): GroupPerplexities =>
    Object.fromEntries([...by(scored, key)].map(([name, group]) => [name, own(group)]));
  const ofTransition = (transition: Transition): GroupPerplexity =>
    own(scored.filter((observation) => observation.transition === transition));
  const hasDistributions = scored.length > 0 && scored.every(({ distribution }) => distribution !== undefined);
  return {
    perplexity: value,
    standardError,
    interval,
    perplexityRenormalised: perplexity(scored, { renormalised: true, weighted }),
    keptMass: meanKeptMass(scored, { weighted }),
    byTransition: { first: ofTransition('first'), move: ofTransition('move'), stay: ofTransition('stay') },
    byStep: grouped(byStep),
    byEducation: grouped(characteristics.education),
    bySex: grouped(characteristics.sex),
    byEthnicity: grouped(characteristics.ethnicity),
    byAge: grouped(characteristics.age),
    topAccuracy: hasDistributions
      ? { top1: topAccuracy(scored, 1, options), top5: topAccuracy(scored, 5, options) }
      : null,
    outcomes: hasDistributions ? outcomeReports(scored, options) : null,
    representativeness: hasDistributions
      ? { shares: shares?.distances() ?? [], transitions: transitionShares(scored, options) }
      : null,
  };
};

/** What an evaluation gives. */
export interface Evaluation {
  readonly report: Report;
  readonly observations: readonly ScoredObservation[];
  /** Every occupation's predicted and observed share in every group; none without whole distributions. */
  readonly shares: readonly OccupationShare[];
}

/**
 * Scores careers and reports on them: `evaluate(model, splitSurvey(survey).validation.careers, {split: 'validation'})`.
 *
 * @throws EvaluationError if the model's answers are no log-probabilities.
 */
export const evaluate = async (
  model: OccupationModel,
  careers: readonly Career[],
  options: { readonly split: string } & Omit<ScoreOptions, 'onDistribution'> & Omit<BootstrapOptions, 'weighted'>,
): Promise<Evaluation> => {
  const { split, seed, level, resamples } = options;
  const bootstrap = {
    ...(seed === undefined ? {} : { seed }),
    ...(level === undefined ? {} : { level }),
  };
  const plain = new ShareCollector(bootstrap);
  const weighted = new ShareCollector({ ...bootstrap, weighted: true });
  const isWeighted = careers.some((career) => hasWeights(career.observations));
  const observations = await scoreCareers(model, careers, {
    ...options,
    onDistribution: (observation, probabilities) => {
      plain.add(observation, probabilities);
      if (isWeighted) weighted.add(observation, probabilities);
    },
  });
  const report = reportOf(observations, {
    model: model.name,
    split,
    shares: { plain, weighted },
    ...bootstrap,
    ...(resamples === undefined ? {} : { resamples }),
  });
  return { report, observations, shares: plain.shares() };
};
