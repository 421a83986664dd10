/** Settings of decoders that are small enough for every test. */

/** A few thousand parameters, which can learn a toy survey. */
export const smallDecoder = {
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  vocabulary: 400,
  batchTokens: 1024,
};

/** Next to nothing. */
export const tinyDecoder = {
  hidden_size: 16,
  intermediate_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  vocabulary: 300,
};
