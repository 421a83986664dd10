import type { AllModels } from '../studies';
import type { Figure } from './figure';
import { intervalPlot } from './interval-plot';

/** Of models more perplexed than this many times the best the picture would press all others together. */
const MOST_TIMES_THE_BEST = 4;

/** The perplexities of all models with their intervals, the best first, but for those far off. */
export const allModelsPlot = (survey: string, { rows, persons, split }: AllModels): Figure => {
  const estimates = rows.flatMap(({ model, report }) =>
    report?.perplexity == null || report.interval === null
      ? []
      : [{ label: model, value: report.perplexity, interval: report.interval }],
  );
  const best = Math.min(...estimates.map(({ value }) => value));
  return intervalPlot(
    estimates.filter(({ value }) => value < MOST_TIMES_THE_BEST * best),
    {
      quantity: 'perplexity (lower is better), 95 % intervals',
      categoryTitle: 'model',
      title: `${survey}: ${persons.toLocaleString('en-US')} ${split} persons`,
    },
  );
};
