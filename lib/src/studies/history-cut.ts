/** What each further observation of the past is worth to a fitted model: it is asked with the last k only. */
import type { Career, OccupationIndex } from '../careers';
import {
  perplexityEstimate,
  scoreCareers,
  type BootstrapOptions,
  type Estimate,
  type ScoredObservation,
} from '../evaluation';
import type { DistributionOptions, OccupationModel, Query } from '../models';
import { perplexityRatio } from './perplexity-ratio';
import type { PartsLog } from './score-fits';

/** A model that is told the last `known` observations of a history, and nothing of those before. */
export class ShortHistory implements OccupationModel {
  constructor(
    readonly model: OccupationModel,
    readonly known: number,
  ) {}

  get name(): string {
    return this.model.name;
  }

  get surveys(): OccupationModel['surveys'] {
    return this.model.surveys;
  }

  private cut(queries: readonly Query[]): readonly Query[] {
    // slice(-0) would be all of it
    return queries.map((query) => ({
      ...query,
      history: query.history.slice(Math.max(0, query.history.length - this.known)),
    }));
  }

  logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    return this.model.logProbabilities(this.cut(queries), occupations);
  }

  distributions(queries: readonly Query[], options?: DistributionOptions) {
    return this.model.distributions(this.cut(queries), options);
  }

  save(folder: string): Promise<void> {
    return this.model.save(folder);
  }

  dispose(): void {
    this.model.dispose();
  }
}

export interface HistoryWorth {
  /** Observations that the model is told of; null for all. */
  readonly known: number | null;
  readonly perplexity: Estimate;
  /** This perplexity divided by that with the longest history asked for, paired. */
  readonly ratio: Estimate;
}

/** @param known how many of the last observations, each in turn, the longest last; null for all */
export async function* historyWorth(
  model: OccupationModel,
  careers: readonly Career[],
  known: readonly (number | null)[],
  options: BootstrapOptions = {},
): AsyncGenerator<PartsLog, readonly HistoryWorth[]> {
  const scored: (readonly ScoredObservation[])[] = [];
  for (const [index, k] of known.entries()) {
    scored.push(await scoreCareers(k === null ? model : new ShortHistory(model, k), careers));
    yield {
      part: index + 1,
      parts: known.length,
      what: `last ${k ?? 'all'} known to ${model.name}`,
      step: 1,
      steps: 1,
    };
  }
  return known.map((k, index): HistoryWorth => {
    const [own, longest] = [scored[index] ?? [], scored.at(-1) ?? []];
    return { known: k, perplexity: perplexityEstimate(own, options), ratio: perplexityRatio(own, longest, options) };
  });
}
