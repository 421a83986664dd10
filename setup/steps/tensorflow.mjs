/**
 * TensorFlow's own runtime under @tensorflow/tfjs-node-gpu: the `tensorflow` backend, several times as fast as `wasm`.
 *
 * The npm package's install script would fetch a library of 2021 from a place that many networks do not reach; scripts are
 * therefore off (.npmrc), and the two parts are provided here: the library (../tensorflow/runtime.mjs) and the addon
 * (../tensorflow/addon.mjs). What is missing for them is never an error: the reason is recorded in .setup/backend.json,
 * which the library reads, the project works on `wasm`, and the next `npm start` tries again.
 */
import { rmSync } from 'node:fs';
import { SetupError } from '../support/errors.mjs';
import { readJson, writeAtomically } from '../support/files.mjs';
import { inState } from '../support/paths.mjs';
import { checkCompiler, isPlaced, placeAddon, provideAddon } from '../tensorflow/addon.mjs';
import { checkPlatform, hasRuntime, provideRuntime, version, wheelMegabytes } from '../tensorflow/runtime.mjs';

const backendFile = inState('backend.json');

/** @returns {{ backend: 'tensorflow' | 'wasm', reason: string, light?: true } | undefined} what is set up in this checkout */
export const recordedBackend = () => readJson(backendFile);

const record = (backend, reason, more) =>
  writeAtomically(backendFile, `${JSON.stringify({ backend, reason, ...more }, null, 2)}\n`);

/** From now on the wasm backend, whatever could be set up. */
export const chooseLight = () => record('wasm', 'chosen with npm start -- --light', { light: true });

/** Takes chooseLight back. */
export const chooseFull = () => {
  if (recordedBackend()?.backend === 'wasm') rmSync(backendFile);
};

export const tensorflow = {
  name: 'TensorFlow',
  doing: `its runtime, version ${version}, for the tensorflow backend (${wheelMegabytes} MB once, shared between clones)`,

  /** What could not be set up last time counts as done, unless it is to be tried again; a choice of wasm stands. */
  isDone({ retry }) {
    const recorded = recordedBackend();
    if (recorded?.backend === 'wasm') return recorded.light === true || !retry;
    return recorded?.backend === 'tensorflow' && hasRuntime() && isPlaced();
  },

  async run(told) {
    try {
      checkPlatform();
      checkCompiler();
      await provideRuntime(told);
      told.progress('compiling its addon');
      await provideAddon();
      told.progress('trying it out');
      await placeAddon();
      record('tensorflow', `TensorFlow ${version} is set up`);
    } catch (error) {
      record('wasm', error.message);
      throw new SetupError(error.message, { optional: true, details: error.details });
    }
  },
};
