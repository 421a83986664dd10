import { strict as assert } from 'node:assert';
import { Decoder, decoderConfig } from 'labor-llm/decoder';
import { ResumeTokenizer } from 'labor-llm/tokens';
import { loadWordVectors, startFromWords } from '../../lib/dist/models/word-vectors.js';
import { onEachBackend } from '../support/backends';

const titles = ['Registered nurses', 'Physicians', 'Truck drivers', 'Bus drivers', 'Xqzv'];
const C = 64;

const cosine = (a: Float32Array, b: Float32Array): number => {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

onEachBackend('word vectors', () => {
  const tokenizer = ResumeTokenizer.train(
    titles.map((title) => ({ header: '', entries: [{ prompt: '2001:', answer: ` ${title}\n` }], end: '' })),
    { titles, vocabularySize: 600 },
  );
  const fresh = (): Decoder => new Decoder(decoderConfig({ vocab_size: tokenizer.vocabularySize, hidden_size: C }), 1);
  const rowsOf = (decoder: Decoder): Float32Array => decoder.parameters.toArrays()[0]?.data as Float32Array;
  const started = async (seed: number): Promise<Float32Array> => {
    const decoder = fresh();
    startFromWords(decoder, tokenizer, await loadWordVectors(), seed);
    const rows = rowsOf(decoder);
    decoder.dispose();
    return rows;
  };
  const rowOf = (rows: Float32Array, text: string): Float32Array => {
    const [token, ...others] = tokenizer.encode(text);
    assert.ok(token !== undefined && others.length === 0, `${text} is one token`);
    return rows.subarray(token * C, (token + 1) * C);
  };

  it('are those of the source: its first numbers of “the”, brought to length 1', async () => {
    const vectors = await loadWordVectors();
    assert.equal(vectors.dimensions, 100);
    const the = vectors.of('the') as Float32Array;
    assert.ok(Math.abs(Math.hypot(...the) - 1) < 1e-6);
    const source = [-0.038194, -0.24487, 0.72812, -0.39961]; // GloVe 6B, 100 dimensions
    source.forEach((x, d) =>
      assert.ok(Math.abs((the[d] as number) / (the[0] as number) - x / -0.038194) < 0.02, `${d}`),
    );
    assert.equal(vectors.of('xqzv'), undefined);
  });

  it('bring tokens of words that are used alike together', async () => {
    const rows = await started(1);
    const near = cosine(rowOf(rows, ' nurses'), rowOf(rows, ' Physicians'));
    const far = cosine(rowOf(rows, ' nurses'), rowOf(rows, ' Truck'));
    assert.ok(near > far + 0.2, `${near} and ${far}`);
    const before = rowsOf(fresh());
    assert.ok(Math.abs(cosine(rowOf(before, ' nurses'), rowOf(before, ' Physicians'))) < 0.4);
  });

  it('leave tokens without a word as they were, give the same for the same seed and others for another', async () => {
    const [rows, again, other] = [await started(1), await started(1), await started(2)];
    assert.deepEqual(rows, again);
    assert.notDeepEqual(rows, other);
    assert.deepEqual(rowOf(rows, '\n'), rowOf(rowsOf(fresh()), '\n'));
    assert.notDeepEqual(rowOf(rows, ' nurses'), rowOf(rowsOf(fresh()), ' nurses'));
  });
});
