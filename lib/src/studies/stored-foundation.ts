/** Foundations in the store of fitted models, so that notebooks and studies share what they have pre-trained. */
import { Market, type MarketSettings } from '../careers';
import type { FitLog, FitOptions, ResumeCorpus } from '../models';
import { fitInStore, storeFolder } from './store';

/**
 * Resumes without end, drawn from the synthetic market's population of resumes.
 *
 * @param chunk careers that are drawn at once
 */
export const resumeCorpus = (market: Market, seed: number, chunk: number): ResumeCorpus => ({
  description: `${market.population.survey}, ${market.population.description}; market ${market.hash}`,
  titles: market.occupations,
  chunk: (number) => [...market.careers(seed, (number + 1) * chunk, number * chunk)],
});

/** A foundation's settings are those of `labor-llm foundation --set`. */
export type FoundationOptions = Required<Pick<FitOptions, 'seed' | 'steps'>> &
  Pick<FitOptions, 'config' | 'signal'> & {
    /** Careers that are drawn at once; some are for the tokenizer, as many for the validation. */
    readonly chunk: number;
  };

/**
 * Pre-trains a foundation on resumes of a synthetic market into the store, or finds it there.
 *
 * @param settings of the market, those that are not the defaults
 * @returns its folder, for a fit's `base`
 */
export async function* foundationStored(
  settings: Partial<MarketSettings>,
  { signal, chunk, ...options }: FoundationOptions,
  store = storeFolder(),
): AsyncGenerator<FitLog, string> {
  const { fitFoundation } = await import('../models/foundation.js');
  const market = new Market('resumes', settings);
  const begun = {
    model: 'foundation',
    surveys: [market.population.survey],
    options,
    dataHash: `${market.hash} ${chunk}`,
  };
  const { folder } = yield* fitInStore(
    begun,
    async function* (folder) {
      const asked = { ...options, folder, resume: true, signal };
      const foundation = yield* fitFoundation(resumeCorpus(market, options.seed, chunk), asked);
      foundation?.decoder.dispose();
    },
    signal,
    store,
  );
  return folder;
}
