/**
 * A running average of a model's weights over its training, which predicts better than the last step's weights (Polyak and
 * Juditsky 1992; with the ramp of TensorFlow's ExponentialMovingAverage, by which the first steps are soon forgotten).
 */
import { tf, type NamedArray, type Parameters } from '../tensors';

export class WeightAverage {
  readonly #averages: readonly tf.Variable[];

  /** @param decay what the average keeps of itself at a step, above 0 and below 1 */
  constructor(
    readonly parameters: Parameters,
    readonly decay: number,
  ) {
    // a product is a copy: the optimizer writes into the weights' own memory
    this.#averages = tf.tidy(() => parameters.variables.map((weights) => tf.variable(tf.mul(weights, 1), false)));
  }

  /** Takes in the weights after a step, counted from 1. */
  update(step: number): void {
    const decay = Math.min(this.decay, (1 + step) / (10 + step));
    tf.tidy(() =>
      this.parameters.variables.forEach((weights, i) => {
        const average = this.#averages[i] as tf.Variable;
        average.assign(tf.add(tf.mul(average, decay), tf.mul(weights, 1 - decay)));
      }),
    );
  }

  /** Runs with the averages in the place of the weights, which are back afterwards. */
  async during<Result>(run: () => Promise<Result>): Promise<Result> {
    const { variables } = this.parameters;
    const held = variables.map((weights) => tf.clone(weights));
    variables.forEach((weights, i) => weights.assign(this.#averages[i] as tf.Variable));
    try {
      return await run();
    } finally {
      variables.forEach((weights, i) => weights.assign(held[i] as tf.Tensor));
      tf.dispose(held);
    }
  }

  /** The averages by parameter name, copied out. */
  toArrays(): NamedArray[] {
    return this.parameters.names.map((name, i) => {
      const average = this.#averages[i] as tf.Variable;
      return { name, shape: average.shape, data: average.dataSync().slice() as Float32Array };
    });
  }

  /** Takes up from what `toArrays` gave. */
  restore(arrays: readonly NamedArray[]): void {
    const given = new Map(arrays.map((array) => [array.name, array]));
    this.parameters.names.forEach((name, i) => {
      const array = given.get(name);
      if (array === undefined) throw new Error(`the checkpoint's averages have no ${name}`);
      tf.tidy(() => this.#averages[i]?.assign(tf.tensor(array.data, [...array.shape], 'float32')));
    });
  }

  dispose(): void {
    tf.dispose([...this.#averages]);
  }
}
