/** The decoders that training is timed on: the three sizes of a small decoder's life, from a classroom's to 20 million. */
import { decoderConfig, type DecoderConfig } from 'labor-llm/decoder';

/** B sequences of T tokens; C width, L layers, H heads, V vocabulary. */
export interface Size {
  readonly B: number;
  readonly T: number;
  readonly C: number;
  readonly L: number;
  readonly H: number;
  readonly V: number;
}

export const sizes: readonly Size[] = [
  { B: 8, T: 128, C: 256, L: 4, H: 4, V: 1024 },
  { B: 16, T: 128, C: 192, L: 4, H: 3, V: 600 },
  { B: 8, T: 256, C: 512, L: 6, H: 8, V: 2048 },
];

/** "8,128,256,4,4,1024", by which tables and results name a size. */
export const nameOf = ({ B, T, C, L, H, V }: Size): string => [B, T, C, L, H, V].join();

/** The decoder of a size; SwiGLU's width is 8C/3, rounded up to a multiple of 32. */
export const configOf = ({ C, L, H, V }: Size): DecoderConfig =>
  decoderConfig({
    vocab_size: V,
    hidden_size: C,
    intermediate_size: Math.ceil((8 * C) / 3 / 32) * 32,
    num_hidden_layers: L,
    num_attention_heads: H,
    num_key_value_heads: H,
  });

/**
 * Floating-point operations of a training step: a token takes 6 for each parameter, and 12 L C T in attention (Kaplan et
 * al. 2020, arXiv 2001.08361, table 1, forward and twice that backward).
 */
export const operationsOf = ({ B, T, C, L }: Size, parameters: number): number =>
  B * T * (6 * parameters + 12 * L * C * T);
