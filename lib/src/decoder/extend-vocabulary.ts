import type { NamedArray } from '../tensors';
import { Decoder } from './decoder';

/**
 * A decoder that knows more tokens, each of which stands for several that it knew: its vector is the mean of theirs
 * (Hewitt 2021, "Initializing new word embeddings for pretrained language models"). The given decoder is disposed of.
 *
 * @param first  the id of the first new token; those from it on that the decoder had already, to fill up, are taken
 * @param pieces [new tokens] the ids that each stands for
 */
export const extendVocabulary = (decoder: Decoder, first: number, pieces: readonly (readonly number[])[]): Decoder => {
  const V = Math.max(decoder.config.vocab_size, first + pieces.length);
  const arrays = decoder.parameters.toArrays().map((array): NamedArray => {
    if (array.name !== 'model.embed_tokens.weight' && array.name !== 'lm_head.weight') return array;
    const C = array.shape[1] as number;
    const data = new Float32Array(V * C);
    data.set(array.data);
    pieces.forEach((ids, token) => {
      for (let c = 0; c < C; c++) {
        const sum = ids.reduce((total, id) => total + (array.data[id * C + c] as number), 0);
        data[(first + token) * C + c] = sum / ids.length;
      }
    });
    return { ...array, shape: [V, C], data };
  });
  const config = { ...decoder.config, vocab_size: V };
  decoder.dispose();
  const extended = new Decoder(config);
  extended.parameters.assign(arrays, 'the base');
  return extended;
};
