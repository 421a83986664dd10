import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProgram, venvPython, type Ended } from '../setup/programs';

interface Cell {
  readonly source: string;
  readonly tags?: readonly string[];
}

interface ExecutedCell {
  readonly cell_type: string;
  readonly execution_count: number | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly outputs: readonly { readonly name?: string; readonly text?: readonly string[] | string }[];
}

const code = (source: string, ...tags: string[]): Cell => ({ source, tags });

const notebookOf = (cells: readonly Cell[]): string =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'labor-llm', display_name: 'TypeScript (labor-llm)', language: 'typescript' } },
    cells: cells.map(({ source, tags = [] }, index) => ({
      id: `cell-${index}`,
      cell_type: 'code',
      execution_count: 7,
      metadata: { tags, execution: { 'iopub.status.busy': '2020-01-01T00:00:00Z' } },
      outputs: [],
      source,
    })),
  });

describe('the notebook runner', function () {
  this.timeout(60_000);
  let folder: string;
  let output: string;

  before(function () {
    if (venvPython() === undefined) {
      console.log('      skipped: no Python environment (.venv) is set up');
      this.skip();
    }
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-notebook-'));
    output = join(folder, 'executed.ipynb');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (cells: readonly Cell[], ...options: string[]): Ended => {
    const notebook = join(folder, 'trial.ipynb');
    writeFileSync(notebook, notebookOf(cells));
    return runProgram(process.execPath, ['setup/notebook.mjs', notebook, '--output', output, ...options]);
  };
  const executed = (): readonly ExecutedCell[] =>
    (JSON.parse(readFileSync(output, 'utf8')) as { cells: readonly ExecutedCell[] }).cells;

  const fails = (ended: Ended, ...expected: readonly RegExp[]): void => {
    assert.equal(ended.code, 1, ended.stdout + ended.stderr);
    for (const pattern of expected) assert.match(ended.stderr, pattern);
    assert.equal(existsSync(output), false, 'nothing is written of a notebook that failed');
  };

  it('runs cells in order, with the library and its types, and writes a clean notebook', () => {
    const ended = run([
      code(`import * as careers from 'labor-llm/careers';`),
      code('const sum: number = 1 + 1; console.log("a"); console.log("b");'),
      code('sum * 21'),
      code(`console.log(${JSON.stringify(join(root, 'data'))}); process.stdout.write('1 %\\r2 %\\n'); undefined`),
    ]);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /trial cell 2\/4 +\d+\.\d s {2}const sum/);
    const cells = executed();
    assert.deepEqual(
      cells.map((cell) => cell.execution_count),
      [1, 2, 3, 4],
    );
    const texts = cells.map((cell) => cell.outputs.map(({ text = '' }) => [text].flat().join('')));
    assert.deepEqual(texts, [[], ['a\nb\n'], ['42\n'], ['./data\n2 %\n']]);
    assert.ok(cells.every((cell) => !('execution' in cell.metadata)));
  });

  it('prints the text of cells tagged results at the end', () => {
    const ended = run([code('console.log("the table")', 'results'), code('console.log("something else")')]);
    assert.match(ended.stdout, /trial cell 2\/2.*\n\nthe table\n$/);
  });

  it('fails on a thrown error, naming cell, source and error', () => {
    fails(
      run([code('const a = 1;'), code('throw new Error("the census burned");'), code('console.log("never");')]),
      /trial\.ipynb, cell 2: it failed/,
      / {4}throw new Error\("the census burned"\);/,
      /Error: the census burned/,
    );
  });

  it('fails on a type error', () => {
    fails(run([code('const year: number = "1979";')]), /cell 1: it failed/, /Type 'string' is not assignable/);
  });

  it('fails on a promise that nobody awaits and that is rejected while its cell runs', () => {
    fails(run([code('Promise.reject(new Error("alone")); 1')]), /UnhandledPromiseRejection: Error: alone/);
  });

  it('fails on a promise that is rejected when its cell and others have ended', () => {
    const late = 'new Promise((_, reject) => setTimeout(() => reject(new Error("later")), 400)); 1';
    fails(run([code(late), code('console.log(2)')]), /UnhandledPromiseRejection: Error: later/, /an earlier cell/);
  });

  it('fails on a timer that throws after the last cell', () => {
    fails(run([code('setTimeout(() => { throw new Error("tick"); }, 300); 1')]), /UncaughtException: Error: tick/);
  });

  it('fails on a kernel that dies', () => {
    fails(run([code('process.exit(0)')]), /cell 1: the kernel died/);
  });

  it('fails on a cell that takes longer than it may', () => {
    fails(run([code('await new Promise((resolve) => setTimeout(resolve, 20_000));')], '--timeout', '1'), /after 1 s/);
  });

  it('fails on an empty code cell', () => {
    fails(run([code('1'), code(' ')]), /cell 2: an empty code cell/);
  });

  it('fails on a warning, but for --lenient, which lets pass what does not read like an error', () => {
    const warning = [code('console.warn("careful");')];
    fails(run(warning), /text on stderr/, /careful/);
    assert.equal(run(warning, '--lenient').code, 0);
    rmSync(output);
    fails(run([code('console.error(new RangeError("too far"));')], '--lenient'), /RangeError: too far/);
  });
});
