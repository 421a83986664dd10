import { strict as assert } from 'node:assert';
import { attentionWeights, Decoder, decoderConfig } from 'labor-llm/decoder';
import { tf } from 'labor-llm/tensors';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';

const ids = [4, 8, 15, 16, 2, 3, 7];
const T = ids.length;

onEachBackend('attentionWeights', () => {
  let decoder: Decoder;
  const shape = { vocab_size: 20, hidden_size: 16, num_attention_heads: 4, num_key_value_heads: 2 };
  beforeEach(() => {
    decoder = new Decoder(decoderConfig(shape), 3);
    // far from the beginning's near-uniform weights
    for (const variable of decoder.parameters.variables) variable.assign(tf.tidy(() => tf.mul(variable, 8)));
  });
  afterEach(() => decoder.dispose());

  it("leads to the decoder's own hidden states, and leaves no tensor behind", () => {
    const before = tf.memory().numTensors;
    const { hidden } = attentionWeights(decoder, ids);
    assert.equal(tf.memory().numTensors, before);
    const expected = tf.tidy(() => decoder.hidden(tf.tensor1d(ids, 'int32'), 1, T).dataSync());
    assertClose(hidden, expected, 1e-4, 'hidden');
  });

  it('shares out 1 among a token and those before it, in every head of every layer', () => {
    const { weights } = attentionWeights(decoder, ids);
    assert.equal(weights.length, decoder.config.num_hidden_layers);
    for (const layer of weights) {
      assert.equal(layer.length, 4 * T * T);
      for (let row = 0; row < 4 * T; row++) {
        const shares = layer.subarray(row * T, (row + 1) * T);
        const seen = (row % T) + 1;
        assert.ok(Math.abs(shares.subarray(0, seen).reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
        assert.ok(shares.subarray(seen).every((share) => share === 0));
      }
    }
  });

  it('shares out evenly where queries ask for nothing', () => {
    const query = decoder.parameters.get('model.layers.0.self_attn.q_proj.weight');
    query.assign(tf.zerosLike(query) as tf.Tensor2D);
    const [first] = attentionWeights(decoder, ids).weights;
    for (let row = 0; row < T; row++) {
      const expected = Array.from({ length: T }, (_, column) => (column <= row ? 1 / (row + 1) : 0));
      assertClose(first!.subarray(row * T, (row + 1) * T), expected, 1e-5, `row ${row}`);
    }
  });
});
