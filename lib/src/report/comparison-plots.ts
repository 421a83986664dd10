/** The figures of notebook 07: groups of persons, and predictions of later years. */
import { ANY, inOrderOfEducation, MOVE, type Report } from '../evaluation';
import type { AllModels, ModelRow, TimeHoldout, TwoYears } from '../studies';
import { dotPlot, NO_DOT, type DotSeries } from './dot-plot';
import { figure, palette, type Figure } from './figure';
import { intervalLinesPlot } from './interval-lines-plot';
import { logAxis } from './log-axis';

const ORACLE = 'oracle';

/**
 * CAREER, LABOR-LLM and the oracle, of those that whole distributions were asked of, and before them what both are held
 * against: the first of `against` that is there.
 */
export const comparedRows = (
  rows: readonly ModelRow[],
  part: 'outcomes' | 'representativeness',
  against: readonly string[],
): readonly ModelRow[] => {
  const asked = (name: string): readonly ModelRow[] =>
    rows.filter(({ model, report }) => model === name && report?.[part]);
  const first = against.find((name) => asked(name).length > 0);
  return [...(first === undefined ? [] : [first]), 'career', 'labor-llm', ORACLE].flatMap(asked);
};

/**
 * Perplexity by education of the models that are least perplexed.
 *
 * @returns undefined for a survey without education
 */
export const educationPlot = (survey: string, { rows }: AllModels): Figure | undefined => {
  const scored = rows.filter(({ report }) => report !== null);
  const levels = inOrderOfEducation(scored[0]?.groups ?? []).filter(
    ({ characteristic }) => characteristic === 'education',
  );
  if (levels.length === 0) return undefined;
  const categories = levels.map(({ group }) => group);
  const series = scored.slice(0, 4).map(({ model, groups }) => ({
    name: model,
    points: categories.map(
      (level) =>
        groups.find(({ characteristic, group }) => characteristic === 'education' && group === level)?.perplexity ??
        NO_DOT,
    ),
  }));
  return dotPlot(series, {
    categories,
    categoryTitle: 'education in the year',
    quantity: 'perplexity, with 95 % intervals (lower is better)',
    title: `Perplexity by education, ${survey}`,
    tickFormat: '.0f',
  });
};

const inPoints = ({ value, interval }: DotSeries['points'][number]): DotSeries['points'][number] => ({
  value: value === null ? null : 100 * value,
  interval: interval && [100 * interval[0], 100 * interval[1]],
});

/**
 * Predicted minus observed share of moves in each group of persons.
 *
 * @returns undefined where no distribution was asked for
 */
export const movesPlot = (survey: string, { rows }: AllModels): Figure | undefined => {
  const shown = comparedRows(rows, 'representativeness', ['empirical']);
  const groupsOf = (report: Report | null) =>
    (report?.representativeness?.transitions ?? []).filter(({ from, outcome }) => from === ANY && outcome === MOVE);
  const groups = inOrderOfEducation(groupsOf(shown[0]?.report ?? null)).filter(({ group }) => group !== 'missing');
  if (groups.length === 0) return undefined;
  const series = shown.map(({ model, report }) => ({
    name: model,
    points: groups.map((one) =>
      inPoints(
        groupsOf(report).find(
          ({ characteristic, group }) => characteristic === one.characteristic && group === one.group,
        )?.difference ?? NO_DOT,
      ),
    ),
  }));
  return dotPlot(series, {
    categories: groups.map(({ characteristic, group }) =>
      characteristic === 'all' ? 'all' : `${characteristic}: ${group}`,
    ),
    categoryTitle: 'group',
    quantity: 'predicted minus observed share of moves<br>(percentage points, with 95 % intervals)',
    title: `Moves: ${survey}`,
    tickFormat: '+.0f',
    reference: 0,
  });
};

/** A dot an observation, for the last model that was fitted: on the line both ways of asking agree. */
export const twoYearsPlot = (survey: string, models: readonly TwoYears[]): Figure => {
  const one = models.filter(({ model }) => model !== ORACLE).at(-1);
  const probabilities = one?.probabilities ?? [];
  const drawn = [1, ...probabilities.flat().filter((p) => p > 0)];
  const least = Math.min(...drawn);
  const axis = logAxis(drawn);
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
