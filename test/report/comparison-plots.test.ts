import { strict as assert } from 'node:assert';
import { timeHoldoutPlot, twoYearsPlot } from 'labor-llm/report';
import type { TimeHoldoutRow, TwoYears } from 'labor-llm/studies';

const estimate = (value: number | null) => ({
  value,
  standardError: 0.1,
  interval: value === null ? null : ([value - 0.2, value + 0.2] as const),
});

describe('the figures of notebook 07 that look ahead', () => {
  it('have an observation a dot, of the last model that was fitted', () => {
    const model = (name: string, probabilities: TwoYears['probabilities']): TwoYears => ({
      ...{ model: name, persons: 1, observations: probabilities.length, leftOut: 0, probabilities },
      ...{ direct: estimate(2), compounded: estimate(3), difference: estimate(1), correlation: estimate(0.5) },
    });
    const plot = twoYearsPlot('s', [
      model('career', [[0.9, 0.9]]),
      model('labor-llm', [
        [0.5, 0.25],
        [0.1, 0.2],
      ]),
      model('oracle', [[0.7, 0.7]]),
    ]);
    const [line, dots] = plot.data as readonly Record<string, unknown>[];
    assert.deepEqual(
      [dots?.['x'], dots?.['y']],
      [
        [0.5, 0.1],
        [0.25, 0.2],
      ],
    );
    assert.deepEqual(line?.['x'], [0.1, 1]);
    assert.match(JSON.stringify(plot.layout['title']), /labor-llm, s/);
  });

  it('have years along, of the first model and the last two, without a year that has no interval', () => {
    const row = (model: string, values: readonly (number | null)[]): TimeHoldoutRow => ({
      ...{ model, perplexity: estimate(9), difference: null, outcomes: [] },
      byYear: values.map((value, i) => ({ year: 2012 + i, persons: 5, perplexity: estimate(value) })),
    });
    const rows = [row('empirical', [9, 12]), row('logit', [8, 9]), row('career', [7, null]), row('oracle', [5, 6])];
    const plot = timeHoldoutPlot('s', { from: 2011, paths: 3, persons: 5, observations: 10, rows });
    // lines are set apart by a hair, so that their intervals do not hide each other
    const lines = (plot.data as readonly Record<string, unknown>[]).map(({ name, x, y }) => [
      name,
      (x as number[]).map(Math.round),
      y,
    ]);
    assert.deepEqual(lines, [
      ['empirical', [2012, 2013], [9, 12]],
      ['career', [2012], [7]],
      ['oracle', [2012, 2013], [5, 6]],
    ]);
  });
});
