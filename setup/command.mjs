/**
 * `npm run all-models`, `npm run foundation`: sets up what is not set up yet, then runs a command of labor-llm
 * (`labor-llm COMMAND --help` tells the rest).
 */
import { handOver } from './support/commands.mjs';
import { inRoot, root } from './support/paths.mjs';
import { prepare, runCommand } from './steps/index.mjs';

await runCommand(async (args) => {
  await prepare();
  return handOver(process.execPath, [inRoot('lib', 'bin', 'labor-llm.js'), ...args], { cwd: root });
});
