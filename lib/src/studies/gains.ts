/** The questions of notebook 08, each a study of its own, and all of them as one. */
import { splitSurvey, type MarketSettings, type Survey } from '../careers';
import type { Estimate } from '../evaluation';
import type { ModelName, OccupationModel } from '../models';
import { covariateWorth, type CovariateWorth } from './covariates';
import type { FoundationGain } from './foundation-gains';
import { historyWorth, type HistoryWorth } from './history-cut';
import { HISTORIES, historyPerplexity } from './history-perplexity';
import { percentOf, perplexityRatio } from './perplexity-ratio';
import { readResults } from './results';
import { inTurn, lowAndHigh, scoreFits, withoutScores, type PartsLog, type ScoredFit } from './score-fits';
import {
  leftOutFits,
  moreDataFits,
  otherSurvey,
  scoredPersons,
  shareFits,
  titleFits,
  titlesSurveys,
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
  const found: TitlesOnSurvey[] = [];
  for (const { rho, survey: on, market } of titlesSurveys(survey, plan.rhos, seed)) {
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
  /** Who were asked. */
  readonly persons: number;
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
  return { persons: careers.length, models: worth, counting };
}

/** A fit as results keep it. */
export interface KeptFit {
  readonly of: Readonly<Record<string, string | number>>;
  readonly perplexity: Estimate;
}

/** Titles against codes on one survey, as results keep it. */
export interface KeptTitles {
  readonly survey: string;
  readonly rho: number | null;
  /** `ratio` is the perplexity divided by that with words, paired; null for words themselves. */
  readonly fits: readonly (KeptFit & { readonly ratio: Estimate | null })[];
}

/** Two fits of one question: the first's perplexity divided by the second's, paired over persons. */
export interface GainsRatio {
  readonly question: 'fine-tuning' | 'more data' | 'titles' | 'left out';
  readonly first: string;
  readonly second: string;
  readonly ratio: Estimate;
}

/** What results keep of all questions. */
export interface SourcesOfGains {
  readonly fineTuning: readonly KeptFit[];
  readonly moreData: readonly KeptFit[];
  readonly titles: readonly KeptTitles[];
  readonly leftOut: readonly KeptFit[];
  readonly covariates: Readonly<Record<string, readonly CovariateWorth[]>>;
  readonly history: HistoryOnSurvey;
  readonly ratios: readonly GainsRatio[];
}

/** What results keep of one question, and the comparisons that answer it. */
export type KeptGains<Question extends keyof SourcesOfGains> = Pick<SourcesOfGains, Question | 'ratios'>;

type Scored = ScoredFit<KeptFit['of']>;

/** How a fit of each question is named in a sentence. */
const saying: Readonly<Record<GainsRatio['question'], (of: KeptFit['of']) => string>> = {
  'fine-tuning': ({ beginning, share }) => `${beginning}, with ${percentOf(Number(share))} of the persons`,
  'more data': ({ decoder, data }) => `the ${decoder} decoder on ${data}`,
  titles: ({ titles, before }) => `${titles} to a base that has read ${before}`,
  'left out': ({ without }) => (without === 'nothing' ? 'with all covariates' : `without ${without}`),
};

/** Two fits compared, where there are both. */
const compared = (
  question: GainsRatio['question'],
  first: Scored | undefined,
  second: Scored | undefined,
  where = '',
): readonly GainsRatio[] => {
  if (first === undefined || second === undefined) return [];
  const [a, b] = [first, second].map(({ of }) => saying[question](of) + where) as [string, string];
  return [{ question, first: a, second: b, ratio: perplexityRatio(first.scored, second.scored) }];
};

/** From the base against from nothing, at each share. */
const keptFineTuning = (fits: readonly Scored[]): KeptGains<'fineTuning'> => {
  const of = (beginning: Beginning, share: unknown): Scored | undefined =>
    fits.find((fit) => fit.of['beginning'] === beginning && fit.of['share'] === share);
  const shares = [...new Set(fits.map((fit) => fit.of['share']))];
  return {
    fineTuning: fits.map(withoutScores),
    ratios: shares.flatMap((share) => compared('fine-tuning', of('from the base', share), of('from nothing', share))),
  };
};

/** The paper's comparison: the smaller decoder on both surveys against the larger one on this survey. */
export const keptMoreData = (fits: readonly Scored[]): KeptGains<'moreData'> => {
  const cell = (decoder: string, data: Data): Scored | undefined =>
    fits.find(({ of }) => of['decoder'] === decoder && of['data'] === data);
  return {
    moreData: fits.map(withoutScores),
    ratios: compared('more data', cell('smaller', 'both surveys'), cell('larger', 'this survey')),
  };
};

/** Words against each other way of writing titles. */
export const keptTitles = (surveys: readonly TitlesOnSurvey[]): KeptGains<'titles'> => ({
  titles: surveys.map(({ fits, ...where }) => ({
    ...where,
    fits: fits.map((fit, i) => ({
      ...withoutScores(fit),
      ratio: i === 0 ? null : perplexityRatio(fit.scored, (fits[0] as TitleFit).scored),
    })),
  })),
  ratios: surveys.flatMap(({ rho, fits: [words, ...others] }) =>
    others.flatMap((other) => compared('titles', words, other, rho === null ? '' : ` (rho ${rho})`)),
  ),
});

/** Without some covariates against with all of them. */
export const keptLeftOut = (fits: readonly Scored[]): KeptGains<'leftOut'> => {
  const [all, ...without] = fits;
  return {
    leftOut: fits.map(withoutScores),
    ratios: without.flatMap((fit) => compared('left out', fit, all)),
  };
};

/** What results keep of all questions, without what is only needed to compare fits. */
export const keptGains = (
  fineTuning: readonly Scored[],
  moreData: readonly Scored[],
  titles: readonly TitlesOnSurvey[],
  leftOut: readonly Scored[],
  covariates: SourcesOfGains['covariates'],
  history: HistoryOnSurvey,
): SourcesOfGains => {
  const [ofShares, ofData] = [keptFineTuning(fineTuning), keptMoreData(moreData)];
  const [ofTitles, ofLeftOut] = [keptTitles(titles), keptLeftOut(leftOut)];
  const ratios = [ofShares, ofData, ofTitles, ofLeftOut].flatMap((one) => one.ratios);
  return { ...ofShares, ...ofData, ...ofTitles, ...ofLeftOut, covariates, history, ratios };
};

/** What is published of a survey's questions, each by itself; the value of fine-tuning is the study of the foundation. */
export const publishedGains = async (survey: string): Promise<Partial<SourcesOfGains>> => {
  const read = <Results>(study: string) => readResults<Results>(study, 'published', survey);
  const foundation = await read<{ readonly gains: readonly FoundationGain[] }>('foundation');
  const shipped = foundation?.gains.filter(({ delta }) => delta === null);
  const fineTuning = shipped?.flatMap(({ share, fromTheBase, moreSteps }): readonly KeptFit[] => [
    { of: { beginning: 'from the base', share }, perplexity: fromTheBase },
    ...(moreSteps ? [{ of: { beginning: 'from nothing', share }, perplexity: moreSteps.fromNothing }] : []),
  ]);
  const moreData = await read<KeptGains<'moreData'>>('more-data');
  const titles = await read<KeptGains<'titles'>>('titles');
  const asked = await read<KeptGains<'leftOut' | 'covariates'>>('covariates');
  const history = (await read<KeptGains<'history'>>('history'))?.history;
  const ratios = [
    ...(shipped ?? []).flatMap(({ share, sameSteps }): readonly GainsRatio[] => {
      const first = saying['fine-tuning']({ beginning: 'from the base', share });
      const second = 'from nothing in as many steps';
      return sameSteps ? [{ question: 'fine-tuning', first, second, ratio: sameSteps.ratio }] : [];
    }),
    ...[moreData, titles, asked].flatMap((one) => one?.ratios ?? []),
  ];
  return {
    ...(fineTuning && { fineTuning }),
    ...(moreData && { moreData: moreData.moreData }),
    ...(titles && { titles: titles.titles }),
    ...(asked && { leftOut: asked.leftOut, covariates: asked.covariates }),
    ...(history && { history }),
    ...(ratios.length > 0 && { ratios }),
  };
};

/** A line of the table of all fits; null where there is none of the kind. */
export type GainsRow = Readonly<Record<'question' | 'fit', string>> &
  Readonly<Record<'here' | 'low' | 'high' | 'published', number | null>>;

/** The fits of all questions, with those of published results beside them. */
export const gainsRows = (
  here: Partial<SourcesOfGains>,
  published: Partial<SourcesOfGains> = {},
): readonly GainsRow[] => {
  const linesOf = ({ fineTuning = [], moreData = [], titles = [], leftOut = [], history }: Partial<SourcesOfGains>) => [
    ...fineTuning.map((fit) => ({ question: 'share of the train persons', ...lineOf(fit) })),
    ...moreData.map((fit) => ({ question: 'more data, larger decoder', ...lineOf(fit) })),
    ...titles.flatMap(({ rho, fits }) =>
      fits.map((fit) => ({ question: rho === null ? 'titles' : `titles, rho ${rho}`, ...lineOf(fit) })),
    ),
    ...leftOut.map((fit) => ({ question: 'left out', ...lineOf(fit) })),
    ...Object.entries(history?.models ?? {}).flatMap(([model, worth]) =>
      worth.map(({ known, perplexity }) => ({
        question: `last observations, ${model}`,
        fit: String(known ?? 'all'),
        perplexity,
      })),
    ),
  ];
  const others = linesOf(published);
  return linesOf(here).map(({ question, fit, perplexity }) => {
    const other = others.find((one) => one.question === question && one.fit === fit)?.perplexity.value ?? null;
    return { question, fit, here: perplexity.value, ...lowAndHigh(perplexity), published: other };
  });
};

const lineOf = ({ of, perplexity }: KeptFit) => ({ fit: Object.values(of).join(', '), perplexity });
