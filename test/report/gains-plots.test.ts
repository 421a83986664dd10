import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  covariatesPlot,
  findKaleido,
  gainsWorthPlot,
  gainsWorthTable,
  historyPlot,
  moreDataPlot,
  saveGains,
  titlesPlot,
  type Figure,
} from 'labor-llm/report';

const estimate = (value: number) => ({ value, standardError: 0.1, interval: [value - 0.2, value + 0.2] as const });

const moreData = [
  { of: { decoder: 'larger', data: 'both surveys' }, perplexity: estimate(7) },
  { of: { decoder: 'smaller', data: 'this survey' }, perplexity: estimate(9) },
  { of: { decoder: 'smaller', data: 'both surveys' }, perplexity: estimate(8) },
];

/** The horizontal positions of each trace by its name; for lines the vertical ones. */
const series = ({ data }: Figure, axis: 'x' | 'y' = 'x'): Readonly<Record<string, unknown>> =>
  Object.fromEntries((data as readonly Record<string, unknown>[]).map((trace) => [trace['name'], trace[axis]]));

describe('the figures of notebook 08', () => {
  it('put each fit where its decoder and its data say, whatever their order, and leave a gap where there is none', () => {
    assert.deepEqual(series(moreDataPlot('s', moreData)), {
      'fitted on this survey': [9],
      'fitted on both surveys': [8, 7],
    });
  });

  it('have a dot for each other way of writing titles, a series for each rho', () => {
    const fits = (ratio: number) => [
      { of: { titles: 'words', before: 'words' }, perplexity: estimate(8), ratio: null },
      { of: { titles: 'codes', before: 'words' }, perplexity: estimate(9), ratio: estimate(ratio) },
    ];
    const plot = titlesPlot([
      { survey: 'drawn', rho: 0, fits: fits(1.2) },
      { survey: 'drawn', rho: 1, fits: fits(1.4) },
    ]);
    assert.deepEqual(series(plot), { 'rho 0': [1.2], 'rho 1': [1.4] });
    const axis = plot.layout['yaxis'] as { readonly ticktext: readonly string[] };
    assert.deepEqual(axis.ticktext, ['codes, pre-trained on words']);
  });

  it('have what dropping and what swapping cost each model', () => {
    const worth = [{ covariate: 'birthYear' as const, dropped: estimate(1.1), swapped: estimate(1.3) }];
    const plot = covariatesPlot('s', { CAREER: worth });
    assert.deepEqual(series(plot), { 'CAREER, dropped': [1.1], 'CAREER, swapped': [1.3] });
  });

  it("have each model's loss by history, and that of counts against their longest", () => {
    const models = { CAREER: [{ known: 1, perplexity: estimate(9), ratio: estimate(1.5) }] };
    const counting = [
      { known: 1, perplexity: 12 },
      { known: 2, perplexity: 8 },
    ];
    assert.deepEqual(series(historyPlot('s', { persons: 5, models, counting }), 'y'), {
      CAREER: [1.5],
      'counts, to 2 known (no interval)': [1.5, 1],
    });
  });
});

describe('what gains are worth, by survey', () => {
  const worth = (...gains: readonly (readonly [string, number])[]) =>
    gains.map(([gain, ratio]) => ({ gain, ratio: estimate(ratio) }));
  const surveys = [
    { survey: 'one', worth: worth(['words', 1.25]) },
    { survey: 'other', worth: worth(['a base', 1.5], ['words', 0.75]) },
  ];

  it('is a series for each survey, with a gap where a gain is not known of it', () => {
    const plot = gainsWorthPlot(surveys);
    assert.deepEqual(series(plot), { one: [1.25], other: [1.5, 0.75] });
    assert.deepEqual((plot.layout['yaxis'] as { readonly ticktext: unknown }).ticktext, ['a base', 'words']);
  });

  it('leaves room beside the smallest and the largest, the line at one among them', () => {
    const plot = gainsWorthPlot([{ survey: 'one', worth: worth(['words', 1.4], ['a base', 1.3]) }]);
    const { range } = plot.layout['xaxis'] as { readonly range: readonly [number, number] };
    assert.ok(10 ** range[0] < 0.999 && 10 ** range[0] > 0.95, String(range));
    assert.ok(10 ** range[1] > 1.601 && 10 ** range[1] < 1.7, String(range));
  });

  it('is a row for each gain, with its interval', () => {
    const { rows, options } = gainsWorthTable(surveys);
    assert.deepEqual(rows[0], {
      ...{ gain: 'a base', one: null, 'one, low': null, 'one, high': null },
      ...{ other: 1.5, 'other, low': 1.3, 'other, high': 1.7 },
    });
    assert.deepEqual(options.intervals, { one: ['one, low', 'one, high'], other: ['other, low', 'other, high'] });
  });
});

describe('saveGains', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labor-llm-gains-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it("writes a question's fits with their intervals, and its figure", async () => {
    await saveGains('more-data', 's', { moreData }, { results: folder, figures: folder });
    const table = await readFile(join(folder, 'more-data.md'), 'utf8');
    assert.match(table, /smaller, both surveys \| 8\.000 \(7\.8/);
    assert.equal(table.split('\n').filter((line) => line.startsWith('| more data')).length, moreData.length);
    if (findKaleido() !== undefined) assert.match(await readFile(join(folder, 'more-data.svg'), 'utf8'), /<svg/);
  });
});
