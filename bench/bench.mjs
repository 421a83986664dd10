/**
 * `npm run bench`: speed and memory side by side with PyTorch, on this machine, which should have nothing else to do.
 *
 *   npm run bench                    all parts
 *   npm run bench -- training        the part named; what bench.json holds of the others stays
 *   npm run bench -- --runs 9        more alternating runs than five
 *   npm run bench -- --scaling       instead, how our own time and memory grow (scaling.ts)
 *
 * Prints tables and writes data/results/published/bench.json.
 */
import { handOver } from '../setup/support/commands.mjs';
import { inRoot, root } from '../setup/support/paths.mjs';
import { prepare, runCommand } from '../setup/steps/index.mjs';
import { providePytorch } from './pytorch.mjs';

await runCommand(async (args) => {
  await prepare();
  const program = (name) => ['--require', 'tsx/cjs', inRoot('bench', name)];
  if (args.includes('--scaling')) return handOver(process.execPath, program('scaling.ts'), { cwd: root });
  const python = await providePytorch();
  return handOver(process.execPath, [...program('main.ts'), ...args], {
    cwd: root,
    env: { LABOR_LLM_PYTORCH: python },
  });
});
