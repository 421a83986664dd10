/**
 * The backend and its choice: `tensorflow` (tfjs-node-gpu on TensorFlow's own runtime) where the set-up could build it,
 * `wasm` everywhere else. One function chooses, one line says which and why, `LABOR_LLM_BACKEND` overrules.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';

export type BackendName = 'tensorflow' | 'wasm';

export interface Backend {
  readonly name: BackendName;
  /** Why this one, as a sentence's end: "chosen with --light". */
  readonly reason: string;
  /** Threads that a matrix product runs on. */
  readonly threads: number;
}

export class BackendError extends Error {
  override readonly name = 'BackendError';
}

const projectFolder = path.resolve(__dirname, '../../..');
const choiceFile = path.join(projectFolder, '.setup', 'backend.json');

const isBackendName = (name: unknown): name is BackendName => name === 'tensorflow' || name === 'wasm';

/** What the set-up chose, or what LABOR_LLM_BACKEND says instead; loads nothing. */
export const chosenBackend = (): Pick<Backend, 'name' | 'reason'> => {
  const wish = process.env['LABOR_LLM_BACKEND'];
  if (wish !== undefined && wish !== '') {
    if (!isBackendName(wish)) {
      throw new BackendError(`LABOR_LLM_BACKEND is "${wish}": write tensorflow or wasm, or unset it.`);
    }
    return { name: wish, reason: 'LABOR_LLM_BACKEND says so' };
  }
  if (!existsSync(choiceFile)) return { name: 'wasm', reason: 'the set-up has not run here: npm start runs it' };
  const choice = JSON.parse(readFileSync(choiceFile, 'utf8')) as { backend?: unknown; reason?: unknown };
  if (!isBackendName(choice.backend)) {
    throw new BackendError(`${choiceFile}: backend is "${String(choice.backend)}". Delete the file and run npm start.`);
  }
  return { name: choice.backend, reason: String(choice.reason ?? '') };
};

/**
 * Switches the process to a backend; tests hold the two against each other this way.
 *
 * @throws BackendError where TensorFlow's runtime does not load.
 */
export const useBackend = async (name: BackendName): Promise<void> => {
  tf.enableProdMode(); // without it the cpu backend greets the reader in every notebook
  if (name === 'tensorflow') {
    try {
      await import('@tensorflow/tfjs-node-gpu');
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new BackendError(
        `TensorFlow's runtime does not load (${why}). Run npm run doctor to see why, or set LABOR_LLM_BACKEND=wasm.`,
      );
    }
  } else {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const packageFolder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
    setWasmPaths(path.join(packageFolder, 'dist') + path.sep);
  }
  await tf.setBackend(name);
  await tf.ready();
};

let started: Promise<Backend> | undefined;

const start = async (): Promise<Backend> => {
  const { name, reason } = chosenBackend();
  await useBackend(name);
  return { name, reason, threads: name === 'wasm' ? 1 : availableParallelism() };
};

/**
 * Starts the chosen backend, once a process.
 *
 * @throws BackendError where LABOR_LLM_BACKEND names no backend, or TensorFlow's runtime does not load.
 */
export const startBackend = (): Promise<Backend> => (started ??= start());

/** Whether the current backend is TensorFlow's, which has operations that the wasm backend lacks. */
export const hasTensorFlow = (): boolean => tf.getBackend() === 'tensorflow';
