/** The figures of notebook 07's predictions of later years. */
import type { TimeHoldout, TwoYears } from '../studies';
import { figure, palette, type Figure } from './figure';
import { intervalLinesPlot } from './interval-lines-plot';

const ORACLE = 'oracle';

/** A dot an observation, for the last model that was fitted: on the line both ways of asking agree. */
export const twoYearsPlot = (survey: string, models: readonly TwoYears[]): Figure => {
  const one = models.filter(({ model }) => model !== ORACLE).at(-1);
  const probabilities = one?.probabilities ?? [];
  const least = Math.min(1, ...probabilities.flat().filter((p) => p > 0));
  const axis = { type: 'log', exponentformat: 'power' } as const;
  return figure({
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        x: [least, 1],
        y: [least, 1],
        line: { color: '#888888', width: 1, dash: 'dot' },
        showlegend: false,
        hoverinfo: 'skip',
      },
      {
        type: 'scatter',
        mode: 'markers',
        x: probabilities.map(([direct]) => direct),
        y: probabilities.map(([, compounded]) => compounded),
        marker: { color: palette.blue, size: 6, opacity: 0.5 },
        showlegend: false,
        hovertemplate: 'direct %{x:.3f}, compounded %{y:.3f}<extra></extra>',
      },
    ],
    layout: {
      title: { text: `${one?.model ?? 'no model'}, ${survey}: the probability of what came two years on` },
      height: 520,
      xaxis: { title: { text: 'directly (probability, logarithmic)' }, ...axis },
      yaxis: { title: { text: 'compounded (probability, logarithmic)' }, ...axis },
    },
    alt:
      `Compounded against direct probability of what came two years on, ${probabilities.length} observations, ` +
      `correlation ${one?.correlation.value?.toFixed(2) ?? 'unknown'}.`,
  });
};

/** Perplexity year by year, of the first model and of the last two. */
export const timeHoldoutPlot = (survey: string, { from, rows }: TimeHoldout): Figure =>
  intervalLinesPlot(
    [...rows.slice(0, 1), ...rows.slice(1).slice(-2)].map(({ model, byYear }) => ({
      name: model,
      points: byYear.flatMap(({ year, persons, perplexity: { value, interval } }) =>
        value === null || interval === null ? [] : [{ x: year, value, interval, cases: persons }],
      ),
    })),
    {
      along: 'year',
      quantity: 'perplexity, with 95 % intervals (logarithmic)',
      scale: 'log',
      title: `Fitted through ${from}, ${survey}`,
    },
  );
