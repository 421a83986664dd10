import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  disposeSharedRenderer,
  figure,
  findKaleido,
  probabilityPlot,
  Renderer,
  ReportError,
  show,
} from 'labor-llm/report';
import { inFakeNotebook } from './fake-notebook';

const plot = probabilityPlot({
  titles: ['Cooks', 'Nurses & aides', 'Sailors'],
  probabilities: [0.2, 0.7, 0.1],
  title: 'The next year',
});

/** Width of each bar in an SVG of Plotly's: its path goes from x 0 to x H. */
const barWidths = (svg: string): number[] =>
  [...svg.matchAll(/<g class="point"><path d="M0,[\d.]+V[\d.]+H([\d.]+)V/g)].map((match) => Number(match[1]));

describe('Renderer', function () {
  this.timeout(60_000);
  let renderer: Renderer;
  let folder: string;

  before(function () {
    if (findKaleido() === undefined) {
      console.log('      skipped: kaleido is not installed, npm start installs it');
      this.skip();
    }
    renderer = new Renderer();
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-figures-'));
  });

  after(() => {
    renderer?.dispose();
    disposeSharedRenderer();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('draws bars whose lengths are as the probabilities', async () => {
    const [first = 0, second = 0, third = 0] = barWidths(await renderer.svg(plot));
    assert.ok(Math.abs(second / first - 0.2 / 0.7) < 0.005, `${second} / ${first}`);
    assert.ok(Math.abs(third / first - 0.1 / 0.7) < 0.005, `${third} / ${first}`);
  });

  it('gives equal figures equal SVG, in one process and in another', async () => {
    const svg = await renderer.svg(plot);
    const other = new Renderer();
    try {
      assert.equal(await other.svg(plot), svg);
    } finally {
      other.dispose();
    }
    assert.equal(await renderer.svg(plot), svg);
  });

  it('gives different figures different names inside, so that both can stand on one page', async () => {
    const namesOf = (svg: string): string[] => [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1] ?? '');
    const first = namesOf(await renderer.svg(plot));
    const second = namesOf(await renderer.svg(figure({ ...plot, layout: { ...plot.layout, height: 300 } })));
    assert.ok(first.length > 0);
    assert.deepEqual(
      first.filter((name) => second.includes(name)),
      [],
    );
  });

  it('writes a title that screen readers read, with its characters escaped', async () => {
    const svg = await renderer.svg(plot);
    assert.match(svg, /^<svg role="img"/);
    assert.match(svg, /<title>The 3 most probable occupations; first Nurses &amp; aides with 70\.0 %\.<\/title>/);
  });

  it('draws a PNG of twice the size in pixels', async () => {
    const png = await renderer.png(plot);
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1400, 2 * (plot.layout.height ?? 0)]);
  });

  it('draws figures asked for together, each its own', async () => {
    const sizes = [300, 310, 320, 330];
    const svgs = await Promise.all(
      sizes.map((height) => renderer.svg(figure({ ...plot, layout: { ...plot.layout, height } }))),
    );
    assert.deepEqual(
      svgs.map((svg) => Number(/ height="(\d+)"/.exec(svg)?.[1])),
      sizes,
    );
  });

  it('writes NAME.svg and NAME.png, and shows one output that holds Plotly, picture and text', async () => {
    const sent = await inFakeNotebook(() => show(plot, { name: 'next', folder }));
    assert.equal(sent.length, 1);
    const data = sent[0]?.data ?? {};
    assert.deepEqual(Object.keys(data), ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain']);
    assert.equal(readFileSync(join(folder, 'next.svg'), 'utf8'), data['image/svg+xml']);
    assert.equal(readFileSync(join(folder, 'next.png')).subarray(1, 4).toString(), 'PNG');
    assert.equal(data['text/plain'], `Figure: ${plot.alt}`);
  });

  it('says so where a survey has nothing of what a figure would show', async () => {
    const sent = await inFakeNotebook(() => show(undefined, { name: 'none', folder }));
    assert.deepEqual(
      sent.map(({ data }) => data),
      [{ 'text/plain': 'No figure: the survey has nothing of what it would show.' }],
    );
  });

  it('does not keep Node alive, nor outlive it', () => {
    const program = `
      const { lossPlot, sharedRenderer } = require('labor-llm/report');
      sharedRenderer().svg(lossPlot([])).then((svg) => console.log(svg.length, sharedRenderer().child.pid));`;
    const { status, stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', timeout: 30_000 });
    const [length, pid] = stdout.split(' ').map(Number);
    assert.equal(status, 0);
    assert.ok((length ?? 0) > 1000);
    const until = Date.now() + 5000;
    const isAlive = (): boolean => {
      try {
        return process.kill(pid ?? 0, 0);
      } catch {
        return false;
      }
    };
    while (isAlive() && Date.now() < until) spawnSync('sleep', ['0.1']);
    assert.equal(isAlive(), false);
  });

  it('refuses what is asked of it after its end', async () => {
    const other = new Renderer();
    const pending = other.svg(plot);
    other.dispose();
    await assert.rejects(pending, /kaleido draws no more: it was disposed of/);
    await assert.rejects(other.svg(plot), ReportError);
  });
});

describe('Renderer of a kaleido that', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-kaleido-'));
    mkdirSync(join(folder, 'bin'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const withProgram = (shell: string): Renderer => {
    writeFileSync(join(folder, 'bin', 'kaleido'), `#!/bin/sh\n${shell}\n`);
    chmodSync(join(folder, 'bin', 'kaleido'), 0o755);
    return new Renderer({ executable: folder, secondsPerFigure: 1 });
  };

  it('dies says how it ended and what it complained of, without Chromium chatter', async () => {
    const renderer = withProgram(
      'echo "[1121/114145.24:WARNING:x.cc(431)] noise" >&2; echo "no such library" >&2; exit 3',
    );
    await assert.rejects(renderer.svg(plot), (error: Error) => {
      assert.match(error.message, /it ended \(exit code 3\)\.\nno such library$/);
      return true;
    });
  });

  it('hangs is given up after its time', async () => {
    await assert.rejects(withProgram('exec sleep 30').svg(plot), /no picture came within 1 s/);
  });

  it('refuses a figure says why, and goes on', async () => {
    const renderer = withProgram(
      `echo '{"code":0,"message":"Success","result":null,"version":"0.2.1"}'; read line; ` +
        `echo '{"code":525,"message":"no data","result":null}'; read line; echo '{"code":0,"message":null,"result":"<svg a=1>"}'`,
    );
    await assert.rejects(renderer.svg(plot), /could not draw the figure: no data/);
    assert.match(await renderer.svg(plot), /^<svg role="img" a=1>/);
    renderer.dispose();
  });
});

describe('saveFigure', () => {
  it('replaces a renderer that dies once, and goes on without pictures, and a line that says so, where it dies again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'labor-llm-dying-'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'kaleido'), `#!/bin/sh\necho x >> starts; echo "out of luck" >&2; exit 1\n`);
    chmodSync(join(folder, 'bin', 'kaleido'), 0o755);
    const program = `
      const { lossPlot, saveFigure } = require('labor-llm/report');
      const save = (name) => saveFigure(lossPlot([]), name, '/nowhere').then(console.log);
      save('a').then(() => save('b'));`;
    try {
      const env = { ...process.env, LABOR_LLM_KALEIDO: folder };
      const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', env });
      assert.match(
        stdout,
        /^No pictures are drawn: .*it ended \(exit code 1\)\.\nout of luck\.\nundefined\nundefined\n$/,
      );
      assert.equal(readFileSync(join(folder, 'starts'), 'utf8'), 'x\nx\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says in one line that there is no picture where kaleido is missing, and fails nothing', () => {
    const program = `
      const { lossPlot, saveFigure } = require('labor-llm/report');
      const save = (name) => saveFigure(lossPlot([]), name, '/nowhere').then(console.log);
      save('a').then(() => save('b'));`;
    const env = { ...process.env, LABOR_LLM_KALEIDO: join(tmpdir(), 'not-there') };
    const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', env });
    assert.match(stdout, /^No pictures are drawn: kaleido is not installed .*\nundefined\nundefined\n$/);
  });
});
