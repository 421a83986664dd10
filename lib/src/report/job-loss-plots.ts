/** The figures of notebook 09's paths after the loss of a job. */
import { plotted, scenarios, type JobLosses, type PathShare } from '../studies';
import { dotPlot, NO_DOT } from './dot-plot';
import type { Figure } from './figure';
import { intervalLinesPlot } from './interval-lines-plot';

type Losses = Pick<JobLosses, 'year' | 'categories'>;

/** The share back in the occupation before the loss, year by year, as foretold, observed, and had they stayed. */
export const backPlot = (survey: string, { year: lost, categories }: Losses, paths: readonly PathShare[]): Figure =>
  intervalLinesPlot(
    scenarios.map((name) => ({
      name,
      points: paths
        .filter(({ scenario, category }) => scenario === name && category === categories[0])
        .map(({ year, share, persons }) => ({ x: year - lost, ...plotted(share), cases: persons })),
    })),
    {
      along: `years after ${lost}`,
      quantity: 'share in the occupation before,<br>95 % intervals over persons',
      range: [0, 1],
      title: `Back in the occupation before: ${survey}`,
    },
  );

/** All the places where they are, or are foretold to be, in the last of the years. */
export const whereToPlot = (
  survey: string,
  { year: lost, categories }: Losses,
  paths: readonly PathShare[],
): Figure => {
  const last = Math.max(...paths.map(({ year }) => year));
  const series = scenarios.map((name) => ({
    name,
    points: categories.map(
      (category) =>
        paths.find((one) => one.scenario === name && one.year === last && one.category === category)?.share ?? NO_DOT,
    ),
  }));
  return dotPlot(series, {
    categories,
    categoryTitle: 'state',
    quantity: 'share, with 95 % intervals over persons',
    title: `${last - lost} years after ${lost}, predicted and observed: ${survey}`,
  });
};
