/** What each source of gains is worth: the questions of notebook 08 in one measure, side by side over surveys. */
import type { Estimate } from '../evaluation';
import { publishedGains, type SourcesOfGains } from './gains';
import { askedSources, sourceName } from './survey-sources';

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

/** The ratio the other way round. */
const inverse = ({ value, interval }: Estimate): Estimate => ({
  value: value === null ? null : 1 / value,
  standardError: null,
  interval: interval && [1 / interval[1], 1 / interval[0]],
});

/**
 * The gains that there are results of. Titles are those of the survey itself, which the market draws with rho 0; history
 * is LABOR-LLM's beyond the last observation.
 */
export const gainsWorth = ({ ratios = [], titles = [], history }: Partial<SourcesOfGains>): readonly GainWorth[] => [
  ...ratios.flatMap(({ question, first, ratio }): readonly GainWorth[] => {
    if (question === 'fine-tuning') {
      return [{ gain: first.replace('from the base', 'resumes read before'), ratio: inverse(ratio) }];
    }
    return question === 'more data' ? [{ gain: 'a second survey, not a larger decoder', ratio: inverse(ratio) }] : [];
  }),
  ...(titles.find(({ rho }) => rho === null || rho === 0)?.fits ?? []).flatMap(({ of, ratio }) => {
    const gain = inPlaceOfWords[`${of['titles']} ${of['before']}`];
    return gain === undefined || ratio === null ? [] : [{ gain, ratio }];
  }),
  ...ratios
    .filter(({ question }) => question === 'left out')
    .map(({ first, ratio }) => ({
      gain: first.replace('without', 'told of').replace('birth year', 'the year of birth'),
      ratio,
    })),
  ...(history?.models['LABOR-LLM'] ?? [])
    .filter(({ known }) => known === 1)
    .map(({ ratio }) => ({ gain: 'told of more than the last observation', ratio })),
];

/** Of the surveys that notebook 08's questions are asked of, those with published results. */
export const publishedGainsWorth = async (): Promise<readonly GainsWorth[]> => {
  const found: GainsWorth[] = [];
  for (const survey of askedSources.map(sourceName)) {
    const worth = gainsWorth(await publishedGains(survey));
    if (worth.length > 0) found.push({ survey, worth });
  }
  return found;
};
