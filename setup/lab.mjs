/**
 * `npm run lab`: JupyterLab on notebooks/ with the project's kernel. Bound to localhost with a token, as Jupyter does by
 * default; what stands after -- goes to Jupyter (npm run lab -- --no-browser --port 9000).
 */
import { SetupError } from './support/errors.mjs';
import { handOver } from './support/commands.mjs';
import { inRoot, root, venvPython } from './support/paths.mjs';
import { prepare, runCommand } from './steps/index.mjs';
import { jupyterEnvironment } from './steps/kernel.mjs';
import { hasPython, pythonAdvice } from './steps/python.mjs';

await runCommand(async (args) => {
  await prepare();
  if (!hasPython()) throw new SetupError(`JupyterLab needs Python: ${pythonAdvice}`);
  const settings = {
    '--ServerApp.root_dir': inRoot('notebooks'),
    '--MultiKernelManager.default_kernel_name': 'labor-llm',
  };
  // Jupyter refuses a setting that is given twice: the caller's own stands
  const ours = Object.entries(settings)
    .filter(([name]) => !args.some((arg) => arg.startsWith(`${name}=`)))
    .map(([name, value]) => `${name}=${value}`);
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : []; // Jupyter refuses root unless told
  return handOver(venvPython, ['-m', 'jupyterlab', ...ours, ...asRoot, ...args], {
    cwd: root,
    env: jupyterEnvironment(),
  });
});
