/** What notebook 02 runs: the lines of work, each with a model of ours that stands for it, and what each is given as input. */
import { splitSurvey, type Survey } from '../careers';
import { covariateLevels, HandFeatures, lastOthers, yearsHeld, type ModelName, type Query } from '../models';
import { renderPrompt } from '../resumes';
import { empiricalModelsFit } from './empirical-models';
import type { ModelFit } from './fit-on';
import { careerFit, introductionFit } from './introduction';
import type { ProfileName } from './profile';

export interface LineOfWork {
  /** As the notebook calls it. */
  readonly label: string;
  /** The model of ours that stands for the line. */
  readonly model: ModelName;
  /** In which form a career comes to the model. */
  readonly form: string;
}

/** From what conditions on nothing to what conditions on all, in words. */
export const linesOfWork = [
  { label: 'chance', model: 'uniform', form: 'nothing' },
  { label: 'shares', model: 'marginal', form: 'nothing' },
  { label: 'transitions', model: 'empirical', form: 'one code' },
  { label: 'logit', model: 'multinomial-logit', form: 'features made by hand' },
  { label: 'bag of jobs', model: 'bag-of-jobs', form: 'codes, the earlier ones without order' },
  { label: 'CAREER', model: 'career', form: 'codes in order' },
  { label: 'LABOR-LLM', model: 'labor-llm', form: 'text' },
] as const satisfies readonly LineOfWork[];

type Fitted = (typeof linesOfWork)[number]['model'];

/** What is told of each fit; what is not named is fitted as it is by default. */
export const relatedWorkFit: Readonly<Record<ProfileName, Readonly<Partial<Record<Fitted, ModelFit>>>>> = {
  smoke: {
    'multinomial-logit': { config: { maxIterations: 20 } },
    'bag-of-jobs': { steps: 20 },
    career: careerFit.smoke,
    'labor-llm': introductionFit.smoke,
  },
  classroom: {
    // notebook 05's, so that the store has it
    'multinomial-logit': { config: { maxIterations: empiricalModelsFit.classroom.logitIterations } },
    'bag-of-jobs': { steps: 260 },
    career: careerFit.classroom,
    'labor-llm': introductionFit.classroom,
  },
  published: { 'labor-llm': introductionFit.published },
};

/** The lines above whose inputs differ from each other. */
export type Input = Exclude<Fitted, 'uniform' | 'marginal'>;

/** What each model is given for a query, as text to be read; codes are positions in the survey's list. */
export const inputsOf = (survey: Survey, query: Query): Readonly<Record<Input, string>> => {
  const { covariates, history, year, education } = query;
  const code = (occupation: number): string => `#${occupation}`;
  const last = history.at(-1)?.occupation;
  const held = yearsHeld(history);
  const formers = lastOthers(history.map(({ occupation }) => occupation));
  const earlier = history.slice(0, -1);
  const statics = [covariates.ethnicity, covariates.sex, covariates.region]
    .map((value) => value ?? 'not known')
    .join(', ');
  return {
    empirical: last === undefined ? 'no occupation yet' : code(last),
    'multinomial-logit': handFeaturesOf(survey, query).join('\n'),
    'bag-of-jobs': [
      `last: ${last === undefined ? 'none' : code(last)}`,
      `earlier: ${counted(earlier.map(({ occupation }) => code(occupation)))}`,
      `education now: ${education ?? 'not known'}; earlier: ${counted(history.map((one) => one.education ?? 'not known'))}`,
      `year now: ${year}; earlier: ${counted(history.map((one) => String(one.year)))}`,
      statics,
    ].join('\n'),
    career: [...history, { year, education }]
      .map((asked, index) => {
        const [before, former] = [history[index - 1], formers[index - 1]];
        return [
          `last ${before === undefined ? 'none' : code(before.occupation)}`,
          `held ${held[index - 1] ?? 'none'}`,
          ...(former === undefined ? [] : [`formerly ${code(former)}`]),
          `year ${asked.year}`,
          asked.education ?? 'not known',
          ...(covariates.birthYear === undefined ? [] : [`age ${asked.year - covariates.birthYear}`]),
          `step ${before === undefined ? 'none' : asked.year - before.year}`,
          statics,
        ].join(', ');
      })
      .join('\n'),
    'labor-llm': renderPrompt(query, survey.occupations),
  };
};

/** The features that are not 0, by name, with their values where these are not 1. */
const handFeaturesOf = (survey: Survey, query: Query): readonly string[] => {
  const features = new HandFeatures(survey.occupations, covariateLevels(splitSurvey(survey).train.careers));
  return features.of(query).flatMap((part) =>
    part.features.map((feature, index) => {
      const value = part.values[index] as number;
      return `${features.names[feature]}${value === 1 ? '' : ` = ${value}`}`;
    }),
  );
};

/** `a 3 times, b once`, in the order of the names: a bag has no other. */
const counted = (names: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
  return (
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${name} ${times(count)}`)
      .join(', ') || 'none'
  );
};
