/** The decoder's shape, under the names of Hugging Face's LlamaConfig, which is how `config.json` keeps it. */
export interface DecoderConfig {
  readonly vocab_size: number;
  /** C, the width of a token's vector. */
  readonly hidden_size: number;
  /** F, the width inside the feed-forward layer. */
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  /** H */
  readonly num_attention_heads: number;
  /** G, which divides H; equal to H for plain attention. */
  readonly num_key_value_heads: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
  readonly max_position_embeddings: number;
  /** Whether the output layer shares the embedding's weights. */
  readonly tie_word_embeddings: boolean;
  /** How Llama 3.1 and later stretch their positions; absent where they are as they were. */
  readonly rope_scaling?: RopeScaling;
}

/** Stretched positions, under the names of Hugging Face's configuration. */
export interface RopeScaling {
  readonly rope_type: 'llama3';
  readonly factor: number;
  readonly low_freq_factor: number;
  readonly high_freq_factor: number;
  /** Positions that the model was trained on before they were stretched. */
  readonly original_max_position_embeddings: number;
}

export class DecoderError extends Error {
  override readonly name = 'DecoderError';
}

export const defaultDecoder: Omit<DecoderConfig, 'vocab_size'> = {
  hidden_size: 192,
  intermediate_size: 512,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  max_position_embeddings: 2048,
  tie_word_embeddings: true,
};

/** The decoder's shape among a model's settings. */
export const decoderShape = (settings: typeof defaultDecoder): typeof defaultDecoder => {
  const keys = Object.keys(defaultDecoder) as (keyof typeof defaultDecoder)[];
  return Object.fromEntries(keys.map((key) => [key, settings[key]])) as unknown as typeof defaultDecoder;
};

/** The configuration with the rest from the defaults. @throws DecoderError for an unknown key or sizes that do not fit. */
export const decoderConfig = (given: Partial<DecoderConfig> & Pick<DecoderConfig, 'vocab_size'>): DecoderConfig => {
  const config: DecoderConfig = { ...defaultDecoder, ...given };
  const known = [...Object.keys(defaultDecoder), 'vocab_size', 'rope_scaling'];
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new DecoderError(`unknown setting of the decoder: ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
  }
  const { hidden_size: C, num_attention_heads: H, num_key_value_heads: G } = config;
  if (C % H !== 0 || (C / H) % 2 !== 0) {
    throw new DecoderError(
      `hidden_size ${C} does not split into ${H} heads of an even width: choose ${H} times an even number.`,
    );
  }
  if (H % G !== 0) throw new DecoderError(`num_key_value_heads ${G} does not divide num_attention_heads ${H}.`);
  return config;
};

/**
 * By how much each of the D/2 pairs of a head's dimensions turns from one position to the next, in radians: theta^(-2i/D), where
 * positions are stretched the slow ones a factor less and those between in proportion (transformers' modeling_rope_utils.py,
 * `_compute_llama3_parameters`).
 */
export const rotaryFrequencies = ({
  hidden_size: C,
  num_attention_heads: H,
  rope_theta: theta,
  rope_scaling: scaling,
}: DecoderConfig): readonly number[] => {
  const half = C / H / 2;
  const plain = Array.from({ length: half }, (_, i) => theta ** (-i / half));
  if (scaling === undefined) return plain;
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: positions } = scaling;
  return plain.map((frequency) => {
    // turns over all positions that were trained on
    const turns = (positions * frequency) / (2 * Math.PI);
    const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    return frequency * (kept + (1 - kept) / factor);
  });
};

/**
 * Reads Hugging Face's `config.json` of a Llama.
 *
 * @throws DecoderError where the file asks for what this decoder has not: another family, biases, positions scaled in another way
 * than Llama 3's.
 */
export const fromHuggingFace = (json: Readonly<Record<string, unknown>>, source: string): DecoderConfig => {
  const refuse = (what: string): never => {
    throw new DecoderError(
      `${source}: ${what}; this decoder reads Llama checkpoints without biases, with positions as they were or scaled as in Llama 3.`,
    );
  };
  if (json['model_type'] !== 'llama') refuse(`model_type is ${JSON.stringify(json['model_type'])}`);
  if (json['hidden_act'] !== undefined && json['hidden_act'] !== 'silu')
    refuse(`hidden_act is ${String(json['hidden_act'])}`);
  if (json['attention_bias'] === true || json['mlp_bias'] === true) refuse('it has biases');
  const rope = (json['rope_parameters'] ?? json['rope_scaling'] ?? {}) as Readonly<Record<string, unknown>>;
  const ropeType = rope['rope_type'] ?? rope['type'] ?? 'default';
  if (ropeType !== 'default' && ropeType !== 'llama3') refuse(`rope type is ${String(ropeType)}`);
  const numberOf = (from: Readonly<Record<string, unknown>>, key: string, fallback?: number): number => {
    const value = from[key] ?? fallback;
    return typeof value === 'number' ? value : refuse(`${key} is ${JSON.stringify(from[key])}`);
  };
  const number = (key: string, fallback?: number): number => numberOf(json, key, fallback);
  const heads = number('num_attention_heads');
  if (json['head_dim'] != null && json['head_dim'] !== number('hidden_size') / heads) {
    refuse(`head_dim is ${JSON.stringify(json['head_dim'])}, not hidden_size / num_attention_heads`);
  }
  const theta = json['rope_theta'] ?? rope['rope_theta'];
  return decoderConfig({
    vocab_size: number('vocab_size'),
    hidden_size: number('hidden_size'),
    intermediate_size: number('intermediate_size'),
    num_hidden_layers: number('num_hidden_layers'),
    num_attention_heads: heads,
    num_key_value_heads: number('num_key_value_heads', heads),
    rms_norm_eps: number('rms_norm_eps', 1e-6),
    rope_theta: typeof theta === 'number' ? theta : 10_000,
    max_position_embeddings: number('max_position_embeddings', 2048),
    tie_word_embeddings: json['tie_word_embeddings'] === true,
    ...(ropeType === 'llama3'
      ? {
          rope_scaling: {
            rope_type: ropeType,
            factor: numberOf(rope, 'factor'),
            low_freq_factor: numberOf(rope, 'low_freq_factor'),
            high_freq_factor: numberOf(rope, 'high_freq_factor'),
            original_max_position_embeddings: numberOf(rope, 'original_max_position_embeddings'),
          },
        }
      : {}),
  });
};

/** The tokens that begin and end a document (a `ResumeTokenizer` has them). */
export interface DocumentEnds {
  readonly beginOfText: number;
  readonly endOfText: number;
}

/** What `config.json` says, so that transformers loads the folder as a LlamaForCausalLM. */
export const toHuggingFace = (
  config: DecoderConfig,
  { beginOfText, endOfText }: DocumentEnds,
): Record<string, unknown> => ({
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  ...config,
  head_dim: config.hidden_size / config.num_attention_heads,
  hidden_act: 'silu',
  attention_bias: false,
  mlp_bias: false,
  bos_token_id: beginOfText,
  eos_token_id: endOfText,
  pad_token_id: endOfText,
  torch_dtype: 'float32',
});
