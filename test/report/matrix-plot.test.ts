import { strict as assert } from 'node:assert';
import { intervalLinesPlot, matrixPlot } from 'labor-llm/report';

const options = {
  rows: ['a', 'b'],
  columns: ['x', 'y', 'z'],
  values: [
    [0.1, null, 0.9],
    [0, 0.25, 0.5],
  ],
  quantity: 'share',
  rowTitle: 'from',
  columnTitle: 'to',
};

describe('matrixPlot', () => {
  it('writes each number into its cell, and none where there is none', () => {
    const { layout } = matrixPlot({ ...options, framedRow: 1 });
    const written = (layout.annotations ?? []).map(({ x, y, text }) => [x, y, text]);
    assert.deepEqual(written, [
      [0, 0, '0.10'],
      [2, 0, '0.90'],
      [0, 1, '0.00'],
      [1, 1, '0.25'],
      [2, 1, '0.50'],
    ]);
    const [frame] = layout.shapes ?? [];
    assert.deepEqual([frame?.x0, frame?.x1, frame?.y0, frame?.y1], [-0.5, 2.5, 0.52, 1.48]);
  });

  it('writes light on dark cells and dark on light ones', () => {
    const { layout } = matrixPlot({ ...options, highest: 1 });
    const [light, dark] = [layout.annotations?.[0], layout.annotations?.[1]].map((one) => one?.font?.color);
    assert.deepEqual([light, dark], ['#222222', '#ffffff']);
  });

  it('says every number in its alternative text', () => {
    assert.match(matrixPlot(options).alt, /a: x 0\.10, y none, z 0\.90; b: x 0\.00, y 0\.25, z 0\.50/);
  });

  it('refuses values that are not of its rows and columns', () => {
    assert.throws(() => matrixPlot({ ...options, rows: ['a'] }), /1 rows and 3 columns, but values of 2 rows/);
  });
});

describe('matrixPlot of shares', () => {
  const labels = { rowTitle: 'from', columnTitle: 'to', quantity: 'share of moves', format: 'percent' } as const;

  it('writes the percentage where there is something to say, and leaves a share unknown', () => {
    const values = [
      [0.96, 0.04],
      [null, null],
    ];
    const { data, layout, alt } = matrixPlot({ rows: ['a', 'b'], columns: ['c', 'd'], values, ...labels });
    assert.deepEqual(
      (layout.annotations ?? []).map(({ x, y, text }) => [x, y, text]),
      [[0, 0, '96']],
    );
    assert.deepEqual((data[0] as unknown as { z: unknown }).z, values);
    assert.equal(alt, 'share of moves, by from and to. a: c 96.0 %, d 4.0 %; b: c none, d none.');
  });

  it('reads only the highest of many aloud, and says when nothing is known', () => {
    const columns = Array.from({ length: 20 }, (_, c) => `to ${c}`);
    const many = matrixPlot({ rows: ['a'], columns, values: [columns.map((_, c) => c / 40)], ...labels });
    assert.match(many.alt, /Highest of 1 rows by 20 columns: 47\.5 %, a and to 19\.$/);
    assert.match(matrixPlot({ rows: ['a'], columns: ['a'], values: [[null]], ...labels }).alt, /Nothing is known/);
  });
});

describe('intervalLinesPlot', () => {
  const line = (name: string, ...values: number[]) => ({
    name,
    points: values.map((value, x) => ({ x: 20 + x, value, interval: [value - 0.1, value + 0.2] as const, cases: 7 })),
  });
  const axes = { along: 'age', quantity: 'share of stays' };

  it('draws the interval on both sides of each estimate', () => {
    const [trace] = intervalLinesPlot([line('one', 0.5, 0.6)], axes).data as unknown as [
      { x: number[]; y: number[]; error_y: { array: number[]; arrayminus: number[] } },
    ];
    assert.deepEqual(
      [trace.x, trace.y],
      [
        [20, 21],
        [0.5, 0.6],
      ],
    );
    assert.ok(trace.error_y.array.every((above) => Math.abs(above - 0.2) < 1e-12));
    assert.ok(trace.error_y.arrayminus.every((below) => Math.abs(below - 0.1) < 1e-12));
  });

  it('says where each line begins and ends', () => {
    assert.match(
      intervalLinesPlot([line('one', 0.5, 0.6), line('two')], axes).alt,
      /one: from 0\.50 at 20 to 0\.60 at 21; two: nothing/,
    );
  });

  it('refuses more lines than can be told apart', () => {
    assert.throws(
      () =>
        intervalLinesPlot(
          ['a', 'b', 'c', 'd'].map((name) => line(name, 1)),
          axes,
        ),
      /at most 3/,
    );
  });
});
