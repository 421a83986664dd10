/** Standard errors by fitting again, model by model, with the refits kept in the store: over train sets and over seeds. */
import type { Career, Survey } from '../careers';
import { spreadOfDifference, type Spread } from '../evaluation';
import { fitOn, type FitOnOptions } from './fit-on';
import { overSeeds, overTrainPersons, type Fit } from './refits';

export interface RefitOptions extends Omit<FitOnOptions, 'education'> {
  readonly models: readonly string[];
  /** Refits on resampled train persons; none below 1. */
  readonly refits: number;
  /** Fits with other seeds on the survey as it is; none below 1. */
  readonly seeds: number;
  /** The model that differences are to. */
  readonly reference: string;
}

/** How far a model's perplexity varies from fit to fit; differences are paired by resample and by seed. */
export interface RefitErrors {
  readonly model: string;
  readonly overTrainSets: Spread;
  readonly overSeeds: Spread;
  /** Less the reference model's over the same train sets; null for itself and where it is not there. */
  readonly difference: Spread | null;
}

/**
 * Fits each model again and scores it on the same careers. What is in the store is not fitted again.
 *
 * @throws ModelError where a model cannot be fitted; the signal's reason if aborted
 */
export const refitErrors = async (
  survey: Survey,
  careers: readonly Career[],
  { models, refits, seeds, reference, ...options }: RefitOptions,
): Promise<readonly RefitErrors[]> => {
  const rows: Omit<RefitErrors, 'difference'>[] = [];
  const { seed, signal, onProgress } = options;
  for (const model of models) {
    let fitted = 0;
    const fit: Fit = async (of, fitSeed) => {
      signal?.throwIfAborted();
      onProgress?.(model, `fit again, ${fitted + 1} of ${refits + seeds}`, fitted++ / (refits + seeds));
      // the share of one fit is not that of all
      return (await fitOn(model, of, { ...options, seed: fitSeed, onProgress: () => undefined })).model;
    };
    const others = Array.from({ length: seeds }, (_, index) => seed + index);
    rows.push({
      model,
      overTrainSets: await overTrainPersons(survey, fit, careers, { refits, seed }),
      overSeeds: await overSeeds(survey, fit, careers, others),
    });
  }
  const to = rows.find(({ model }) => model === reference);
  return rows.map((row) => ({
    ...row,
    difference: to === undefined || row === to ? null : spreadOfDifference(row.overTrainSets, to.overTrainSets),
  }));
};
