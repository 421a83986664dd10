/** What the covariates are worth to a fitted model: they are withheld from it, or another person's are put in their place. */
import type { Career, Survey } from '../careers';
import { scoreCareers, type BootstrapOptions, type Estimate } from '../evaluation';
import type { OccupationModel } from '../models';
import { Random } from '../support';
import { perplexityRatio } from './perplexity-ratio';
import type { PartsLog } from './score-fits';

export const covariateNames = ['sex', 'ethnicity', 'region', 'birthYear', 'education'] as const;

export type CovariateName = (typeof covariateNames)[number];

/** The careers with covariates of theirs taken from others, or from nobody; `education` is that of every year. */
const withCovariates = (
  careers: readonly Career[],
  names: readonly CovariateName[],
  donorOf: (index: number) => Career | undefined,
): readonly Career[] =>
  careers.map((career, index) => {
    const donor = donorOf(index);
    const statics = names.filter((name) => name !== 'education').map((name) => [name, donor?.[name]]);
    const changed: Career = { ...career, ...Object.fromEntries(statics) };
    if (!names.includes('education')) return changed;
    const educations = donor?.observations.map(({ education }) => education) ?? [];
    // a donor with fewer observations keeps the last education
    const educationAt = (t: number): string | undefined => educations[Math.min(t, educations.length - 1)];
    return {
      ...changed,
      observations: career.observations.map((one, t) => ({ ...one, education: educationAt(t) })),
    };
  });

/** Nothing is known of these covariates. */
export const withoutCovariates = (careers: readonly Career[], names: readonly CovariateName[]): readonly Career[] =>
  withCovariates(careers, names, () => undefined);

/**
 * Each person's covariates are those of another, drawn without replacement: their distribution stays as it is, and what
 * they say of the person is lost.
 */
export const swappedCovariates = (
  careers: readonly Career[],
  names: readonly CovariateName[],
  seed: number,
): readonly Career[] => {
  const order = new Random(seed).shuffle(careers.map((_, index) => index));
  const donors = new Map(order.map((index, i) => [index, careers[order[(i + 1) % order.length] as number]]));
  return withCovariates(careers, names, (index) => donors.get(index));
};

/** The survey of a fit that never learns of these covariates. */
export const surveyWithout = (survey: Survey, names: readonly CovariateName[]): Survey => ({
  ...survey,
  careers: withoutCovariates(survey.careers, names),
});

export interface CovariateWorth {
  /** What was changed: a covariate, or `all`. */
  readonly covariate: CovariateName | 'all';
  /** Perplexity with it dropped, or swapped, divided by perplexity as asked; paired. */
  readonly dropped: Estimate;
  readonly swapped: Estimate;
}

/** The covariates that have more than one value among the careers: of the others nothing can be learned. */
export const varyingCovariates = (careers: readonly Career[]): readonly CovariateName[] =>
  covariateNames.filter((name) => new Set(careers.flatMap((career) => valuesOf(career, name))).size > 1);

/** Each covariate that varies, and all of them together. */
export async function* covariateWorth(
  model: OccupationModel,
  careers: readonly Career[],
  seed: number,
  options: BootstrapOptions = {},
): AsyncGenerator<PartsLog, readonly CovariateWorth[]> {
  const asked = await scoreCareers(model, careers);
  const varying = varyingCovariates(careers);
  const loss = async (changed: readonly Career[]): Promise<Estimate> =>
    perplexityRatio(await scoreCareers(model, changed), asked, options);
  const worth: CovariateWorth[] = [];
  for (const [index, covariate] of [...varying, 'all' as const].entries()) {
    const names = covariate === 'all' ? varying : [covariate];
    const dropped = await loss(withoutCovariates(careers, names));
    worth.push({ covariate, dropped, swapped: await loss(swappedCovariates(careers, names, seed)) });
    yield { part: index + 1, parts: varying.length + 1, what: `${covariate}, ${model.name}`, step: 1, steps: 1 };
  }
  return worth;
}

const valuesOf = ({ observations, ...statics }: Career, name: CovariateName): readonly unknown[] =>
  name === 'education' ? observations.map(({ education }) => education) : [statics[name]];
