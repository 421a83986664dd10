/**
 * Our side of the training benchmark, in a process of its own: times the function that `fit` calls on the decoder and the
 * batch of a folder, and prints what it measured as one line of JSON. LABOR_LLM_BACKEND names the backend.
 *
 *   node --require tsx/cjs bench/training-step.ts FOLDER WARM_UP_SECONDS SECONDS
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decoder, fromHuggingFace, type TokenBatch } from 'labor-llm/decoder';
import { AdamW, readSafetensors, startBackend, tf } from 'labor-llm/tensors';
import { trainingStep } from 'labor-llm/training';
import type { TrainingTask } from './training-task';

/** Billions of operations a second in a large product on this backend: the machine's own limit. */
const productSpeed = (): number => {
  const width = 1024;
  const [a, b] = [tf.randomNormal([width, width]), tf.randomNormal([width, width])];
  const times = Array.from({ length: 12 }, () => {
    const began = performance.now();
    const product = tf.matMul(a, b);
    tf.slice(product, [0, 0], [1, 1]).dataSync(); // waits for it without copying it
    tf.dispose(product);
    return performance.now() - began;
  });
  return (2 * width ** 3) / Math.min(...times) / 1e6;
};

const main = async ([folder, warmUp, seconds]: readonly string[]): Promise<void> => {
  if (folder === undefined) throw new Error('training-step.ts FOLDER WARM_UP_SECONDS SECONDS');
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const { B, T, inputs, targets, learningRate, clip, ...adamW } = read('task.json') as TrainingTask;
  const { threads } = await startBackend();
  const decoder = new Decoder(fromHuggingFace(read('config.json') as Record<string, unknown>, folder));
  decoder.parameters.assign((await readSafetensors(join(folder, 'model.safetensors'))).arrays, folder);
  const optimizer = new AdamW(decoder.parameters, adamW);
  const batch: TokenBatch = {
    inputs: Int32Array.from(inputs),
    targets: Int32Array.from(targets),
    weights: new Float32Array(B * T).fill(1),
    B,
    T,
  };
  const model = { parameters: decoder.parameters, loss: (one: TokenBatch) => decoder.loss(one) };
  const losses: number[] = [];
  /** Milliseconds of each step of at least so many seconds, one at the least. */
  const time = (atLeast: number): number[] => {
    const times: number[] = [];
    const end = performance.now() + atLeast * 1000;
    do {
      const began = performance.now();
      losses.push(trainingStep(model, optimizer, batch, learningRate, 0, clip).loss);
      times.push(performance.now() - began);
    } while (performance.now() < end);
    return times.sort((a, b) => a - b);
  };
  time(Number(warmUp));
  const times = time(Number(seconds));
  const peakMegabytes = process.resourceUsage().maxRSS / 1024; // before the product below adds to it
  const measured = {
    losses: losses.slice(0, 2),
    milliseconds: times[times.length >> 1],
    peakMegabytes,
    productGflops: productSpeed(),
    threads,
  };
  console.log(JSON.stringify(measured));
};

void main(process.argv.slice(2));
