/** A decoder for tests: fitted in a second. */
export const smallDecoder = {
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  vocabulary: 420,
  batchTokens: 1024,
};
