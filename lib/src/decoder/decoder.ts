/**
 * The transformer decoder, whole, in Llama's form (Touvron et al. 2023, arXiv 2302.13971): RMSNorm before each part,
 * rotary positions, SwiGLU, no biases. The same equations and parameter names as LlamaForCausalLM of Hugging Face's
 * transformers (models/llama/modeling_llama.py), whose checkpoints it reads; laid out like nanoGPT's model.py.
 *
 * Shapes: B sequences, T positions, N = B·T tokens, C width, F feed-forward width, H heads, G key/value heads, D = C/H
 * head width, V vocabulary.
 */
import { Random } from '../support/random';
import {
  addResidual,
  attention,
  crossEntropy,
  dropout,
  embedding,
  linear,
  Parameters,
  rmsNorm,
  rotaryAt,
  swiglu,
  tf,
  type Dropout,
  type Rotary,
} from '../tensors';
import { DecoderError, rotaryFrequencies, type DecoderConfig } from './config';

/** B sequences of token ids, the shorter ones filled up behind their end to T positions. */
export interface TokenBatch {
  /** [B, T] row by row, what is read. */
  readonly inputs: Int32Array;
  /** [B, T] row by row, the token that follows. */
  readonly targets: Int32Array;
  /** [B, T] row by row, how much each target counts; 0 on what fills up. */
  readonly weights: Float32Array;
  readonly B: number;
  readonly T: number;
}

export const layerName = (layer: number, part: string): string => `model.layers.${layer}.${part}.weight`;

/** Fresh parameters: normal with deviation 0.02, the layers' outputs scaled down by their number (GPT-2, section 2.3). */
const initialize = (config: DecoderConfig, seed: number): Parameters => {
  const { vocab_size: V, hidden_size: C, intermediate_size: F, num_hidden_layers: layers } = config;
  const kv = (C / config.num_attention_heads) * config.num_key_value_heads;
  const random = new Random(seed);
  const parameters = new Parameters();
  const matrix = (name: string, rows: number, columns: number, deviation = 0.02): void => {
    const values = Float32Array.from({ length: rows * columns }, () => random.normal() * deviation);
    parameters.add(name, tf.tensor2d(values, [rows, columns]));
  };
  const ones = (name: string): void => parameters.add(name, tf.ones([C]));
  const intoResidual = 0.02 / Math.sqrt(2 * layers);
  matrix('model.embed_tokens.weight', V, C);
  for (let layer = 0; layer < layers; layer++) {
    ones(layerName(layer, 'input_layernorm'));
    matrix(layerName(layer, 'self_attn.q_proj'), C, C);
    matrix(layerName(layer, 'self_attn.k_proj'), kv, C);
    matrix(layerName(layer, 'self_attn.v_proj'), kv, C);
    matrix(layerName(layer, 'self_attn.o_proj'), C, C, intoResidual);
    ones(layerName(layer, 'post_attention_layernorm'));
    matrix(layerName(layer, 'mlp.gate_proj'), F, C);
    matrix(layerName(layer, 'mlp.up_proj'), F, C);
    matrix(layerName(layer, 'mlp.down_proj'), C, F, intoResidual);
  }
  ones('model.norm.weight');
  if (!config.tie_word_embeddings) matrix('lm_head.weight', V, C);
  return parameters;
};

/** How a layer mixes its tokens: the whole causal attention in training, one over a cache in scoring. */
export type Mix = (layer: number, q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D) => tf.Tensor2D;

export class Decoder {
  readonly parameters: Parameters;

  constructor(
    readonly config: DecoderConfig,
    seed = 0,
  ) {
    this.parameters = initialize(config, seed);
  }

  /**
   * The layers, with whatever attention `mix` is.
   *
   * @param x [N, C] token embeddings
   * @returns [N, C] after the last norm
   */
  layers(x: tf.Tensor2D, mix: Mix, drop?: Dropout): tf.Tensor2D {
    const { num_hidden_layers: layers, rms_norm_eps: eps } = this.config;
    const weight = (layer: number, part: string) => this.parameters.get(layerName(layer, part)) as tf.Tensor;
    const matrix = (layer: number, part: string) => weight(layer, part) as tf.Tensor2D;
    const gain = (layer: number, part: string) => weight(layer, part) as tf.Tensor1D;
    // each place of each layer drops units of its own
    const dropAt = (place: number): Dropout | undefined => drop && { rate: drop.rate, seed: drop.seed + place };
    let h = drop ? dropout(x, drop) : x; // [N, C]
    const run = (h: tf.Tensor2D, layer: number): tf.Tensor2D => {
      const a = rmsNorm(h, gain(layer, 'input_layernorm'), eps); // [N, C]
      const q = linear(a, matrix(layer, 'self_attn.q_proj')); // [N, H·D]
      const k = linear(a, matrix(layer, 'self_attn.k_proj')); // [N, G·D]
      const v = linear(a, matrix(layer, 'self_attn.v_proj')); // [N, G·D]
      const mixed = mix(layer, q, k, v); // [N, H·D]
      const m = addResidual(h, linear(mixed, matrix(layer, 'self_attn.o_proj')), dropAt(2 * layer + 1)); // [N, C]
      const b = rmsNorm(m, gain(layer, 'post_attention_layernorm'), eps); // [N, C]
      const f = swiglu(linear(b, matrix(layer, 'mlp.gate_proj')), linear(b, matrix(layer, 'mlp.up_proj'))); // [N, F]
      return addResidual(m, linear(f, matrix(layer, 'mlp.down_proj')), dropAt(2 * layer + 2)); // [N, C]
    };
    // what a layer leaves behind goes at once: without gradients, memory is one layer's
    for (let layer = 0; layer < layers; layer++) h = tf.tidy(() => run(h, layer));
    return rmsNorm(h, this.parameters.get('model.norm.weight') as tf.Tensor as tf.Tensor1D, eps);
  }

  /** [N, C] embeddings of token ids. */
  embed(ids: tf.Tensor1D): tf.Tensor2D {
    return embedding(ids, this.parameters.get('model.embed_tokens.weight') as tf.Tensor as tf.Tensor2D);
  }

  /** [N, V] scores of the next token. */
  logits(hidden: tf.Tensor2D): tf.Tensor2D {
    const name = this.config.tie_word_embeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
    return linear(hidden, this.parameters.get(name) as tf.Tensor as tf.Tensor2D);
  }

  /** H query heads, G key/value heads, D wide each. */
  get heads(): { readonly H: number; readonly G: number; readonly D: number } {
    const { num_attention_heads: H, num_key_value_heads: G, hidden_size: C } = this.config;
    return { H, G, D: C / H };
  }

  /** Rotary positions 0 to T - 1. @throws DecoderError where T is beyond the configuration's. */
  positions(T: number): Rotary {
    const { max_position_embeddings: limit } = this.config;
    if (T > limit) {
      throw new DecoderError(
        `a sequence of ${T} tokens is longer than max_position_embeddings ${limit}: shorten it, or fit with a larger limit.`,
      );
    }
    return rotaryAt([...Array(T).keys()], rotaryFrequencies(this.config));
  }

  /**
   * Hidden states of B sequences, each token seeing its own sequence up to itself.
   *
   * @param ids [B·T] int32
   * @returns [B·T, C]
   */
  hidden(ids: tf.Tensor1D, B: number, T: number, drop?: Dropout): tf.Tensor2D {
    const shape = { B, T, ...this.heads };
    const rotary = this.positions(T);
    return this.layers(this.embed(ids), (_, q, k, v) => attention(q, k, v, rotary, shape), drop);
  }

  /** The weighted mean loss of next-token prediction over a batch. */
  loss(batch: TokenBatch, drop?: Dropout): tf.Scalar {
    const { inputs, targets, weights, B, T } = batch;
    const hidden = this.hidden(tf.tensor1d(inputs, 'int32'), B, T, drop);
    return crossEntropy(this.logits(hidden), tf.tensor1d(targets, 'int32'), tf.tensor1d(weights));
  }

  dispose(): void {
    this.parameters.dispose();
  }
}
