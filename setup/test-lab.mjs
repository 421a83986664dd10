/** `npm run test-lab`: every notebook run in JupyterLab in a browser, of which `npm test` runs a few. */
import { handOver } from './support/commands.mjs';
import { inRoot, root } from './support/paths.mjs';

const tests = ['test/notebooks/jupyterlab.test.ts', ...process.argv.slice(2)];
const env = { LABOR_LLM_TEST_LAB: 'all' };
process.exitCode = await handOver(process.execPath, [inRoot('setup', 'test.mjs'), ...tests], { cwd: root, env });
