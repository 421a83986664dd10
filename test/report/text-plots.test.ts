import { strict as assert } from 'node:assert';
import { pointsPlot, schedulesPlot, titleTreePlot } from 'labor-llm/report';

describe('schedulesPlot', () => {
  const step = (epoch: number, validationLoss?: number) => ({
    epoch,
    learningRate: 1e-3,
    loss: 2,
    ...(validationLoss === undefined ? {} : { validationLoss }),
  });

  it('marks the lowest validation of all fits, and no other point', () => {
    const plot = schedulesPlot([
      { name: '2 epochs', steps: [step(0.5), step(1, Math.log(9)), step(1.5), step(2, Math.log(8))] },
      { name: '3 epochs', steps: [step(1, Math.log(10)), step(2, Math.log(7)), step(3, Math.log(7.5))] },
    ]);
    const symbols = plot.data.flatMap((trace) => (trace as { marker?: { symbol: string[] } }).marker?.symbol ?? []);
    assert.deepEqual(symbols, ['circle', 'circle', 'square', 'star', 'square']);
    assert.match(plot.alt, /3 epochs: validation perplexity after each pass 10.000, 7.000, 7.500/);
  });

  it('draws the training loss as means of parts, each step in one', () => {
    const steps = Array.from({ length: 240 }, (_, i) => ({ ...step((i + 1) / 80), loss: i }));
    const { y } = schedulesPlot([{ name: 'one', steps }]).data[1] as { y: number[] };
    assert.equal(y.length, 60);
    assert.deepEqual([y[0], y[59]], [1.5, 237.5]);
  });
});

describe('titleTreePlot', () => {
  const node = (text: string, parent: number, depth: number, probability: number, reached: number, isEnd = false) => ({
    ...{ text, parent, depth, probability, reached, isEnd },
  });
  // Cooks ⏎ and Cooks, private ⏎
  const nodes = [
    node('Cooks', -1, 1, 0.5, 0.5),
    node('⏎', 0, 2, 0.7, 0.35, true),
    node(', private', 0, 2, 0.3, 0.15),
    node('⏎', 2, 3, 1, 0.15, true),
  ];

  it('draws a branch a token, from where the one before ended', () => {
    const lines = titleTreePlot(nodes).data as { x: number[]; y: number[] }[];
    assert.equal(lines.length, 4);
    assert.deepEqual([lines[1]?.x[0], lines[1]?.y[0]], [lines[0]?.x[2], lines[0]?.y[2]]);
    assert.notEqual(lines[1]?.y[2], lines[2]?.y[2], 'two leaves on one line');
  });

  it('says each title with its probability', () => {
    assert.match(titleTreePlot(nodes).alt, /to 2 titles\. Cooks \(50 %\) ⏎ \(70 %\): 35 %; .*: 15 %\.$/);
  });
});

describe('pointsPlot', () => {
  it('gives no more groups than can be told apart, and each point once', () => {
    const points = Array.from({ length: 30 }, (_, i) => ({ name: `n${i}`, x: i, y: -i, group: `group ${i % 9}` }));
    const plot = pointsPlot(points, { xTitle: 'x', yTitle: 'y', labelled: 2 });
    const traces = plot.data as { name: string; x: number[]; text: string[] }[];
    assert.equal(traces.length, 6);
    assert.equal(traces.at(-1)?.name, 'others');
    assert.equal(traces.flatMap(({ x }) => x).length, 30);
    assert.deepEqual(
      traces.flatMap(({ text }) => text.filter((name) => name !== '')),
      ['n0', 'n1'],
    );
  });

  it('leaves a name out that would cover another, and places it where it does not', () => {
    const names = ['a long name of a point', 'another long name', 'one more long name', 'the last of the names'];
    const at = (apart: number) => names.map((name, i) => ({ name, x: apart * i, y: 0, group: 'all' }));
    const shown = (apart: number): string[] => {
      const far = { name: 'far', x: 1000, y: 1000, group: 'all' };
      const plot = pointsPlot([...at(apart), far], { xTitle: 'x', yTitle: 'y', labelled: 4 });
      return (plot.data as { text: string[] }[]).flatMap(({ text }) => text.filter((name) => name !== ''));
    };
    assert.deepEqual(shown(300), names);
    const close = shown(1);
    assert.ok(close.length > 0 && close.length < 4, close.join());
  });
});
