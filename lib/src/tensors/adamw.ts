/**
 * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2) as PyTorch has it: decay decoupled from the gradient
 * and times the learning rate, none on vectors (norms and biases) unless asked for, epsilon outside the square root of the bias-corrected
 * second moment.
 */
import * as tf from '@tensorflow/tfjs';
import { kernels, usesKernels } from './kernel';
import type { Parameters } from './parameters';
import type { NamedArray } from './safetensors';

export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Whether vectors decay as well, as with fairseq's adam. */
  readonly decayVectors?: boolean;
}

/** What an update needs besides parameters, moments and gradients. */
interface StepFactors {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Learning rate over the first moment's bias correction. */
  readonly rate: number;
  /** 1 over the root of the second moment's bias correction. */
  readonly correction: number;
  /** What gradients are multiplied by. */
  readonly scale: number;
}

/** A parameter with its moments. */
interface Slot {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly first: tf.Variable;
  readonly second: tf.Variable;
  /** Whether weight decay applies. */
  readonly decays: boolean;
}

/** The update of one parameter in stock operations. */
const stockUpdate = ({ variable, first, second }: Slot, raw: tf.Tensor, decay: number, factors: StepFactors): void => {
  const { beta1, beta2, epsilon, rate, correction, scale } = factors;
  tf.tidy(() => {
    const gradient = scale === 1 ? raw : tf.mul(raw, scale);
    first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
    second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
    const move = tf.div(tf.mul(first, rate), tf.add(tf.mul(tf.sqrt(second), correction), epsilon));
    variable.assign(tf.sub(decay === 1 ? variable : tf.mul(variable, decay), move));
  });
};

/** The update of all parameters by one kernel, in place of parameters and moments. */
const fusedUpdate = (
  slots: readonly Slot[],
  gradients: readonly tf.Tensor[],
  decays: readonly number[],
  { beta1, beta2, epsilon, rate, correction, scale }: StepFactors,
): void => {
  tf.tidy(() => {
    const tensors = [
      ...slots.map(({ variable }) => variable),
      ...slots.map(({ first }) => first),
      ...slots.map(({ second }) => second),
      ...gradients,
      tf.tensor1d([beta1, beta2, epsilon, rate, correction, scale]),
      tf.tensor1d([...decays]),
    ];
    kernels('DecoderAdamW', tensors, [], slots.length);
  });
};

export class AdamW {
  readonly #slots: readonly Slot[];
  #steps = 0;

  constructor(
    readonly parameters: Parameters,
    readonly options: AdamWOptions,
  ) {
    const zeros = (shape: number[]): tf.Variable => tf.tidy(() => tf.variable(tf.zeros(shape), false));
    this.#slots = parameters.names.map((name) => {
      const variable = parameters.get(name);
      const { shape, rank } = variable;
      return {
        name,
        variable,
        first: zeros(shape),
        second: zeros(shape),
        decays: options.decayVectors === true || rank > 1,
      };
    });
  }

  /** Updates made so far. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * One update of every parameter.
   *
   * @param gradients by parameter name
   * @param scale     what each gradient is multiplied by first (clipping), 1 for none
   */
  step(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number, scale = 1): void {
    this.#steps += 1;
    const { beta1, beta2, epsilon, weightDecay } = this.options;
    const rate = learningRate / (1 - beta1 ** this.#steps);
    const correction = 1 / Math.sqrt(1 - beta2 ** this.#steps);
    const factors = { beta1, beta2, epsilon, rate, correction, scale };
    const decays = this.#slots.map((slot) => (slot.decays ? 1 - learningRate * weightDecay : 1));
    const inOrder = this.#slots.map(({ name }) => {
      const gradient = gradients[name];
      if (gradient === undefined) throw new Error(`there is no gradient for ${name}`);
      return gradient;
    });
    if (usesKernels()) fusedUpdate(this.#slots, inOrder, decays, factors);
    else this.#slots.forEach((slot, i) => stockUpdate(slot, inOrder[i] as tf.Tensor, decays[i] as number, factors));
  }

  /** The moments by parameter name, copied out, for a checkpoint. */
  toArrays(): NamedArray[] {
    const copy = (of: tf.Variable): Float32Array => of.dataSync().slice() as Float32Array;
    return this.#slots.flatMap(({ name, variable: { shape }, first, second }) => [
      { name: `${name}.first`, shape, data: copy(first) },
      { name: `${name}.second`, shape, data: copy(second) },
    ]);
  }

  /** Takes up from a checkpoint: moments as `toArrays` gave them, after `steps` updates. */
  restore(arrays: readonly NamedArray[], steps: number): void {
    const given = new Map(arrays.map((array) => [array.name, array]));
    const assign = (to: tf.Variable, name: string): void => {
      const array = given.get(name);
      if (array === undefined) throw new Error(`the optimizer's checkpoint has no ${name}`);
      tf.tidy(() => to.assign(tf.tensor(array.data, [...array.shape], 'float32')));
    };
    for (const { name, first, second } of this.#slots) {
      assign(first, `${name}.first`);
      assign(second, `${name}.second`);
    }
    this.#steps = steps;
  }

  dispose(): void {
    for (const { first, second } of this.#slots) tf.dispose([first, second]);
  }
}
