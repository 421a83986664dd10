import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root, startProgram, venvPython, type Ended } from '../setup/programs';

const folder = join(root, 'notebooks');
const notebooksIn = (within: string): readonly string[] =>
  readdirSync(join(folder, within))
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => join(within, name));
const notebooks = notebooksIn('.');
const solutions = notebooksIn('solutions');
/** Solutions stand behind the notebook after theirs, beside which they run. */
const names = [
  ...notebooks.flatMap((name, i) => [name, ...solutions.filter((one) => basename(one) === notebooks[i - 1])]),
  ...solutions.filter((one) => !notebooks.slice(0, -1).includes(basename(one))),
];

/** What a notebook leaves behind: its figures, and its tables with what stands over their columns. */
interface Outputs {
  readonly figures: readonly string[];
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

const listed = JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')) as Readonly<Record<string, Outputs>>;

/** Figures and tables under a folder that are not older than `from`; each must be whole. */
const outputsSince = (from: number, output: string): Outputs => {
  const files = ['data', 'figures']
    .flatMap((top) => readdirSync(join(output, top), { recursive: true, encoding: 'utf8' }).map((name) => join(top, name)))
    .map((name) => join(output, name))
    .filter((path) => !path.includes(join('data', 'fitted')) && statSync(path).mtimeMs >= from);
  const named = (ending: string): readonly string[] =>
    files.filter((path) => path.endsWith(ending)).sort();
  for (const path of named('.png')) {
    const png = readFileSync(path);
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
    assert.ok(png.length > 4000, `${path} has ${png.length} bytes`);
    assert.match(readFileSync(path.replace(/png$/, 'svg'), 'utf8'), /<svg[^]*class="plot"|<svg[^]*class="cartesianlayer"/);
  }
  const tables = named('.md').map((path) => {
    const [head = '', , ...rows] = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'));
    assert.ok(rows.length > 0, `${path} has no rows`);
    assert.ok(readFileSync(path.replace(/md$/, 'tex'), 'utf8').includes('\\begin{tabular}'));
    const columns = head.slice(2, -2).split(' | ').map((text) => text.replace(/\\(.)/g, '$1'));
    return [basename(path, '.md'), columns] as const;
  });
  const figures = named('.png').map((path) => basename(path, '.png'));
  return { figures: figures.sort(), tables: Object.fromEntries(tables) };
};

describe('every notebook, on the smoke profile', function () {
  this.timeout(600_000);
  let output: string;
  const runs = new Map<string, Promise<Ended>>();
  /** Solutions leave their own figures in a folder of their own, and share fitted models with the notebooks. */
  const run = (name: string): Promise<Ended> => {
    const own = name === basename(name) ? output : join(output, 'solutions');
    const args = [join(folder, name), '--output', join(own, basename(name)), '--profile', 'smoke'];
    const under =
      runs.get(name) ?? startProgram(process.execPath, ['setup/notebook.mjs', ...args], { LABOR_LLM_OUTPUT: own });
    runs.set(name, under);
    return under;
  };
  before(function () {
    if (venvPython() === undefined) {
      console.log('      skipped: no Python environment (.venv) is set up');
      this.skip();
    }
    output = mkdtempSync(join(tmpdir(), 'labor-llm-notebooks-'));
    mkdirSync(join(output, 'data', 'fitted'), { recursive: true });
    mkdirSync(join(output, 'solutions', 'data'), { recursive: true });
    symlinkSync(join(output, 'data', 'fitted'), join(output, 'solutions', 'data', 'fitted'));
  });
  after(() => {
    if (output) rmSync(output, { recursive: true });
  });

  for (const [name, source] of [
    ['05-empirical-models.ipynb', 'young-men'],
    ['09-conclusion.ipynb', join(root, 'data', 'young-women', 'young-women.csv.gz')],
  ] as const) {
    it(`${name} runs on another survey, ${basename(source)}`, async () => {
      const own = join(output, basename(source));
      const args = [join(folder, name), '--output', join(own, name), '--profile', 'smoke'];
      const told = { LABOR_LLM_OUTPUT: own, LABOR_LLM_DATA: source };
      const { code, stdout, stderr } = await startProgram(process.execPath, ['setup/notebook.mjs', ...args], told);
      assert.equal(code, 0, stdout + stderr);
      assert.match(readFileSync(join(own, name), 'utf8'), /young-(wo)?men/);
      // results stand under the survey's name
      assert.ok(readdirSync(join(own, 'data', 'results', 'smoke')).some((survey) => survey.startsWith('young-')));
    });
  }

  for (const name of names) {
    let began = 0;

    it(`${name} runs from beginning to end without an error that anything would show`, async () => {
      began = Date.now();
      const before = notebooks[notebooks.indexOf(name) - 1];
      if (before !== undefined && runs.has(before)) {
        for (const beside of solutions.filter((one) => basename(one) === before)) void run(beside);
      }
      const { code, stdout, stderr } = await run(name);
      assert.equal(code, 0, stdout + stderr);
    });

    if (name === basename(name)) {
      it(`${name} leaves the figures and tables that outputs.json lists, and no others`, () => {
        const made = outputsSince(began, output);
        // where no picture can be drawn, the notebook has said so and gone on
        const wanted = listed[basename(name, '.ipynb')];
        assert.deepEqual(made, made.figures.length > 0 ? wanted : { ...wanted, figures: [] });
      });
    }

    it(`${name} is committed clean: executed in order, no timings, no paths of a machine`, () => {
      const text = readFileSync(join(folder, name), 'utf8');
      const { cells } = JSON.parse(text) as {
        cells: readonly { cell_type: string; execution_count?: number | null; metadata: object }[];
      };
      const codeCells = cells.filter((cell) => cell.cell_type === 'code');
      const counts = codeCells.map((cell) => cell.execution_count ?? null);
      const isExecuted = counts.some((count) => count !== null);
      assert.deepEqual(counts, isExecuted ? counts.map((_, index) => index + 1) : counts);
      assert.ok(cells.every((cell) => !('execution' in cell.metadata)));
      assert.doesNotMatch(text, /\/(home|root|Users)\//);
    });
  }
});
