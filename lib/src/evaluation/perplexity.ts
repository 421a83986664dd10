/** Perplexity: among how many equally likely occupations the model was, on average, undecided. */
import { weightOf } from './bootstrap';
import type { ScoredObservation } from './scored-observation';

export interface PerplexityOptions {
  /** Each observation counts as much as its survey weight. */
  readonly weighted?: boolean;
  /** Over the declared occupations alone: each probability divided by the mass the model kept on them. */
  readonly renormalised?: boolean;
}

/**
 * exp of the mean negative log-probability. Infinity where an observation had probability 0; null where there is no
 * observation (or no weight), or where it is to be renormalised and the kept mass is not known.
 */
export const perplexity = (scored: readonly ScoredObservation[], options: PerplexityOptions = {}): number | null => {
  const { weighted = false, renormalised = false } = options;
  let sum = 0;
  let total = 0;
  for (const { logProbability, keptMass, weight } of scored) {
    if (renormalised && keptMass === undefined) return null;
    const share = weighted ? weight : 1;
    if (share === 0) continue; // 0 times -Infinity would be no number
    sum += share * (renormalised ? logProbability - Math.log(keptMass ?? 1) : logProbability);
    total += share;
  }
  return total === 0 ? null : Math.exp(-sum / total);
};

/** Mean mass on declared occupations; null where it is not known of every observation, or there is none. */
export const meanKeptMass = (
  scored: readonly ScoredObservation[],
  { weighted = false }: Pick<PerplexityOptions, 'weighted'> = {},
): number | null => {
  let sum = 0;
  let total = 0;
  for (const observation of scored) {
    if (observation.keptMass === undefined) return null;
    const share = weightOf(observation, weighted);
    sum += share * observation.keptMass;
    total += share;
  }
  return total === 0 ? null : sum / total;
};
