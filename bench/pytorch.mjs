/**
 * PyTorch, in a virtual environment that only `npm run bench` makes (.setup/pytorch). LABOR_LLM_PYTORCH names a Python that
 * has torch and safetensors already, such as one with PyTorch's build for CPUs: the one on PyPI brings CUDA's libraries.
 */
import { join } from 'node:path';
import { existsSync, rmSync } from 'node:fs';
import { run } from '../setup/support/commands.mjs';
import { tell } from '../setup/support/console.mjs';
import { SetupError } from '../setup/support/errors.mjs';
import { keyOf, readOptional, writeAtomically } from '../setup/support/files.mjs';
import { inRoot, inState, root } from '../setup/support/paths.mjs';
import { findPython, pythonAdvice } from '../setup/steps/python.mjs';

const folder = inState('pytorch');
const interpreter =
  process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
const requirementsFile = inRoot('bench', 'requirements.txt');
const keyFile = join(folder, 'key');

/** A Python that has PyTorch, made where there is none yet. */
export const providePytorch = async () => {
  if (process.env.LABOR_LLM_PYTORCH) return process.env.LABOR_LLM_PYTORCH;
  const key = keyOf(readOptional(requirementsFile), root);
  if (existsSync(interpreter) && readOptional(keyFile) === key) return interpreter;
  const base = findPython();
  if (!base) throw new SetupError(`PyTorch needs Python: ${pythonAdvice}, and run npm run bench again`);
  const told = tell('PyTorch', 'for the comparison, in .setup/pytorch (several GB, once)');
  try {
    rmSync(keyFile, { force: true });
    await run(base, ['-m', 'venv', '--clear', folder]);
    await run(
      interpreter,
      [
        ...['-m', 'pip', 'install', '--only-binary=:all:', '--no-input', '--progress-bar=off'],
        ...['--disable-pip-version-check', '--no-compile', '-r', requirementsFile],
      ],
      {
        onLine(line) {
          if (line.startsWith('Collecting') || line.startsWith('Installing')) told.progress(line.slice(0, 60));
        },
      },
    );
  } catch (error) {
    told.end();
    throw new SetupError(
      'PyTorch could not be installed: see to what pip says, or name a Python that has it in LABOR_LLM_PYTORCH',
      { details: error.details || error.message },
    );
  }
  writeAtomically(keyFile, key);
  told.done();
  return interpreter;
};
