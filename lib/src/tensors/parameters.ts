import * as tf from '@tensorflow/tfjs';
import type { NamedArray } from './safetensors';

/** A model's trainable tensors by name, in the order of their making; names are Hugging Face's where it has one. */
export class Parameters {
  readonly #variables = new Map<string, tf.Variable>();

  add(name: string, value: tf.Tensor): void {
    if (this.#variables.has(name)) throw new Error(`parameter ${name} is there already`);
    this.#variables.set(name, tf.variable(value, true));
    value.dispose();
  }

  /** @throws Error where there is no such parameter. */
  get(name: string): tf.Variable {
    const variable = this.#variables.get(name);
    if (variable === undefined) throw new Error(`there is no parameter ${name}`);
    return variable;
  }

  get names(): string[] {
    return [...this.#variables.keys()];
  }

  get variables(): tf.Variable[] {
    return [...this.#variables.values()];
  }

  /** How many numbers there are in all. */
  get size(): number {
    return this.variables.reduce((sum, variable) => sum + variable.size, 0);
  }

  /** The values, copied out of the backend. */
  toArrays(): NamedArray[] {
    return [...this.#variables].map(([name, variable]) => ({
      name,
      shape: variable.shape,
      data: variable.dataSync().slice() as Float32Array,
    }));
  }

  /** @throws Error where names or shapes are not the parameters' own, all of them. */
  assign(arrays: readonly NamedArray[], source: string): void {
    const given = new Map(arrays.map((array) => [array.name, array]));
    const missing = this.names.filter((name) => !given.has(name));
    const unknown = arrays.filter(({ name }) => !this.#variables.has(name)).map(({ name }) => name);
    if (missing.length > 0 || unknown.length > 0) {
      throw new Error(
        `${source}: the tensors are not this model's. Missing: ${missing.join(', ') || 'none'}; unknown: ${unknown.join(', ') || 'none'}.`,
      );
    }
    for (const [name, variable] of this.#variables) {
      const { shape, data } = given.get(name) as NamedArray;
      if (shape.join() !== variable.shape.join()) {
        throw new Error(`${source}: ${name} is [${shape.join(', ')}], the model needs [${variable.shape.join(', ')}].`);
      }
      tf.tidy(() => variable.assign(tf.tensor(data, [...shape], 'float32')));
    }
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
    this.#variables.clear();
  }
}
