import { strict as assert } from 'node:assert';
import { dotPlot, figure, intervalPlot, lossPlot, palette, probabilityPlot, intervalLinesPlot } from 'labor-llm/report';

/** WCAG 2.2, relative luminance. */
const luminance = (hex: string): number => {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
};

describe('figure', () => {
  it('is 700 by 400 unless its layout says otherwise', () => {
    const { layout } = figure({ data: [], layout: { height: 300 }, alt: 'Nothing.' });
    assert.deepEqual([layout.width, layout.height], [700, 300]);
  });

  it('refuses a figure that nobody can read aloud', () => {
    assert.throws(() => figure({ data: [], layout: {}, alt: ' ' }), /alt is empty/);
    assert.equal(figure({ data: [], layout: {}, alt: 'Two<br>lines.' }).alt, 'Two lines.');
  });

  it('draws the lines that a plot tells apart in colours of at least 3:1 contrast to the paper (WCAG 1.4.11)', () => {
    for (const color of [palette.blue, palette.vermillion, palette.green]) {
      assert.ok(1.05 / (luminance(color) + 0.05) > 3, color);
    }
  });
});

describe('probabilityPlot', () => {
  const titles = ['Cooks', 'Nurses', 'Sailors', 'Bakers'];
  const probabilities = [0.1, 0.6, 0.05, 0.25];
  const bars = (trace: unknown): { x: number[]; text: string[]; customdata: string[] } =>
    trace as { x: number[]; text: string[]; customdata: string[] };

  it('shows the most probable first, down to the number asked for', () => {
    const { x, customdata } = bars(probabilityPlot({ titles, probabilities, top: 2 }).data[0]);
    assert.deepEqual(customdata, ['Nurses', 'Bakers']);
    assert.deepEqual(x, [0.6, 0.25]);
  });

  it('shows what happened even where it is not among the top, with its rank', () => {
    const plot = probabilityPlot({ titles, probabilities, top: 2, truth: 2 });
    const { text, customdata } = bars(plot.data[0]);
    assert.deepEqual(customdata, ['Nurses', 'Bakers', 'Sailors']);
    assert.match(text[2] ?? '', /^5\.0 % .*what happened/);
    assert.match(plot.alt, /what happened, Sailors, is number 4 with 5\.0 %/);
    assert.deepEqual((plot.layout.yaxis as { ticktext: string[] }).ticktext[2], '(4) Sailors');
  });

  it('keeps two titles apart that are shortened to the same text', () => {
    const long = 'Operatives in manufacturing of durable and nondurable goods';
    const { layout } = probabilityPlot({ titles: [`${long}, a`, `${long}, b`], probabilities: [0.5, 0.5] });
    const { tickvals, ticktext } = layout.yaxis as { tickvals: number[]; ticktext: string[] };
    assert.equal(ticktext[0], ticktext[1]);
    assert.notEqual(tickvals[0], tickvals[1]);
  });

  it('refuses probabilities that are not those of the titles', () => {
    assert.throws(() => probabilityPlot({ titles, probabilities: [1] }), /4 titles, but 1 probabilities/);
  });
});

describe('lossPlot', () => {
  it('has a validation panel only where a validation loss was logged', () => {
    const logs = [
      { step: 1, loss: 3 },
      { step: 2, loss: 2 },
    ];
    assert.equal(lossPlot(logs).data.length, 1);
    const plot = lossPlot([...logs, { step: 3, loss: 1.5, validationLoss: Math.log(9) }]);
    assert.deepEqual((plot.data[1] as { x: number[]; y: number[] }).x, [3]);
    assert.equal(
      plot.alt,
      'Training loss from 3.000 nats a token at step 1 to 1.500 at step 3; lowest validation perplexity 9.000.',
    );
  });

  it('says what the training loss is a mean over', () => {
    const { layout, alt } = lossPlot([{ step: 1, loss: 3 }], { per: 'observation' });
    assert.match((layout.yaxis?.title as { text: string }).text, /nats an observation/);
    assert.match(
      lossPlot([{ step: 1, loss: 3 }], { per: 'weighted token' }).alt,
      /3\.000 nats a token, weighted at step 1/,
    );
    assert.match(alt, /3\.000 nats an observation at step 1/);
  });

  it('draws an empty run without failing', () => {
    assert.equal(lossPlot([]).alt, 'No step was logged.');
  });
});

describe('intervalPlot', () => {
  it('draws the ends of each interval where they are, asymmetric ones too', () => {
    const plot = intervalPlot([{ label: 'a', value: 5, interval: [4.5, 6] }], {
      quantity: 'perplexity',
      categoryTitle: 'model',
    });
    const { error_x: bars } = plot.data[0] as { error_x: { array: number[]; arrayminus: number[] } };
    assert.deepEqual([bars.array, bars.arrayminus], [[1], [0.5]]);
    assert.equal(plot.alt, 'perplexity: a 5.000 (4.500 to 6.000).');
  });
});

describe('dotPlot', () => {
  const options = { categories: ['young', 'old'], quantity: 'share', categoryTitle: 'age' };

  it('shows what is known, with its interval where there is one', () => {
    const points = [
      { value: 0.5, interval: [0.4, 0.7] as const },
      { value: null, interval: null },
    ];
    const plot = dotPlot([{ name: 'survey', points }], options);
    const { x, error_x } = plot.data[0] as { x: number[]; error_x: { array: number[]; arrayminus: number[] } };
    assert.deepEqual(x, [0.5]);
    assert.ok(Math.abs((error_x.array[0] ?? NaN) - 0.2) < 1e-12);
    assert.ok(Math.abs((error_x.arrayminus[0] ?? NaN) - 0.1) < 1e-12);
    assert.equal(plot.alt, 'share by age: survey young 0.500, old unknown.');
  });

  it('draws a line at a value to compare with, which a logarithmic axis has a tick for', () => {
    const points = [{ value: 9, interval: null }];
    const compared = dotPlot([{ name: 'a', points }], { ...options, scale: 'log', reference: 1 });
    const { shapes, xaxis } = compared.layout as {
      shapes: { x0: number; x1: number }[];
      xaxis: { tickvals: number[] };
    };
    assert.deepEqual(
      shapes.map(({ x0, x1 }) => [x0, x1]),
      [[1, 1]],
    );
    assert.deepEqual(xaxis.tickvals, [1, 2, 5]);
    assert.deepEqual((dotPlot([{ name: 'a', points }], options).layout as { shapes: unknown[] }).shapes, []);
  });

  it('refuses more series than can be told apart', () => {
    const series = Array.from({ length: 5 }, (_, i) => ({ name: String(i), points: [] }));
    assert.throws(() => dotPlot(series, options), /5 series, but no more than 4/);
  });
});

describe('logarithmic axes', () => {
  const ticksOf = (low: number, high: number): unknown => {
    const points = [{ value: Math.sqrt(low * high), interval: [low, high] as const }];
    const dots = dotPlot([{ name: 'a', points }], {
      categories: ['x'],
      quantity: 'q',
      categoryTitle: 'c',
      scale: 'log',
    });
    const lines = intervalLinesPlot([{ name: 'a', points: points.map((one) => ({ ...one, x: 0, cases: 1 })) }], {
      ...{ along: 'x', quantity: 'q', scale: 'log' },
    });
    const { xaxis } = dots.layout as { xaxis: { tickvals?: number[] } };
    const { yaxis } = lines.layout as { yaxis: { tickvals?: number[] } };
    assert.deepEqual(xaxis.tickvals, yaxis.tickvals);
    return xaxis.tickvals;
  };

  it('have ticks at 1, 2 and 5, at powers of ten where there are many, and as Plotly has them in a small range', () => {
    assert.deepEqual(ticksOf(0.93, 14), [1, 2, 5, 10]);
    assert.deepEqual(ticksOf(12, 1e6), [100, 1000, 10_000, 100_000, 1_000_000]);
    assert.deepEqual(
      ticksOf(1, 1e16),
      [0, 2, 4, 6, 8, 10, 12, 14, 16].map((power) => 10 ** power),
    );
    assert.equal(ticksOf(6.1, 6.9), undefined);
  });
});

describe('intervalLinesPlot', () => {
  it('sets lines beside each other by a little of the axis, wherever it begins', () => {
    const line = (name: string) => ({
      name,
      points: [2013, 2021].map((x) => ({ x, value: 1, interval: [0, 2] as const, cases: 3 })),
    });
    const { data } = intervalLinesPlot(['a', 'b', 'c'].map(line), { along: 'year', quantity: 'perplexity' });
    for (const trace of data) {
      const [first, last] = (trace as { x: number[] }).x as [number, number];
      assert.ok(Math.abs(first - 2013) < 0.1 && Math.abs(last - 2021) < 0.1, `${first} to ${last}`);
    }
  });

  it('names few whole years one by one, and leaves many to Plotly', () => {
    const tickStep = (...years: readonly number[]): unknown => {
      const points = years.map((x) => ({ x, value: 1, interval: [0, 2] as const, cases: 3 }));
      const { layout } = intervalLinesPlot([{ name: 'a', points }], { along: 'year', quantity: 'perplexity' });
      return (layout['xaxis'] as { readonly dtick?: unknown }).dtick;
    };
    assert.deepEqual([tickStep(1985, 1987), tickStep(1997, 2021), tickStep(0, 0.5)], [1, undefined, undefined]);
  });
});
