/**
 * The steps from a fresh clone to a working checkout, shared by every command. Each can be asked whether it is done (all of
 * them together in a fraction of a second), and each can be killed at any point and run again.
 */
import { tell } from '../support/console.mjs';
import { SetupError } from '../support/errors.mjs';
import { withLock } from '../support/lock.mjs';
import { inState } from '../support/paths.mjs';
import { kernel } from './kernel.mjs';
import { library } from './library.mjs';
import { packages } from './packages.mjs';
import { python } from './python.mjs';
import { tensorflow } from './tensorflow.mjs';

export const steps = [packages, library, python, tensorflow, kernel];

export const minimumNode = '20.19';

export const isNodeNewEnough = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [neededMajor, neededMinor] = minimumNode.split('.').map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
};

const checkNode = () => {
  if (isNodeNewEnough()) return;
  throw new SetupError(
    `Node ${minimumNode} or newer is needed, and this is ${process.versions.node}: ` +
      'install a newer one (https://nodejs.org) and run the command again',
  );
};

const runStep = async (step, context) => {
  const told = tell(step.name, step.doing);
  try {
    await step.run(told, context);
    told.done();
  } catch (error) {
    told.end();
    if (!(error instanceof SetupError)) throw error;
    if (error.details) console.log(error.details.replace(/^/gm, '    '));
    if (!error.optional) throw error;
    const instead = step === tensorflow ? '  the wasm backend is used instead: ' : '  going on without: ';
    console.log(instead + error.message);
  }
};

/**
 * Does what is not done yet; silent where all is done.
 *
 * @param retry try again what is optional and failed before
 * @param only  the names of the steps wanted; all by default
 * @throws SetupError when something fails that everything needs
 */
export const prepare = async ({ retry = false, only = steps } = {}) => {
  checkNode();
  // LABOR_LLM_BACKEND=wasm asks for no TensorFlow: then none is fetched for it
  const wanted = only.filter((step) => step !== tensorflow || process.env.LABOR_LLM_BACKEND !== 'wasm');
  const context = { retry };
  if (wanted.every((step) => step.isDone(context))) return;
  await withLock(inState('lock'), async () => {
    for (const step of wanted) if (!step.isDone(context)) await runStep(step, context);
  });
};

/** Runs a command's main function; a SetupError becomes a message and exit code 1. */
export const runCommand = async (main) => {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
};
