/**
 * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2) as PyTorch has it: decay decoupled from the gradient
 * and times the learning rate, none on vectors (norms and biases), epsilon outside the square root of the bias-corrected
 * second moment.
 */
import * as tf from '@tensorflow/tfjs';
import { hasTensorFlow } from './backend';
import { kernel, kernels } from './kernel';
import type { Parameters } from './parameters';
import type { NamedArray } from './safetensors';

export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** What one parameter's update needs from step to step, in either backend's form. */
interface Moments {
  /** The parameter's new value. */
  update(value: tf.Tensor, gradient: tf.Tensor, factors: StepFactors): tf.Tensor;
  /** First and second moment, copied out. */
  read(): [Float32Array, Float32Array];
  write(first: Float32Array, second: Float32Array): void;
  dispose(): void;
}

interface StepFactors extends AdamWOptions {
  readonly learningRate: number;
  /** Powers of the betas, counting this step. */
  readonly power1: number;
  readonly power2: number;
}

const plainMoments = (shape: number[]): Moments => {
  const zeros = (): tf.Variable => tf.tidy(() => tf.variable(tf.zeros(shape), false));
  const [first, second] = [zeros(), zeros()];
  return {
    update: (value, gradient, { beta1, beta2, epsilon, learningRate, power1, power2 }) => {
      first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
      second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
      const root = Math.sqrt(1 - power2);
      const rate = (learningRate * root) / (1 - power1);
      return tf.sub(value, tf.mul(tf.div(first, tf.add(tf.sqrt(second), epsilon * root)), rate));
    },
    read: () => [first.dataSync() as Float32Array, second.dataSync() as Float32Array],
    write: (m, v) => {
      tf.tidy(() => {
        first.assign(tf.tensor(m, shape));
        second.assign(tf.tensor(v, shape));
      });
    },
    dispose: () => tf.dispose([first, second]),
  };
};

let handles = 0;

/** Moments as resources of TensorFlow's runtime, updated in place by one kernel. */
const tensorflowMoments = (shape: number[]): Moments => {
  const handle = (): tf.Tensor =>
    tf.keep(
      kernel('VarHandleOp', [], {
        container: '',
        shared_name: `adamw${handles++}`,
        dtype: 'float32',
        shape: { shape },
      }),
    );
  const assign = (to: tf.Tensor, value: tf.Tensor): void => {
    kernels('AssignVariableOp', [to, value], { dtype: 'float32', validate_shape: false }, 0);
  };
  const valueOf = (of: tf.Tensor): tf.Tensor => kernel('ReadVariableOp', [of], { dtype: 'float32' });
  const [parameter, first, second] = [handle(), handle(), handle()];
  tf.tidy(() => {
    assign(first, tf.zeros(shape));
    assign(second, tf.zeros(shape));
  });
  return {
    update: (value, gradient, { beta1, beta2, epsilon, learningRate, power1, power2 }) => {
      assign(parameter, value);
      // the kernel adds its epsilon before the bias correction of the root ("epsilon hat"): scaled, it is PyTorch's
      const epsilonHat = epsilon * Math.sqrt(1 - power2);
      const scalars = [power1, power2, learningRate, beta1, beta2, epsilonHat].map((x) => tf.scalar(x, 'float32'));
      kernels(
        'ResourceApplyAdam',
        [parameter, first, second, ...scalars, gradient],
        { T: 'float32', use_locking: false, use_nesterov: false },
        0,
      );
      return valueOf(parameter);
    },
    read: () => {
      const values = [valueOf(first), valueOf(second)] as const;
      const read = values.map((value) => value.dataSync() as Float32Array) as [Float32Array, Float32Array];
      tf.dispose([...values]);
      return read;
    },
    write: (m, v) => {
      tf.tidy(() => {
        assign(first, tf.tensor(m, shape));
        assign(second, tf.tensor(v, shape));
      });
    },
    dispose: () => {
      for (const resource of [parameter, first, second]) {
        kernels('DestroyResourceOp', [resource], { ignore_lookup_error: true }, 0);
        resource.dispose();
      }
    },
  };
};

export class AdamW {
  readonly #moments: { readonly name: string; readonly variable: tf.Variable; readonly moments: Moments }[];
  #steps = 0;

  constructor(
    readonly parameters: Parameters,
    readonly options: AdamWOptions,
  ) {
    const make = hasTensorFlow() ? tensorflowMoments : plainMoments;
    this.#moments = parameters.names.map((name) => {
      const variable = parameters.get(name);
      return { name, variable, moments: make(variable.shape) };
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
    const { beta1, beta2, weightDecay } = this.options;
    const power1 = beta1 ** this.#steps;
    const power2 = beta2 ** this.#steps;
    for (const { name, variable, moments } of this.#moments) {
      tf.tidy(() => {
        const raw = gradients[name];
        if (raw === undefined) throw new Error(`there is no gradient for ${name}`);
        const gradient = scale === 1 ? raw : tf.mul(raw, scale);
        const decay = variable.rank > 1 ? 1 - learningRate * weightDecay : 1;
        const decayed = decay === 1 ? variable : tf.mul(variable, decay);
        variable.assign(moments.update(decayed, gradient, { ...this.options, learningRate, power1, power2 }));
      });
    }
  }

  /** The moments by parameter name, copied out, for a checkpoint. */
  toArrays(): NamedArray[] {
    return this.#moments.flatMap(({ name, variable, moments }) => {
      const [first, second] = moments.read();
      return [
        { name: `${name}.first`, shape: variable.shape, data: first },
        { name: `${name}.second`, shape: variable.shape, data: second },
      ];
    });
  }

  /** Takes up from a checkpoint: moments as `toArrays` gave them, after `steps` updates. */
  restore(arrays: readonly NamedArray[], steps: number): void {
    const given = new Map(arrays.map(({ name, data }) => [name, data]));
    for (const { name, moments } of this.#moments) {
      const first = given.get(`${name}.first`);
      const second = given.get(`${name}.second`);
      if (!first || !second) throw new Error(`the optimizer's checkpoint has no moments of ${name}`);
      moments.write(first, second);
    }
    this.#steps = steps;
  }

  dispose(): void {
    for (const { moments } of this.#moments) moments.dispose();
  }
}
