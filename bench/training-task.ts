/** What both sides of the training benchmark are given: weights, a batch and the optimizer's settings, in a folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decoder, toHuggingFace } from 'labor-llm/decoder';
import { Random } from 'labor-llm/support';
import { useBackend, writeSafetensors, type AdamWOptions } from 'labor-llm/tensors';
import { configOf, type Size } from './sizes';

export interface TrainingTask extends AdamWOptions {
  readonly B: number;
  readonly T: number;
  /** [B, T] token ids, row by row. */
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  readonly learningRate: number;
  readonly clip: number;
}

export const seed = 1;

/** Writes task.json, config.json and model.safetensors; gives the number of parameters. */
export const writeTask = async (size: Size, folder: string): Promise<number> => {
  await useBackend('wasm');
  const config = configOf(size);
  const decoder = new Decoder(config, seed);
  await writeSafetensors(join(folder, 'model.safetensors'), decoder.parameters.toArrays());
  writeFileSync(join(folder, 'config.json'), JSON.stringify(toHuggingFace(config, { beginOfText: 0, endOfText: 0 })));
  const { B, T, V } = size;
  const random = new Random(seed);
  const ids = Array.from({ length: B * T }, () => random.integer(V));
  const task: TrainingTask = {
    ...{ B, T, inputs: ids, targets: [...ids.slice(1), 0] },
    ...{ learningRate: 1e-3, clip: 1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 },
  };
  writeFileSync(join(folder, 'task.json'), JSON.stringify(task));
  const parameters = decoder.parameters.size;
  decoder.dispose();
  return parameters;
};
