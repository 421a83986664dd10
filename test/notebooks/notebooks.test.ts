import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProgram, venvPython } from '../setup/programs';

const folder = join(root, 'notebooks');
const notebooksIn = (within: string): readonly string[] =>
  readdirSync(join(folder, within))
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => join(within, name));
const names = [...notebooksIn('.'), ...notebooksIn('solutions')];

describe('every notebook, on the smoke profile', function () {
  this.timeout(600_000);
  let output: string;
  before(function () {
    if (venvPython() === undefined) {
      console.log('      skipped: no Python environment (.venv) is set up');
      this.skip();
    }
    output = mkdtempSync(join(tmpdir(), 'labor-llm-notebooks-'));
  });
  after(() => {
    if (output) rmSync(output, { recursive: true });
  });

  for (const name of names) {
    it(`${name} runs from beginning to end without an error that anything would show`, () => {
      const ended = runProgram(
        process.execPath,
        ['setup/notebook.mjs', join(folder, name), '--output', join(output, name.replace('/', '-')), '--profile', 'smoke'],
        { env: { LABOR_LLM_OUTPUT: output } },
      );
      assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    });

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
