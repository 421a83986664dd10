/** What notebook 07 runs: the models side by side, on which surveys, for how many persons, in each profile. */
import type { PopulationName, Survey } from '../careers';
import type { OccupationModel } from '../models';
import type { Progress } from '../support';
import { allModels, type AllModels } from './all-models';
import { fitOn, type FitOnOptions, type ModelFit } from './fit-on';
import { heldOut, laborLlmFit, tinyDecoder } from './introduction';
import { namedSurvey } from './notebook-survey';
import type { ProfileName } from './profile';
import { refitErrors, type RefitErrors } from './refit-errors';
import { relatedWorkFit } from './related-work';
import { readResults } from './results';
import { askedBack, comingBack, expectedBack, isStateOf, leads, situationsOf, type Returns } from './returns';
import { evaluateStored, scoredAgain, type ScoredAgain } from './stored-evaluation';
import { sourceName, surveySources } from './survey-sources';
import { surveyThrough, timeHoldout, type TimeHoldout } from './time-holdout';
import { twoYearsAhead, type TwoYears } from './two-years';

/** A survey of the main table besides the notebook's: a drawn population, or a shipped panel. */
export type OtherSurvey = PopulationName | 'young-women' | 'young-men';

export interface ComparisonPlan {
  /** What is told of each fit; what is not named is fitted as it is by default. */
  readonly fits: Readonly<Record<string, ModelFit>>;
  /** Models on the notebook's survey; the oracle joins where there is one. */
  readonly models: readonly string[];
  /** Held-out persons, the first ones; without it all. */
  readonly persons?: number;
  /** Of these, persons whose whole distributions are asked for; without it all. */
  readonly distributionPersons?: number;
  /** The main table's other surveys, with the models that are fitted there and the persons who are scored. */
  readonly others: {
    readonly surveys: readonly OtherSurvey[];
    readonly models: readonly string[];
    readonly persons?: number;
    /** As above; without it of none. */
    readonly distributionPersons?: number;
  };
  /** Fits on resampled train persons and with other seeds. */
  readonly refits: { readonly models: readonly string[]; readonly refits: number; readonly seeds: number };
  /** Two years ahead: `cover` as in `twoYearsAhead`. */
  readonly twoYears: { readonly models: readonly string[]; readonly persons?: number; readonly cover: number };
  readonly holdout: { readonly models: readonly string[]; readonly persons?: number; readonly paths: number };
  /** Who comes back to a former job: models, the one that the others are held against, persons (of those who are scored) who are asked. */
  readonly returns: { readonly models: readonly string[]; readonly against: string; readonly persons: number };
}

/** Those that the paper compares, and the alternatives to fine-tuning that it tries. */
const alternatives = ['numeric', 'off-the-shelf', 'in-context', 'embedding-logit'];
const paperModels = ['empirical', 'multinomial-logit', 'career', 'labor-llm', ...alternatives];
const returning = paperModels.slice(0, 4);

/**
 * From the foundation: five passes, the paper's longer schedule, or a thousand updates where persons are few. Best
 * validation losses in nats, beside those of 500 updates: NLSY97 1.820 (1.875), young women 1.820 (1.832), drawn NLSY97
 * 1.958 (1.978), drawn PSID81 1.973 (1.976), young men 2.471 (2.466).
 */
const fivePasses: ModelFit = { config: { epochs: 5, leastUpdates: 1000 } };

export const comparisonPlan: Readonly<Record<ProfileName, ComparisonPlan>> = {
  smoke: {
    fits: {
      ...relatedWorkFit.smoke,
      'labor-llm': laborLlmFit.smoke,
      numeric: { steps: 3, config: tinyDecoder },
      'embedding-logit': { config: { maxIterations: 3 } },
    },
    models: ['marginal', ...paperModels],
    persons: 8,
    distributionPersons: 3,
    others: { surveys: ['young-men'], models: ['marginal', 'empirical'] },
    refits: { models: ['marginal', 'empirical'], refits: 3, seeds: 2 },
    twoYears: { models: ['empirical', 'career', 'labor-llm', 'oracle'], persons: 2, cover: 0.5 },
    holdout: { models: ['empirical', 'career', 'oracle'], persons: 3, paths: 4 },
    returns: { models: returning, against: 'career', persons: 3 },
  },
  // without the numeric model, which takes as long as LABOR-LLM: notebook 08 asks what titles give
  classroom: {
    fits: {
      ...relatedWorkFit.classroom,
      'labor-llm': laborLlmFit.classroom,
      'embedding-logit': { config: { maxIterations: 100 } },
    },
    models: ['marginal', ...paperModels.filter((name) => name !== 'numeric')],
    persons: 50,
    distributionPersons: 5,
    others: { surveys: ['psid81', 'nlsy79', 'young-men'], models: ['marginal', 'empirical'], persons: 20 },
    refits: { models: ['marginal', 'empirical'], refits: 20, seeds: 1 },
    twoYears: { models: ['empirical', 'multinomial-logit', 'career', 'labor-llm', 'oracle'], persons: 4, cover: 0.8 },
    // LABOR-LLM, which would have to be fitted once more for it, joins at full size
    holdout: { models: ['empirical', 'career', 'oracle'], persons: 12, paths: 20 },
    returns: { models: returning, against: 'career', persons: 50 },
  },
  published: {
    // the paper's CAREER has thousands of updates, and is far from done in any time to wait
    fits: {
      'labor-llm': fivePasses,
      numeric: fivePasses,
      'career-paper': { minutes: 8 },
    },
    models: ['uniform', 'marginal', 'bag-of-jobs', 'career-paper', ...paperModels],
    distributionPersons: 60,
    others: {
      surveys: ['psid81', 'nlsy79', 'young-women', 'young-men'],
      models: ['marginal', 'empirical', 'multinomial-logit', 'career', 'labor-llm'],
      distributionPersons: 60,
    },
    // LABOR-LLM's own five fits would take hours
    refits: { models: ['empirical', 'multinomial-logit', 'career'], refits: 3, seeds: 3 },
    twoYears: { models: [...paperModels.slice(0, 4), 'oracle'], persons: 40, cover: 0.9 },
    holdout: { models: [...paperModels.slice(0, 4), 'oracle'], persons: 60, paths: 30 },
    returns: { models: returning, against: 'career', persons: 300 },
  },
};

export type ComparisonOptions = Pick<FitOnOptions, 'seed' | 'store' | 'signal' | 'onProgress'>;

/** Models that are a base as it is, asked by its prompt. */
const asked = ['off-the-shelf', 'in-context'] as const;

/** All models on one survey. */
export interface SurveyResult {
  readonly survey: string;
  readonly result: AllModels;
  /** Of some of them, how far they vary from fit to fit. */
  readonly refits: readonly RefitErrors[];
}

export interface ModelComparison {
  /** The notebook's survey first. */
  readonly surveys: readonly SurveyResult[];
}

const ORACLE = 'oracle';

/** The plan's other surveys, but for the one that the notebook is about. */
export const otherSurveys = async (
  { others }: ComparisonPlan,
  survey: Survey,
  size: ProfileName,
  seed: number,
): Promise<readonly Survey[]> => {
  const surveys = await Promise.all(others.surveys.map((name) => namedSurvey(name, size, seed)));
  return surveys.filter(({ name }) => name !== survey.name);
};

/** The models that a survey bears: an oracle only where it was drawn. */
const modelsOn = ({ origin }: Survey, models: readonly string[]): readonly string[] =>
  origin === undefined ? models.filter((name) => name !== ORACLE) : [...new Set([...models, ORACLE])];

/**
 * The main table: all models of the plan on the survey, some of them on the others, and how far they vary from fit to fit.
 *
 * @param base of the models that are not fitted at all, off the shelf and in context; by default the shipped foundation
 */
export const comparison = async (
  survey: Survey,
  others: readonly Survey[],
  plan: ComparisonPlan,
  { base, ...options }: ComparisonOptions & { readonly base?: string },
): Promise<ModelComparison> => {
  const { onProgress } = options;
  const based = base === undefined ? [] : asked.map((name) => [name, { ...plan.fits[name], base }] as const);
  const fits = { ...plan.fits, ...Object.fromEntries(based) };
  const own = await plannedModels(survey, plan, { ...options, fits });
  const surveys: SurveyResult[] = [];
  for (const other of others) {
    const result = await plannedModelsElsewhere(other, plan, {
      ...options,
      fits,
      onProgress: (name, doing, share) => onProgress?.(`${other.name}, ${name}`, doing, share),
    });
    surveys.push({ survey: other.name, result, refits: [] });
  }
  const refits = await refitsOn(survey, plan, { ...options, fits });
  return { surveys: [{ survey: survey.name, result: own, refits }, ...surveys] };
};

type PlannedOptions = ComparisonOptions & Pick<FitOnOptions, 'fits'>;

/** The models of the plan on a survey. */
export const plannedModels = (
  survey: Survey,
  { models, persons, distributionPersons }: ComparisonPlan,
  options: PlannedOptions,
): Promise<AllModels> =>
  allModels(survey, {
    ...options,
    models: modelsOn(survey, models),
    ...(persons === undefined ? {} : { persons }),
    ...(distributionPersons === undefined ? {} : { distributionPersons }),
  });

/** Those that the plan has for surveys besides the notebook's. */
export const plannedModelsElsewhere = (
  survey: Survey,
  { others: { models, persons, distributionPersons } }: ComparisonPlan,
  options: PlannedOptions,
): Promise<AllModels> =>
  allModels(survey, {
    ...options,
    models: modelsOn(survey, models),
    ...(distributionPersons === undefined ? { distributions: false } : { distributionPersons }),
    ...(persons === undefined ? {} : { persons }),
  });

/** The plan's models fitted again, over train sets and over seeds. */
export const refitsOn = (
  survey: Survey,
  { persons, refits }: ComparisonPlan,
  options: PlannedOptions,
): Promise<readonly RefitErrors[]> =>
  refitErrors(survey, heldOut(survey).careers.slice(0, persons), {
    ...options,
    ...refits,
    reference: refits.models.at(-1) ?? '',
  });

/** The main table as it is published, of the surveys that it is published on; undefined where there is none. */
export const publishedComparison = async (): Promise<ModelComparison | undefined> => {
  const surveys: SurveyResult[] = [];
  for (const source of surveySources) {
    const survey = sourceName(source);
    const result = await readResults<AllModels>('all-models', 'published', survey);
    const again = await readResults<{ readonly refits: readonly RefitErrors[] }>('refits', 'published', survey);
    if (result) surveys.push({ survey, result, refits: again?.refits ?? [] });
  }
  return surveys.length === 0 ? undefined : { surveys };
};

/** Says how far a model is by its name. */
const sayOf =
  (name: string, onProgress: ComparisonOptions['onProgress']) =>
  ({ done, total, unit }: Progress): void =>
    onProgress?.(name, `${done} of ${total} ${unit}`, done / total);

/** Two years ahead, model by model. */
export const twoYearsStudy = async (
  survey: Survey,
  plan: ComparisonPlan,
  options: ComparisonOptions,
): Promise<readonly TwoYears[]> => {
  const { persons, cover, models } = plan.twoYears;
  const { seed, signal, onProgress } = options;
  const careers = heldOut(survey).careers.slice(0, persons);
  const rows: TwoYears[] = [];
  for (const name of modelsOn(survey, models)) {
    const { model } = await fitOn(name, survey, { ...options, fits: plan.fits });
    try {
      rows.push(
        await twoYearsAhead(model, careers, {
          ...{ cover, seed },
          signal,
          onProgress: sayOf(name, onProgress),
        }),
      );
    } finally {
      model.dispose();
    }
  }
  return rows;
};

/** Fitted through a year, scored on the years after it. */
export const holdoutStudy = async (
  survey: Survey,
  from: number,
  plan: ComparisonPlan,
  options: ComparisonOptions & { readonly holdEducation?: boolean },
): Promise<TimeHoldout> => {
  const { persons, paths, models: names } = plan.holdout;
  const { seed, signal, onProgress, holdEducation = false } = options;
  const known = surveyThrough(survey, from);
  const models: OccupationModel[] = [];
  try {
    for (const name of modelsOn(survey, names)) {
      // the truth is not fitted, and is about whole careers
      models.push((await fitOn(name, name === ORACLE ? survey : known, { ...options, fits: plan.fits })).model);
    }
    return await timeHoldout(models, heldOut(survey).careers, {
      ...{ from, paths, seed, holdEducation },
      ...(persons === undefined ? {} : { persons }),
      signal,
      onProgress: ({ done, total, unit }) => onProgress?.(unit, `${done} of ${total}`, done / total),
    });
  } finally {
    for (const model of models) model.dispose();
  }
};

/** Of whom the models are ahead of one of them, by what was known, and how many each expects to come back to a former job. */
export const returnsStudy = async (
  survey: Survey,
  { fits, persons, distributionPersons, returns }: ComparisonPlan,
  { seed, signal, onProgress, ...options }: ComparisonOptions,
): Promise<Returns> => {
  const { split, careers: all } = heldOut(survey);
  const careers = all.slice(0, persons);
  const isState = isStateOf(survey.occupations);
  const asked = careers.slice(0, returns.persons).map((career) => askedBack(career, isState));
  const scored: Record<string, readonly ScoredAgain[]> = {};
  const expected: Record<string, readonly number[]> = {};
  for (const name of modelsOn(survey, returns.models)) {
    const say = sayOf(name, onProgress);
    const { model, folder } = await fitOn(name, survey, { ...options, seed, signal, fits });
    try {
      // as the main table asks it, whose answers the store has
      const plan = {
        split,
        seed,
        distributions: true,
        ...(distributionPersons === undefined ? {} : { distributionPersons }),
      };
      scored[name] = scoredAgain(
        careers,
        await evaluateStored(model, folder, careers, { ...plan, signal, onProgress: say }),
      );
      expected[name] = await expectedBack(model, asked, { signal, onProgress: say });
    } finally {
      model.dispose();
    }
  }
  const { [returns.against]: reference = [], ...others } = scored;
  const known = situationsOf(careers, isState);
  return {
    reference: returns.against,
    persons: careers.length,
    leads: Object.entries(others).map(([model, own]) => ({ model, of: leads(known, own, reference, { seed }) })),
    askedPersons: asked.length,
    comingBack: comingBack(asked.flat(), expected, { seed }),
  };
};
