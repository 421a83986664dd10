/**
 * CAREER's network (Vafa et al., arXiv 2202.08370; the authors' code: github.com/keyonvafa/career-code, arch `career`): a
 * transformer decoder over occupation codes in GPT-2's form, layer normalisation before each part, GELU. The input at a
 * year is the sum of embeddings: of the last occupation, of the position, of each covariate of that year.
 *
 * Shapes: B careers, T years, C width, F feed-forward width, H heads, J outputs but staying, N years that are asked about.
 */
import { Random } from '../support';
import {
  addResidual,
  attention,
  dropout,
  embedding,
  gelu,
  layerNorm,
  linear,
  rotaryAt,
  tf,
  type Dropout,
} from '../tensors';
import type { CareerCoding, CareerSequence } from './career-coding';
import type { CareerCovariate, CareerSettings } from './career-settings';
import { atAsked, CodeNetwork, longest, sideBySide, type CareerBatch } from './code-network';

/** Causal attention of queries, keys and values, all [B·T, C]. */
type Mix = (q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D, weights?: Dropout) => tf.Tensor2D;

const EPSILON = 1e-5;
const DEVIATION = 0.02;

export const covariateTable = (name: CareerCovariate): string => `covariates.${name}.weight`;

export class CareerNetwork extends CodeNetwork {
  constructor(
    readonly settings: CareerSettings,
    coding: CareerCoding,
    seed = 0,
  ) {
    super(coding);
    this.#initialize(new Random(seed));
  }

  /** Normal with a small deviation, what layers add to the residual stream scaled down by their number (GPT-2, section 2.3). */
  #initialize(random: Random): void {
    const { width: C, feedForward: F, layers, embeddingDeviation, positions, covariates } = this.settings;
    const { inputs, outputs, tables } = this.coding;
    const matrix = (name: string, rows: number, columns: number, deviation: number): void =>
      this.addMatrix(name, rows, columns, deviation, random);
    const affine = (name: string, rows: number, columns: number, deviation = DEVIATION): void => {
      matrix(`${name}.weight`, rows, columns, deviation);
      this.parameters.add(`${name}.bias`, tf.zeros([rows]));
    };
    const norm = (name: string): void => {
      this.parameters.add(`${name}.weight`, tf.ones([C]));
      this.parameters.add(`${name}.bias`, tf.zeros([C]));
    };
    const intoResidual = DEVIATION / Math.sqrt(2 * layers);
    matrix('occupations.weight', inputs, C, embeddingDeviation);
    if (positions === 'learned') matrix('positions.weight', tables.positions, C, embeddingDeviation);
    for (const name of covariates) matrix(covariateTable(name), tables.levels[name].length, C, embeddingDeviation);
    for (let layer = 0; layer < layers; layer++) {
      norm(`layers.${layer}.attention_norm`);
      for (const part of ['q', 'k', 'v']) affine(`layers.${layer}.${part}`, C, C);
      affine(`layers.${layer}.o`, C, C, intoResidual);
      norm(`layers.${layer}.feed_forward_norm`);
      affine(`layers.${layer}.up`, F, C);
      affine(`layers.${layer}.down`, C, F, intoResidual);
    }
    norm('norm');
    if (this.settings.tiedEmbeddings) matrix('stay.weight', 1, C, embeddingDeviation);
    else matrix('output.weight', outputs + 1, C, embeddingDeviation);
    if (this.settings.outputBias) this.parameters.add('output.bias', tf.zeros([outputs + 1]));
  }

  #vector(name: string): tf.Tensor1D {
    return this.parameters.get(name) as tf.Tensor as tf.Tensor1D;
  }

  #affine(x: tf.Tensor2D, name: string): tf.Tensor2D {
    return tf.add(linear(x, this.matrix(`${name}.weight`)), this.#vector(`${name}.bias`));
  }

  #norm(x: tf.Tensor2D, name: string): tf.Tensor2D {
    return layerNorm(x, this.#vector(`${name}.weight`), this.#vector(`${name}.bias`), EPSILON);
  }

  /** [B·T, C] the sum of embeddings. */
  #input(sequences: readonly CareerSequence[], T: number): tf.Tensor2D {
    const { width, scaledEmbeddings, positions, covariates } = this.settings;
    const B = sequences.length;
    const last = embedding(
      sideBySide(sequences, (sequence) => sequence.last),
      this.matrix('occupations.weight'),
    );
    const parts: tf.Tensor[] = [scaledEmbeddings ? tf.mul(last, Math.sqrt(width)) : last];
    if (positions === 'learned') {
      const end = this.coding.tables.positions - 1;
      const places = Int32Array.from({ length: B * T }, (_, i) => Math.min(i % T, end));
      parts.push(embedding(tf.tensor1d(places, 'int32'), this.matrix('positions.weight')));
    } else {
      parts.push(tf.tile(sinusoids(T, width), [B, 1]));
    }
    for (const name of covariates) {
      const levels = sideBySide(sequences, (sequence) => sequence.levels[name]);
      parts.push(embedding(levels, this.matrix(covariateTable(name))));
    }
    return tf.addN(parts) as tf.Tensor2D;
  }

  /** [N, J+1] @param ends [N, C] */
  #output(ends: tf.Tensor2D): tf.Tensor2D {
    const { tiedEmbeddings, outputBias } = this.settings;
    const { inputs, outputs } = this.coding;
    const weight = tiedEmbeddings
      ? tf.concat([tf.slice(this.matrix('occupations.weight'), inputs - outputs), this.matrix('stay.weight')])
      : this.matrix('output.weight'); // [J+1, C]
    const logits = linear(ends, weight);
    return outputBias ? tf.add(logits, this.#vector('output.bias')) : logits;
  }

  /** @param dropAt what each of the layer's three places drops: attention, its output, the feed-forward's output */
  #layer(h: tf.Tensor2D, layer: number, mix: Mix, dropAt: readonly (Dropout | undefined)[]): tf.Tensor2D {
    const [weights, mixed, fed] = dropAt;
    const part = (x: tf.Tensor2D, name: string): tf.Tensor2D => this.#affine(x, `layers.${layer}.${name}`);
    const a = this.#norm(h, `layers.${layer}.attention_norm`); // [B·T, C]
    const o = part(mix(part(a, 'q'), part(a, 'k'), part(a, 'v'), weights), 'o'); // [B·T, C]
    const m = addResidual(h, o, mixed); // [B·T, C]
    const f = gelu(part(this.#norm(m, `layers.${layer}.feed_forward_norm`), 'up')); // [B·T, F]
    return addResidual(m, part(f, 'down'), fed); // [B·T, C]
  }

  protected override logits(batch: CareerBatch, seed?: number): tf.Tensor2D {
    const { width: C, heads: H, layers, dropout: rate, attentionDropout } = this.settings;
    const { sequences } = batch;
    const [B, T] = [sequences.length, longest(sequences)];
    // each place of each layer drops units of its own
    const drop = (rate: number, place: number): Dropout | undefined =>
      seed === undefined || rate === 0 ? undefined : { rate, seed: seed + place };
    // positions are in the input already: no turning
    const still = rotaryAt(new Array<number>(T).fill(0), new Array<number>(C / H / 2).fill(0));
    const mix: Mix = (q, k, v, weights) => attention(q, k, v, still, { B, T, H, G: H, D: C / H }, weights);
    const input = this.#input(sequences, T); // [B·T, C]
    const first = drop(rate, 0);
    let h = first ? dropout(input, first) : input;
    for (let layer = 0; layer < layers; layer++) {
      const place = 3 * layer + 1;
      const dropAt = [drop(attentionDropout, place), drop(rate, place + 1), drop(rate, place + 2)];
      // what a layer leaves behind goes at once: without gradients, memory is one layer's
      h = tf.tidy(() => this.#layer(h, layer, mix, dropAt));
    }
    return this.#output(this.#norm(atAsked(h, batch), 'norm'));
  }
}

/**
 * [T, C] sinusoidal positions in fairseq's arrangement (modules/sinusoidal_positional_embedding.py): all sines, then all
 * cosines, and positions from 2, behind that of the padding symbol.
 */
const sinusoids = (T: number, C: number): tf.Tensor2D => {
  const half = Math.floor(C / 2);
  const values = new Float32Array(T * C);
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < half; i++) {
      const angle = (t + 2) * Math.exp((-i * Math.log(10_000)) / (half - 1));
      values[t * C + i] = Math.sin(angle);
      values[t * C + half + i] = Math.cos(angle);
    }
  }
  return tf.tensor2d(values, [T, C]);
};
