/** What notebook 08 fits: which sizes in which profile, and what the fits of each question differ by. */
import { crc32 } from 'node:zlib';
import { partOf, readSurvey, surveyOf, type MarketSettings, type PopulationName, type Survey } from '../careers';
import { dataPath } from './data-path';
import { covariateNames, surveyWithout } from './covariates';
import type { ModelFit } from './fit-on';
import { careerFit, heldOut, laborLlmFit, smallDecoder, type FitPlan, type HeldOut } from './introduction';
import type { ProfileName } from './profile';
import type { PlannedFit } from './score-fits';
import { shippedFoundations } from './shipped-foundations';

/** Steps and settings of a foundation, and how many careers are drawn at once. */
interface FoundationPlan extends FitPlan {
  readonly chunk: number;
}

export interface SourcesOfGainsPlan {
  /** Shares of the train persons, in ascending order. */
  readonly shares: readonly number[];
  /** LABOR-LLM from nothing on all train persons. */
  readonly fromNothing: FitPlan;
  /** The folder of a shipped foundation, or one of this shape and so many steps of pre-training; and fine-tuning from it. */
  readonly base: string | FoundationPlan;
  readonly fineTuning: FitPlan;
  /** Decoders of the two sizes that are compared when there is more data. */
  readonly smaller: FitPlan;
  readonly larger: FitPlan;
  /** The market's knob: how much words in common make occupations alike. */
  readonly rhos: readonly number[];
  /** The market's knob: how far the resumes that a foundation reads are from the survey. */
  readonly deltas: readonly number[];
  /** The same as `base` and `fineTuning`, for each way of writing titles and each rho. */
  readonly titlesFoundation: FoundationPlan;
  readonly titlesFineTuning: FitPlan;
  /** CAREER, which is asked the same questions as LABOR-LLM from nothing; the rest as it is by default. */
  readonly career: ModelFit;
  /** Most held-out persons whom fits are scored on. */
  readonly scoredPersons: number;
  /** Those of them who are asked with another header or a shortened history. */
  readonly askedPersons: number;
}

const shape = (width: number, layers: number): FitPlan['config'] => ({
  hidden_size: width,
  intermediate_size: Math.round(2.75 * width),
  num_hidden_layers: layers,
});
/** Foundations: batches of windows, short ones so that a step is as quick as one of fine-tuning. */
const reading = { batchTokens: 2048, window: 256, longWindow: 512, tokenizerChunks: 1, peak: 3e-3 };
const tuning = { batchTokens: 2048, peak: 1.5e-3 };
const smallShape = shape(128, 3);

export const sourcesOfGainsPlan: Readonly<Record<ProfileName, SourcesOfGainsPlan>> = {
  smoke: {
    shares: [0, 0.1, 1],
    fromNothing: { steps: 12, config: shape(32, 1) },
    base: { steps: 6, config: { ...shape(32, 1), ...reading }, chunk: 100 },
    fineTuning: { steps: 12, config: tuning },
    smaller: { steps: 8, config: shape(32, 1) },
    larger: { steps: 8, config: shape(48, 1) },
    rhos: [0, 1],
    deltas: [2],
    titlesFoundation: { steps: 6, config: { ...shape(32, 1), ...reading }, chunk: 100 },
    titlesFineTuning: { steps: 8, config: tuning },
    career: careerFit.smoke,
    scoredPersons: Infinity,
    askedPersons: 8,
  },
  classroom: {
    shares: [0, 0.1, 1],
    fromNothing: { steps: 200, config: smallDecoder },
    base: shippedFoundations.small,
    fineTuning: laborLlmFit.classroom,
    smaller: { steps: 80, config: { ...smallDecoder, ...shape(64, 2) } },
    larger: { steps: 80, config: smallDecoder },
    rhos: [0, 1],
    deltas: [2],
    titlesFoundation: { steps: 64, config: { ...shape(64, 2), ...reading }, chunk: 500 },
    titlesFineTuning: { steps: 40, config: tuning },
    career: careerFit.classroom,
    scoredPersons: 80,
    askedPersons: 30,
  },
  published: {
    shares: [0, 0.1, 1],
    fromNothing: { steps: 1500, config: {} },
    base: shippedFoundations.full,
    fineTuning: { steps: 500, config: {} },
    smaller: { steps: 800, config: smallShape },
    larger: { steps: 800, config: shape(256, 4) },
    rhos: [0, 1],
    deltas: [0, 1, 3],
    titlesFoundation: { steps: 1000, config: { ...smallShape, ...reading }, chunk: 2000 },
    titlesFineTuning: { steps: 600, config: {} },
    career: careerFit.published,
    scoredPersons: Infinity,
    askedPersons: 300,
  },
};

/** The held-out persons, of whom the plan takes the first. */
export const scoredPersons = (survey: Survey, plan: Pick<SourcesOfGainsPlan, 'scoredPersons'>): HeldOut => {
  const { split, careers } = heldOut(survey);
  return { split, careers: careers.slice(0, plan.scoredPersons) };
};

/**
 * The survey with a share of its train persons (households, where it has them), at least one; validation and test persons
 * stay as they are. Who is in a share is in every larger one.
 */
export const withTrainShare = (survey: Survey, share: number): Survey => {
  const clusters = [...new Set(survey.careers.filter((one) => partOf(one) === 'train').map(({ cluster }) => cluster))];
  const order = (cluster: string): number => crc32(`share ${cluster}`);
  const sorted = clusters.sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
  const kept = new Set(sorted.slice(0, Math.max(1, Math.round(share * sorted.length))));
  return { ...survey, careers: survey.careers.filter((one) => partOf(one) !== 'train' || kept.has(one.cluster)) };
};

/** How many steps fit a share of the train persons: fewer than for all, but more passes, of which the best is kept. */
const stepsFor = (steps: number, share: number): number => Math.max(1, Math.round(steps * Math.sqrt(share)));

export type Beginning = 'from the base' | 'from nothing' | 'counting';

type ShareFit = PlannedFit<{ readonly beginning: Beginning; readonly share: number }>;

/**
 * The value of fine-tuning: LABOR-LLM on growing shares of the train persons, from a base and from nothing, and counting
 * beside it. With no train person a base is asked off the shelf; without a base, every occupation is as likely.
 *
 * @param base undefined leaves its fits out
 */
export const shareFits = (
  survey: Survey,
  base: string | undefined,
  { shares, fromNothing, fineTuning }: SourcesOfGainsPlan,
  seed: number,
): readonly ShareFit[] =>
  shares.flatMap((share): ShareFit[] => {
    const surveys = [share === 0 ? survey : withTrainShare(survey, share)];
    const of = (beginning: Beginning) => ({ of: { beginning, share }, surveys });
    if (share === 0) {
      const nothing: ShareFit = { ...of('from nothing'), model: 'uniform', options: { seed } };
      return base === undefined
        ? [nothing]
        : [{ ...of('from the base'), model: 'off-the-shelf', options: { seed, base } }, nothing];
    }
    const text = ({ steps, config }: FitPlan) => ({ seed, steps: stepsFor(steps, share), config });
    const nothing: ShareFit = { ...of('from nothing'), model: 'labor-llm', options: text(fromNothing) };
    const counting: ShareFit = { ...of('counting'), model: 'empirical', options: { seed } };
    return base === undefined
      ? [nothing, counting]
      : [{ ...of('from the base'), model: 'labor-llm', options: { ...text(fineTuning), base } }, nothing, counting];
  });

/**
 * The survey that more data comes from: beside a drawn one another population of the same market, as large (that like the
 * NLSY79, beside that the one like the NLSY97); beside a real one the shipped panel of the other sex.
 *
 * @param shift how far the other drawn population is from this one (the market's knob)
 */
export const otherSurvey = async (survey: Survey, seed: number, shift = 0): Promise<Survey> => {
  if (survey.origin !== undefined) {
    const population = survey.origin.population === 'nlsy79' ? 'nlsy97' : 'nlsy79';
    return surveyOf(population, { persons: survey.careers.length, seed, shift });
  }
  const panels = await Promise.all(['young-men', 'young-women'].map((name) => readSurvey(dataPath(name))));
  return panels.find(({ name }) => name !== survey.name) as Survey;
};

export type Data = 'this survey' | 'both surveys';

/** More data from another population against a larger decoder, both from nothing. */
export const moreDataFits = (
  survey: Survey,
  other: Survey,
  { smaller, larger }: SourcesOfGainsPlan,
  seed: number,
): readonly PlannedFit<{ decoder: 'smaller' | 'larger'; data: Data }>[] =>
  (['smaller', 'larger'] as const).flatMap((decoder) =>
    [[survey], [survey, other]].map((surveys) => ({
      of: { decoder, data: surveys.length === 1 ? ('this survey' as const) : ('both surveys' as const) },
      model: 'labor-llm' as const,
      surveys,
      options: { seed, ...(decoder === 'smaller' ? smaller : larger) },
    })),
  );

/** A survey on which titles are asked about, and what the market that the base reads of has besides. */
interface TitlesSurvey {
  readonly survey: Survey;
  /** Null for a survey that was not drawn. */
  readonly rho: number | null;
  readonly market: Partial<MarketSettings>;
}

/** The survey itself; where it was drawn, one of the same population and market for each rho, as large. */
export const titlesSurveys = (survey: Survey, rhos: readonly number[], seed: number): readonly TitlesSurvey[] => {
  const { origin, careers } = survey;
  if (origin === undefined) return [{ survey, rho: null, market: {} }];
  const population = origin.population as PopulationName;
  return rhos.map((rho) => ({
    survey: surveyOf(population, { ...origin.settings, persons: careers.length, seed, rho }),
    rho,
    market: { rho },
  }));
};

export const titleWritings = ['words', 'codes', 'permuted'] as const;

export type TitleWriting = (typeof titleWritings)[number];

/** How titles are written in the survey, and how they were in what the base has read. */
interface Writings {
  readonly titles: TitleWriting;
  readonly before: TitleWriting;
}

const writings: readonly Writings[] = [
  { titles: 'words', before: 'words' },
  { titles: 'codes', before: 'words' },
  { titles: 'codes', before: 'codes' },
  { titles: 'permuted', before: 'permuted' },
];

/**
 * Titles against codes. A model that has read words and is fine-tuned on codes, as the paper's, loses the meaning of titles
 * and its pre-training at once. Two controls take these apart: codes that were codes in pre-training too, and titles that
 * were permuted in both, so that words are kept, but wrong ones.
 */
export const titleFits = (
  survey: Survey,
  bases: Readonly<Record<TitleWriting, string>>,
  { titlesFineTuning: { steps, config } }: SourcesOfGainsPlan,
  seed: number,
): readonly PlannedFit<Readonly<Record<keyof Writings, TitleWriting>>>[] =>
  writings.map(({ titles, before }) => ({
    of: { titles, before },
    model: 'labor-llm',
    surveys: [survey],
    options: { seed, steps, config: { ...config, titles }, base: bases[before] },
  }));

/** What is left out before the fit; the model is asked without it, too. */
export type LeftOut = 'nothing' | 'birth year' | 'all covariates';

/** Fine-tuning with and without the year of birth, and without any covariate of the header or the education. */
export const leftOutFits = (
  survey: Survey,
  base: string,
  plan: SourcesOfGainsPlan,
  seed: number,
): readonly PlannedFit<{ without: LeftOut }>[] => {
  const { steps, config } = plan.fineTuning;
  const fit = (without: LeftOut, on: Survey, settings: FitPlan['config'] | { birthYear: boolean }) => ({
    of: { without },
    model: 'labor-llm' as const,
    surveys: [on],
    options: { seed, steps, config: settings, base },
    careers: scoredPersons(on, plan).careers,
  });
  return [
    fit('nothing', survey, config),
    fit('birth year', survey, { ...config, birthYear: false }),
    fit('all covariates', surveyWithout(survey, covariateNames), config),
  ];
};
