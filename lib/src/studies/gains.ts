/** The questions of notebook 08, each a study of its own, and all of them as one. */
import { splitSurvey, surveyOf, type MarketSettings, type Survey } from '../careers';
import type { Estimate } from '../evaluation';
import type { ModelName, OccupationModel } from '../models';
import { covariateWorth, type CovariateWorth } from './covariates';
import { historyWorth, type HistoryWorth } from './history-cut';
import { HISTORIES, historyPerplexity } from './history-perplexity';
import { percentOf, perplexityRatio } from './perplexity-ratio';
import { inTurn, lowAndHigh, scoreFits, withoutScores, type PartsLog, type ScoredFit } from './score-fits';
import {
  leftOutFits,
  moreDataFits,
  otherSurvey,
  scoredPersons,
  shareFits,
  titleFits,
  titleWritings,
  type Beginning,
  type Data,
  type LeftOut,
  type SourcesOfGainsPlan,
  type TitleWriting,
} from './sources-of-gains';
import { fitStored } from './store';
import { foundationStored } from './stored-foundation';

export interface GainsOptions {
  readonly plan: SourcesOfGainsPlan;
  readonly seed: number;
  /** Where fitted models are kept; by default `storeFolder()`. */
  readonly store?: string;
  readonly signal?: AbortSignal | undefined;
}

type Study<Result> = AsyncGenerator<PartsLog, Result>;

/** The base that fine-tuning begins from, pre-trained where the plan names none. */
export async function* gainsBase({ plan: { base }, seed, store, signal }: GainsOptions): Study<string> {
  if (typeof base === 'string') return base;
  const { foundation } = yield* inTurn({ foundation: foundationStored({}, { seed, ...base, signal }, store) });
  return foundation;
}

/** LABOR-LLM on growing shares of the train persons, with and without a base. */
export async function* valueOfFineTuning(
  survey: Survey,
  options: GainsOptions,
): Study<readonly ScoredFit<{ readonly beginning: Beginning; readonly share: number }>[]> {
  const base = yield* gainsBase(options);
  return yield* scoreFits(
    shareFits(survey, base, options.plan, options.seed),
    scoredPersons(survey, options.plan),
    options,
  );
}

/** More data from another population against a larger decoder. */
export async function* moreDataOrLarger(
  survey: Survey,
  options: GainsOptions & { readonly shift?: number },
): Study<readonly ScoredFit<{ readonly decoder: 'smaller' | 'larger'; readonly data: Data }>[]> {
  const other = await otherSurvey(survey, options.seed, options.shift);
  return yield* scoreFits(
    moreDataFits(survey, other, options.plan, options.seed),
    scoredPersons(survey, options.plan),
    options,
  );
}

type TitleFit = ScoredFit<{ readonly titles: TitleWriting; readonly before: TitleWriting }>;

/** Titles against codes on one survey. */
export interface TitlesOnSurvey {
  readonly survey: string;
  /** The market's knob; null for a survey that was not drawn. */
  readonly rho: number | null;
  readonly fits: readonly TitleFit[];
}

/** A foundation of the plan's smaller size, which has read resumes of a market with its titles written so. */
export const titlesFoundation = (
  market: Partial<MarketSettings>,
  titles: TitleWriting,
  { plan, seed, store, signal }: GainsOptions,
): ReturnType<typeof foundationStored> => {
  const { steps, config, chunk } = plan.titlesFoundation;
  return foundationStored(market, { seed, steps, config: { ...config, titles }, chunk, signal }, store);
};

/** Titles against codes, on the survey; where that is drawn, on one for each rho of the plan. */
export async function* titlesAgainstCodes(survey: Survey, options: GainsOptions): Study<readonly TitlesOnSurvey[]> {
  const { plan, seed } = options;
  const persons = survey.careers.length;
  const drawn = (rho: number) => ({ rho, survey: surveyOf('nlsy97', { persons, seed, rho }), market: { rho } });
  const surveys: readonly { rho: number | null; survey: Survey; market: Partial<MarketSettings> }[] =
    survey.origin === undefined ? [{ rho: null, survey, market: {} }] : plan.rhos.map(drawn);
  const found: TitlesOnSurvey[] = [];
  for (const { rho, survey: on, market } of surveys) {
    const bases = yield* inTurn(
      Object.fromEntries(titleWritings.map((titles) => [titles, titlesFoundation(market, titles, options)])) as Record<
        TitleWriting,
        ReturnType<typeof titlesFoundation>
      >,
    );
    const fits = yield* scoreFits(titleFits(on, bases, plan, seed), scoredPersons(on, plan), options);
    found.push({ survey: on.name, rho, fits });
  }
  return found;
}

/** Fine-tuned with and without the year of birth, and without all covariates. */
export async function* covariatesLeftOut(
  survey: Survey,
  options: GainsOptions,
): Study<readonly ScoredFit<{ readonly without: LeftOut }>[]> {
  const base = yield* gainsBase(options);
  return yield* scoreFits(
    leftOutFits(survey, base, options.plan, options.seed),
    scoredPersons(survey, options.plan),
    options,
  );
}

/** The fitted models that are asked with another header or a shortened history; to be disposed of. */
export async function* gainsModels(
  survey: Survey,
  options: GainsOptions,
): Study<Readonly<Record<string, OccupationModel>>> {
  const { plan, seed, store, signal } = options;
  const fit = (name: ModelName, given: object) => fitStored(name, [survey], { seed, ...given, signal }, store);
  const stored = yield* inTurn({ 'LABOR-LLM': fit('labor-llm', plan.fromNothing), CAREER: fit('career', plan.career) });
  return Object.fromEntries(Object.entries(stored).map(([name, { model }]) => [name, model]));
}

/** What covariates are worth to models that are fitted, by name. */
export async function* covariatesChanged(
  survey: Survey,
  models: Readonly<Record<string, OccupationModel>>,
  { plan, seed }: GainsOptions,
): Study<Readonly<Record<string, readonly CovariateWorth[]>>> {
  const careers = scoredPersons(survey, plan).careers.slice(0, plan.askedPersons);
  const worth: Record<string, readonly CovariateWorth[]> = {};
  for (const [name, model] of Object.entries(models)) {
    worth[name] = yield* covariateWorth(model, careers, seed, { seed });
  }
  return worth;
}

export interface HistoryOnSurvey {
  readonly models: Readonly<Record<string, readonly HistoryWorth[]>>;
  /** Perplexity of a chain of counts that is fitted anew for each length of history. */
  readonly counting: readonly { readonly known: number; readonly perplexity: number }[];
}

/** What a longer history is worth: to models that are fitted, by name, and to one of counts that is fitted for each length. */
export async function* historyShortened(
  survey: Survey,
  models: Readonly<Record<string, OccupationModel>>,
  { plan, seed }: GainsOptions,
): Study<HistoryOnSurvey> {
  const careers = scoredPersons(survey, plan).careers.slice(0, plan.askedPersons);
  const worth: Record<string, readonly HistoryWorth[]> = {};
  for (const [name, model] of Object.entries(models)) {
    worth[name] = yield* historyWorth(model, careers, [...HISTORIES, null], { seed });
  }
  const train = splitSurvey(survey).train.careers;
  const counting = HISTORIES.map((known) => ({
    known,
    perplexity: historyPerplexity(train, careers, survey.occupations, known),
  }));
  return { models: worth, counting };
}

/** A fit as results keep it. */
interface KeptFit {
  readonly of: Readonly<Record<string, string | number>>;
  readonly perplexity: Estimate;
}

/** Two fits of one question: the first's perplexity divided by the second's, paired over persons. */
export interface GainsRatio {
  readonly question: 'fine-tuning' | 'more data' | 'titles' | 'left out';
  readonly first: string;
  readonly second: string;
  readonly ratio: Estimate;
}

/** What the file `sources-of-gains.json` holds besides its manifest. */
export interface SourcesOfGains {
  readonly fineTuning: readonly KeptFit[];
  readonly moreData: readonly KeptFit[];
  readonly titles: readonly {
    readonly survey: string;
    readonly rho: number | null;
    readonly fits: readonly KeptFit[];
  }[];
  readonly leftOut: readonly KeptFit[];
  readonly covariates: Readonly<Record<string, readonly CovariateWorth[]>>;
  readonly history: HistoryOnSurvey;
  readonly ratios: readonly GainsRatio[];
}

/** All of the questions one after the other, as published results are made. */
export async function* sourcesOfGains(survey: Survey, options: GainsOptions): Study<SourcesOfGains> {
  const fineTuning = yield* valueOfFineTuning(survey, options);
  const moreData = yield* moreDataOrLarger(survey, options);
  const titles = yield* titlesAgainstCodes(survey, options);
  const leftOut = yield* covariatesLeftOut(survey, options);
  const models = yield* gainsModels(survey, options);
  try {
    const covariates = yield* covariatesChanged(survey, models, options);
    return keptGains(
      fineTuning,
      moreData,
      titles,
      leftOut,
      covariates,
      yield* historyShortened(survey, models, options),
    );
  } finally {
    Object.values(models).forEach((model) => model.dispose());
  }
}

/** The studies' results without what is only needed to compare them. */
export const keptGains = (
  fineTuning: readonly ScoredFit<KeptFit['of']>[],
  moreData: readonly ScoredFit<KeptFit['of']>[],
  titles: readonly TitlesOnSurvey[],
  leftOut: readonly ScoredFit<KeptFit['of']>[],
  covariates: SourcesOfGains['covariates'],
  history: HistoryOnSurvey,
): SourcesOfGains => ({
  fineTuning: fineTuning.map(withoutScores),
  moreData: moreData.map(withoutScores),
  titles: titles.map(({ fits, ...of }) => ({ ...of, fits: fits.map(withoutScores) })),
  leftOut: leftOut.map(withoutScores),
  covariates,
  history,
  ratios: ratiosOf(fineTuning, moreData, titles, leftOut),
});

/** How a fit of each question is named in a sentence. */
const saying: Readonly<Record<GainsRatio['question'], (of: KeptFit['of']) => string>> = {
  'fine-tuning': ({ beginning, share }) => `${beginning}, with ${percentOf(Number(share))} of the persons`,
  'more data': ({ decoder, data }) => `the ${decoder} decoder on ${data}`,
  titles: ({ titles, before }) => `${titles} to a base that has read ${before}`,
  'left out': ({ without }) => (without === 'nothing' ? 'with all covariates' : `without ${without}`),
};

/** The comparisons that answer the questions, pair by pair. */
const ratiosOf = (
  fineTuning: readonly ScoredFit<KeptFit['of']>[],
  moreData: readonly ScoredFit<KeptFit['of']>[],
  titles: readonly TitlesOnSurvey[],
  leftOut: readonly ScoredFit<KeptFit['of']>[],
): readonly GainsRatio[] => {
  type Scored = ScoredFit<KeptFit['of']> | undefined;
  const pair = (question: GainsRatio['question'], first: Scored, second: Scored, where = ''): GainsRatio[] => {
    if (first === undefined || second === undefined) return [];
    const nameOf = ({ of }: ScoredFit<KeptFit['of']>): string => saying[question](of) + where;
    return [
      { question, first: nameOf(first), second: nameOf(second), ratio: perplexityRatio(first.scored, second.scored) },
    ];
  };
  const cell = (decoder: string, data: Data): Scored =>
    moreData.find(({ of }) => of['decoder'] === decoder && of['data'] === data);
  const [all, ...without] = leftOut;
  return [
    ...fineTuning
      .filter(({ of }) => of['beginning'] === 'from the base')
      .flatMap((based) => {
        const isOther = ({ of }: ScoredFit<KeptFit['of']>): boolean =>
          of['share'] === based.of['share'] && of['beginning'] === 'from nothing';
        return pair('fine-tuning', based, fineTuning.find(isOther));
      }),
    ...pair('more data', cell('smaller', 'both surveys'), cell('larger', 'this survey')),
    ...titles.flatMap(({ rho, fits: [words, ...others] }) =>
      others.flatMap((other) => pair('titles', words, other, rho === null ? '' : ` (rho ${rho})`)),
    ),
    ...without.flatMap((fit) => pair('left out', fit, all)),
  ];
};

/** A line of the table of all fits; null where there is none of the kind. */
export type GainsRow = Readonly<Record<'question' | 'fit', string>> &
  Readonly<Record<'here' | 'low' | 'high' | 'published', number | null>>;

/** The fits of all questions, with those of published results beside them. */
export const gainsRows = (here: SourcesOfGains, published?: SourcesOfGains): readonly GainsRow[] => {
  const linesOf = ({ fineTuning, moreData, titles, leftOut, history }: SourcesOfGains) => [
    ...fineTuning.map((fit) => ({ question: 'share of the train persons', ...lineOf(fit) })),
    ...moreData.map((fit) => ({ question: 'more data, larger decoder', ...lineOf(fit) })),
    ...titles.flatMap(({ rho, fits }) =>
      fits.map((fit) => ({ question: rho === null ? 'titles' : `titles, rho ${rho}`, ...lineOf(fit) })),
    ),
    ...leftOut.map((fit) => ({ question: 'left out', ...lineOf(fit) })),
    ...Object.entries(history.models).flatMap(([model, worth]) =>
      worth.map(({ known, perplexity }) => ({
        question: `last observations, ${model}`,
        fit: String(known ?? 'all'),
        perplexity,
      })),
    ),
  ];
  const others = published === undefined ? [] : linesOf(published);
  return linesOf(here).map(({ question, fit, perplexity }) => {
    const other = others.find((one) => one.question === question && one.fit === fit)?.perplexity.value ?? null;
    return { question, fit, here: perplexity.value, ...lowAndHigh(perplexity), published: other };
  });
};

const lineOf = ({ of, perplexity }: KeptFit) => ({ fit: Object.values(of).join(', '), perplexity });
