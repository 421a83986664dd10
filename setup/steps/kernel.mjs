/** The kernelspec with which Jupyter starts the checkout's own tslab; found through JUPYTER_PATH, installed nowhere. */
import { delimiter } from 'node:path';
import { readOptional, writeAtomically } from '../support/files.mjs';
import { inRoot, inState } from '../support/paths.mjs';

const specFile = inState('jupyter', 'kernels', 'labor-llm', 'kernel.json');

const spec = () =>
  `${JSON.stringify(
    {
      argv: [process.execPath, inRoot('setup', 'kernel.cjs'), 'kernel', '--config-path', '{connection_file}'],
      display_name: 'TypeScript (labor-llm)',
      language: 'typescript',
    },
    null,
    2,
  )}\n`;

/** The environment in which Jupyter's programs find the kernel. */
export const jupyterEnvironment = () => ({
  JUPYTER_PATH: [inState('jupyter'), process.env.JUPYTER_PATH].filter(Boolean).join(delimiter),
});

export const kernel = {
  name: 'kernel',
  doing: 'the kernelspec "TypeScript (labor-llm)" is written',
  isDone: () => readOptional(specFile) === spec(),
  async run() {
    writeAtomically(specFile, spec());
  },
};
