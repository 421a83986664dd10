/** What each source of gains is worth: the questions of notebook 08 in one measure, side by side over surveys. */
import type { Estimate } from '../evaluation';
import { publishedGains, type GainsRatio, type SourcesOfGains } from './gains';
import { askedSources, firstFormSources, sourceName } from './survey-sources';

export interface GainWorth {
  /** What a model has, or is told of. */
  readonly gain: string;
  /** Perplexity without it divided by that with it, paired over persons: above one it helps. */
  readonly ratio: Estimate;
}

export interface GainsWorth {
  readonly survey: string;
  readonly worth: readonly GainWorth[];
}

/** How the other ways of writing titles are named beside words: how they are written, and how the base had read them. */
const inPlaceOfWords: Readonly<Record<string, string>> = {
  'codes words': 'titles in words, not codes',
  'codes codes': 'titles in words, not codes read before',
  'permuted permuted': 'titles in words, not wrong words read before',
};

/** The same with its ratio the other way round. */
const turned = ({ gain, ratio: { value, interval } }: GainWorth): GainWorth => ({
  gain,
  ratio: {
    value: value === null ? null : 1 / value,
    standardError: null,
    interval: interval && [1 / interval[1], 1 / interval[0]],
  },
});

/**
 * The gains that there are results of. Titles are those of the survey itself, which the market draws with rho 0; history
 * is LABOR-LLM's beyond the last observation.
 */
export const gainsWorth = ({ ratios = [], titles = [], history }: Partial<SourcesOfGains>): readonly GainWorth[] => {
  const asked = (question: GainsRatio['question'], gainOf: (first: string) => string): readonly GainWorth[] =>
    ratios.filter((one) => one.question === question).map(({ first, ratio }) => ({ gain: gainOf(first), ratio }));
  const ways = titles.find(({ rho }) => rho === null || rho === 0)?.fits ?? [];
  const onlyLast = history?.models['LABOR-LLM']?.find(({ known }) => known === 1);
  return [
    ...asked('fine-tuning', (first) => first.replace('from the base', 'resumes read before')).map(turned),
    ...asked('more data', () => 'a second survey, not a larger decoder').map(turned),
    ...ways.flatMap(({ of, ratio }) => {
      const gain = inPlaceOfWords[`${of['titles']} ${of['before']}`];
      return gain === undefined || ratio === null ? [] : [{ gain, ratio }];
    }),
    ...asked('left out', (first) => first.replace('without', 'told of').replace('birth year', 'the year of birth')),
    ...(onlyLast ? [{ gain: 'told of more than the last observation', ratio: onlyLast.ratio }] : []),
  ];
};

/** Of the surveys that notebook 08's questions are published on, those with results. */
export const publishedGainsWorth = async (): Promise<readonly GainsWorth[]> => {
  const found: GainsWorth[] = [];
  for (const survey of firstFormSources.map(sourceName)) {
    const worth = gainsWorth(await publishedGains(survey));
    if (worth.length > 0) found.push({ survey, worth });
  }
  return found;
};

/** The few of them that are shown side by side. */
export const sideBySide = (surveys: readonly GainsWorth[]): readonly GainsWorth[] => {
  const few = askedSources.map(sourceName);
  return surveys.filter(({ survey }) => few.includes(survey));
};
