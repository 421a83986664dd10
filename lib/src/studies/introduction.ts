/** What notebook 01 runs: how long the short fit is in each profile, whose career it tells, whom it scores. */
import { splitSurvey, type Career, type Survey } from '../careers';
import type { Comparison } from '../evaluation';
import type { ModelFit } from './fit-on';
import type { ProfileName } from './profile';
import { shippedFoundations } from './shipped-foundations';
import { StudyError } from './study-error';

/** Steps in total and settings of LABOR-LLM, as `fitModel` takes them. */
export interface FitPlan {
  readonly steps: number;
  readonly config: Readonly<Record<string, number | boolean>>;
}

/** A decoder of half a million parameters: 20,000 observations teach it in a few minutes on two cores. */
export const smallDecoder = {
  hidden_size: 128,
  intermediate_size: 352,
  num_hidden_layers: 3,
  batchTokens: 2048,
  peak: 2e-3,
};

/** A decoder that learns nothing in no time. */
export const tinyDecoder = {
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 2,
};

/** LABOR-LLM as the later notebooks fit it, one fit for all of them: from the small foundation, but for smoke. */
export const laborLlmFit = {
  smoke: { steps: 60, config: smallDecoder },
  // 120 and 2e-3 of those tried: 80 longer steps at the rate of the large one had 8.67 where these have 7.99
  classroom: { steps: 120, config: { batchTokens: 2048, peak: 2e-3 }, base: shippedFoundations.small },
} as const satisfies Partial<Record<ProfileName, FitPlan & ModelFit>>;

/** CAREER as the later notebooks fit it; at full size as it is by default. */
export const careerFit: Readonly<Record<ProfileName, ModelFit>> = {
  smoke: { steps: 10, config: { layers: 1, width: 48 } },
  classroom: { steps: 120 },
  published: {},
};

/** The paper's own form of resumes, which the first notebooks show and fit; what the library adds, notebook 06 tells. */
const paperForm = { reminders: false, wholeTitles: false };

export const introductionFit: Readonly<Record<ProfileName, FitPlan>> = {
  smoke: { steps: 60, config: { ...smallDecoder, ...paperForm } },
  classroom: { steps: 480, config: { ...smallDecoder, ...paperForm } },
  published: { steps: 4000, config: paperForm },
};

/** Persons that nothing was fitted on. */
export interface HeldOut {
  /** What they are called: `test`, `validation`, or `inner` for those of the inner fold. */
  readonly split: string;
  readonly careers: readonly Career[];
}

/**
 * The test persons; where a survey has none, the validation persons, who have chosen the checkpoint and so flatter the
 * model a little.
 *
 * @throws StudyError where there is neither.
 */
export const heldOut = (survey: Survey): HeldOut => {
  const { test, validation } = splitSurvey(survey);
  if (test.careers.length > 0) return { split: 'test', careers: test.careers };
  if (validation.careers.length > 0) return { split: 'validation', careers: validation.careers };
  throw new StudyError(`The survey "${survey.name}" has neither test nor validation persons: it has too few persons.`);
};

/**
 * A career worth guessing at: the first with six observations or more whose last occupation differs from the one before
 * but was held in three earlier years; where there is none, the longest.
 *
 * @throws StudyError where there is no career.
 */
export const exampleCareer = (careers: readonly Career[]): Career => {
  const returns = ({ observations }: Career): boolean => {
    const [before, last] = observations.slice(-2);
    const timesHeld = observations.filter(({ occupation }) => occupation === last?.occupation).length - 1;
    return observations.length >= 6 && before?.occupation !== last?.occupation && timesHeld >= 3;
  };
  const longest = careers.reduce<Career | undefined>(
    (best, career) => (career.observations.length > (best?.observations.length ?? 0) ? career : best),
    undefined,
  );
  const example = careers.find(returns) ?? longest;
  if (example === undefined) throw new StudyError('There is no career to show.');
  return example;
};

/** What an interval allows to say: which of two models has the lower perplexity, or that it cannot be told. */
export const verdict = (first: string, second: string, { difference }: Comparison): string => {
  const { value, interval } = difference;
  if (value === null || interval === null) return `${first} and ${second} cannot be compared on so few persons.`;
  const [low, high] = interval;
  const size = (x: number): string => Math.abs(x).toFixed(2);
  if (high < 0) return `${first} is less perplexed than ${second}, by ${size(value)} (${size(high)} to ${size(low)}).`;
  if (low > 0) return `${first} is more perplexed than ${second}, by ${size(value)} (${size(low)} to ${size(high)}).`;
  return (
    `Which of ${first} and ${second} is less perplexed cannot be told: ` +
    `their difference of ${value.toFixed(2)} has the interval ${low.toFixed(2)} to ${high.toFixed(2)}.`
  );
};
