/** What notebook 06 and its appendices run: how many persons are learned from and asked, and what a fit's record says. */
import { partOf, type Career, type Survey } from '../careers';
import type { LaborLlm } from '../models';
import type { LaborLlmSettings } from '../models/fit-labor-llm';
import { learningRateAt } from '../training/schedule';
import type { ProfileName } from './profile';

export interface LaborLlmPlan {
  /** Most train persons. */
  readonly trainPersons: number;
  /** Most held-out persons who are asked about, by models whose prompts are long. */
  readonly askedPersons: number;
  /** Of these, those of whose observations whole distributions are computed, and of how many of each, the first ones. */
  readonly wholePersons: number;
  readonly wholeObservations: number;
  /** Most iterations of a logit on embeddings. */
  readonly logitIterations: number;
}

export const laborLlmPlan: Readonly<Record<ProfileName, LaborLlmPlan>> = {
  smoke: { trainPersons: 60, askedPersons: 4, wholePersons: 1, wholeObservations: 9, logitIterations: 10 },
  classroom: { trainPersons: 120, askedPersons: 30, wholePersons: 3, wholeObservations: 10, logitIterations: 60 },
  published: {
    trainPersons: Infinity,
    askedPersons: Infinity,
    wholePersons: 300,
    wholeObservations: Infinity,
    logitIterations: 500,
  },
};

/** A survey with no more than its first `count` train persons; validation and test persons stay as they are. */
export const withTrainPersons = (survey: Survey, count: number): Survey => {
  let left = count;
  return { ...survey, careers: survey.careers.filter((career) => partOf(career) !== 'train' || left-- > 0) };
};

/** The beginnings of the first persons' careers: those observations of which whole distributions are computed. */
export const wholeCareers = (
  careers: readonly Career[],
  { wholePersons, wholeObservations }: LaborLlmPlan,
): readonly Career[] =>
  careers
    .slice(0, wholePersons)
    .map((career) => ({ ...career, observations: career.observations.slice(0, wholeObservations) }));

/** A step of a fit, as its record keeps it. */
export interface FittedStep {
  readonly step: number;
  /** Passes over the train persons so far. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Mean negative log-probability of a token of the step's batch. */
  readonly loss: number;
  /** Mean negative log-probability of a validation person's observation, after the passes at whose end it was computed. */
  readonly validationLoss?: number;
}

/** What a fit by passes went through, step by step; the same whether it was fitted now or comes from the store. */
export const fittedSteps = ({ training }: LaborLlm): readonly FittedStep[] => {
  const { steps, losses, validation } = training;
  const settings = training.settings as unknown as LaborLlmSettings;
  const validated = new Map(validation.map(({ step, loss }) => [step, loss]));
  return losses.map((loss, index) => {
    const step = index + 1;
    const validationLoss = validated.get(step);
    return {
      step,
      epoch: (settings.epochs * step) / steps,
      learningRate: learningRateAt(step, steps, settings),
      loss,
      ...(validationLoss === undefined ? {} : { validationLoss }),
    };
  });
};
