/**
 * `npm run all-models -- --data PATH`: sets up what is not set up yet, then fits and compares every model
 * (`labor-llm all-models --help` tells the rest).
 */
import { handOver } from './support/commands.mjs';
import { inRoot, root } from './support/paths.mjs';
import { prepare, runCommand } from './steps/index.mjs';

await runCommand(async (args) => {
  await prepare();
  return handOver(process.execPath, [inRoot('lib', 'bin', 'labor-llm.js'), 'all-models', ...args], { cwd: root });
});
