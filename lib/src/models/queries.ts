/** From a career to the questions that a model is asked about it. */
import type { Career, Covariates } from '../careers';
import type { Query } from './occupation-model';

/** What is known of a person besides the career, and nothing else of it: a model sees no observation through it. */
export const covariatesOf = ({ survey, sex, ethnicity, region, birthYear }: Career): Covariates => ({
  survey,
  sex,
  ethnicity,
  region,
  birthYear,
});

/** One query an observation, each with the observations before it as its history: the first with none. */
export const queriesOf = (career: Career): readonly Query[] => {
  const covariates = covariatesOf(career);
  return career.observations.map(({ year, education }, index) => ({
    covariates,
    history: career.observations.slice(0, index),
    year,
    education,
  }));
};
