import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { root, runModule } from './programs';

describe('an executed notebook', () => {
  it('lies beside the results, a solution apart from the notebook of the same name', () => {
    const { stdout, stderr } = runModule(
      `process.argv[1] = 'no program'; // or else notebook.mjs has nothing to tell by that it is not run
       const { besideResults } = await import('./setup/notebook.mjs');
       const notebooks = ['notebooks/04-data.ipynb', 'notebooks/solutions/04-data.ipynb', '/elsewhere/own.ipynb'];
       console.log(JSON.stringify(notebooks.map((notebook) => besideResults(notebook, 'smoke'))));`,
    );
    assert.equal(stderr, '');
    const folder = join(root, 'data', 'results', 'smoke', 'notebooks');
    const expected = ['04-data.ipynb', join('solutions', '04-data.ipynb'), 'own.ipynb'];
    assert.deepEqual(
      JSON.parse(stdout),
      expected.map((name) => join(folder, name)),
    );
  });
});
