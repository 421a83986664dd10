/**
 * What a training goes on from after a kill: a folder `checkpoint-STEP` with the parameters, the optimizer's moments and
 * the state of the loop. It is written under another name and then renamed, so that a folder of that name is whole; older
 * ones go afterwards.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../support';
import { readSafetensors, writeSafetensors, type NamedArray } from '../tensors';

/** The loop's own state. Everything else that a step needs follows from the seed and the step's number. */
export interface TrainingState {
  readonly step: number;
  /** Steps in total; fixed when the training began. */
  readonly steps: number;
  /** The epoch of the step that is next, from 0, and the steps before that epoch. */
  readonly epoch: number;
  readonly stepsBefore: number;
  /** Loss of each step so far. */
  readonly losses: readonly number[];
  readonly validation: readonly { readonly step: number; readonly loss: number }[];
  /** The validation's best so far: its weights are the result. */
  readonly best: { readonly step: number; readonly loss: number } | undefined;
  /** Whatever else must not change between the parts of one training: settings, data. */
  readonly fingerprint: string;
}

export interface Checkpoint {
  readonly state: TrainingState;
  readonly parameters: readonly NamedArray[];
  readonly moments: readonly NamedArray[];
  /** The weights' running averages, where they are kept. */
  readonly averages: readonly NamedArray[] | undefined;
  /** Parameters at the best validation loss. */
  readonly bestParameters: readonly NamedArray[] | undefined;
}

const names = {
  parameters: 'model.safetensors',
  moments: 'optimizer.safetensors',
  averages: 'averages.safetensors',
  best: 'best.safetensors',
  state: 'state.json',
};

const stepOf = (name: string): number => Number(/^checkpoint-(\d+)$/.exec(name)?.[1] ?? -1);

/** The newest checkpoint's folder, undefined where there is none. */
export const newestCheckpoint = async (folder: string): Promise<string | undefined> => {
  const found = (await readdir(folder).catch(() => [] as string[])).filter((name) => stepOf(name) >= 0);
  const newest = found.sort((a, b) => stepOf(b) - stepOf(a))[0];
  return newest === undefined ? undefined : path.join(folder, newest);
};

/** Removes all checkpoints, and what a killed write left. */
export const removeCheckpoints = async (folder: string, except?: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    if (/^checkpoint-\d+(\.writing)?$/.test(name) && name !== except)
      await rm(path.join(folder, name), { recursive: true });
  }
};

/**
 * @param extra writes what else belongs to the model (config.json, tokenizer.json), so that the folder loads by itself
 */
export const writeCheckpoint = async (
  folder: string,
  checkpoint: Checkpoint,
  extra: (folder: string) => Promise<void>,
): Promise<void> => {
  const name = `checkpoint-${checkpoint.state.step}`;
  const writing = path.join(folder, `${name}.writing`);
  await rm(writing, { recursive: true, force: true });
  await makeFolder(writing);
  await writeSafetensors(path.join(writing, names.parameters), checkpoint.parameters);
  await writeSafetensors(path.join(writing, names.moments), checkpoint.moments);
  if (checkpoint.averages) await writeSafetensors(path.join(writing, names.averages), checkpoint.averages);
  if (checkpoint.bestParameters) await writeSafetensors(path.join(writing, names.best), checkpoint.bestParameters);
  await writeFile(path.join(writing, names.state), JSON.stringify(checkpoint.state));
  await extra(writing);
  await rm(path.join(folder, name), { recursive: true, force: true });
  await rename(writing, path.join(folder, name));
  await removeCheckpoints(folder, name);
};

export const readCheckpoint = async (checkpoint: string): Promise<Checkpoint> => {
  const state = JSON.parse(await readFile(path.join(checkpoint, names.state), 'utf8')) as TrainingState;
  const read = async (name: string) => (await readSafetensors(path.join(checkpoint, name))).arrays;
  return {
    state,
    parameters: await read(names.parameters),
    moments: await read(names.moments),
    averages: existsSync(path.join(checkpoint, names.averages)) ? await read(names.averages) : undefined,
    bestParameters: state.best ? await read(names.best) : undefined,
  };
};
