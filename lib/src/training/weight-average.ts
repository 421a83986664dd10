/**
 * A running average of a model's weights over its training, which predicts better than the last step's weights (Polyak and
 * Juditsky 1992; with the ramp of TensorFlow's ExponentialMovingAverage, by which the first steps are soon forgotten).
 */
import { Parameters, tf } from '../tensors';

export class WeightAverage {
  /** By the weights' names. */
  readonly averages = new Parameters();

  /** @param decay what the average keeps of itself at a step, above 0 and below 1 */
  constructor(
    readonly parameters: Parameters,
    readonly decay: number,
  ) {
    // a product is a copy: the optimizer writes into the weights' own memory
    for (const name of parameters.names) this.averages.add(name, tf.mul(parameters.get(name), 1));
  }

  /** Takes in the weights after a step, counted from 1. */
  update(step: number): void {
    const decay = Math.min(this.decay, (1 + step) / (10 + step));
    tf.tidy(() => {
      for (const name of this.parameters.names) {
        const average = this.averages.get(name);
        average.assign(tf.add(tf.mul(average, decay), tf.mul(this.parameters.get(name), 1 - decay)));
      }
    });
  }

  /** Runs with the averages in the place of the weights, which are back afterwards. */
  async during<Result>(run: () => Promise<Result>): Promise<Result> {
    const held = this.parameters.names.map((name) => {
      const weights = this.parameters.get(name);
      const before = tf.clone(weights);
      weights.assign(this.averages.get(name));
      return { weights, before };
    });
    try {
      return await run();
    } finally {
      for (const { weights, before } of held) {
        weights.assign(before);
        before.dispose();
      }
    }
  }

  dispose(): void {
    this.averages.dispose();
  }
}
