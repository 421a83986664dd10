/**
 * Standard errors by fitting again: over the training set, each fit on train persons drawn with replacement (the paper's
 * second kind of standard error beside that over the test set), and over seeds, each fit on the same data.
 */
import { partOf, type Career, type Survey } from '../careers';
import { perplexity, scoreCareers, spreadOf, type Spread } from '../evaluation';
import type { OccupationModel } from '../models';
import { Random } from '../support';
import { StudyError } from './study-error';

/** Fits a model to its end; the same survey and seed give the same model. */
export type Fit = (survey: Survey, seed: number) => Promise<OccupationModel>;

/**
 * The survey with as many of its train clusters as it has, drawn with replacement, whole careers: who is drawn twice is
 * there twice. Validation and test persons stay as they are.
 *
 * @param resample its number: one seed gives as many unrelated resamples as are wanted
 */
export const resampledTrainPersons = (survey: Survey, seed: number, resample: number): Survey => {
  const clusters = new Map<string, Career[]>();
  for (const career of survey.careers.filter((one) => partOf(one) === 'train')) {
    clusters.set(career.cluster, [...(clusters.get(career.cluster) ?? []), career]);
  }
  const groups = [...clusters.values()];
  const random = new Random(seed, resample);
  const drawn = groups.flatMap(() => random.pick(groups));
  return { ...survey, careers: [...drawn, ...survey.careers.filter((one) => partOf(one) !== 'train')] };
};

/**
 * A model's perplexities on the same careers over refits on resampled train persons. Called with the same seed for two
 * models it refits both on the same resamples, so that `spreadOfDifference` is paired.
 *
 * @throws StudyError where a fit has no perplexity
 */
export const overTrainPersons = (
  survey: Survey,
  fit: Fit,
  careers: readonly Career[],
  { refits, seed }: { readonly refits: number; readonly seed: number },
): Promise<Spread> =>
  overFits(
    Array.from({ length: refits }, (_, resample) => () => fit(resampledTrainPersons(survey, seed, resample), seed)),
    careers,
  );

/** A model's perplexities on the same careers over seeds, fitted on the survey as it is. */
export const overSeeds = (
  survey: Survey,
  fit: Fit,
  careers: readonly Career[],
  seeds: readonly number[],
): Promise<Spread> =>
  overFits(
    seeds.map((seed) => () => fit(survey, seed)),
    careers,
  );

const overFits = async (
  fits: readonly (() => Promise<OccupationModel>)[],
  careers: readonly Career[],
): Promise<Spread> => {
  const values: number[] = [];
  for (const fit of fits) {
    const model = await fit();
    try {
      const value = perplexity(await scoreCareers(model, careers));
      if (value === null) throw new StudyError('There is no observation to score the refits on.');
      values.push(value);
    } finally {
      model.dispose();
    }
  }
  return spreadOf(values);
};
