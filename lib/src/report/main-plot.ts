import type { ModelComparison } from '../studies';
import { HELD_AGAINST } from './comparison-tables';
import { dotPlot, NO_DOT } from './dot-plot';
import type { Figure } from './figure';

/**
 * How much more perplexed other models are than LABOR-LLM, survey by survey, paired over persons. Interval and difference
 * are divided by LABOR-LLM's perplexity, which is taken as it is.
 */
export const mainPlot = ({ surveys }: ModelComparison): Figure => {
  const series = HELD_AGAINST.map((name) => ({
    name,
    points: surveys.map(({ result: { rows, reference } }) => {
      const level = rows.find(({ model }) => model === reference)?.report?.perplexity;
      const difference = rows.find(({ model }) => model === name)?.difference;
      if (level == null || difference?.value == null) return NO_DOT;
      const { value, interval } = difference;
      return { value: value / level, interval: interval && ([interval[0] / level, interval[1] / level] as const) };
    }),
  }));
  return dotPlot(
    series.filter(({ points }) => points.some(({ value }) => value !== null)),
    {
      categories: surveys.map(({ survey }) => survey),
      categoryTitle: 'survey',
      quantity: "perplexity above LABOR-LLM's, 95 % intervals<br>(0: as good; left of it: better)",
      title: 'Models beside LABOR-LLM, on the same persons held out',
      tickFormat: '+.0%',
      reference: 0,
    },
  );
};
