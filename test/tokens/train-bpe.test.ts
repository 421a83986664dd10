import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainBpe } from 'labor-llm/tokens';

interface BpeFixture {
  readonly alphabet: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly vocabularySize: number;
    readonly minimumCount: number;
    readonly vocabulary: readonly string[];
    readonly merges: readonly (readonly [string, string])[];
  }[];
}

const special = ['<|endoftext|>'];

describe('trainBpe', () => {
  const path = join(__dirname, '../fixtures/tokens/bpe.json');
  const fixture = JSON.parse(readFileSync(path, 'utf8')) as BpeFixture;

  for (const { name, counts, vocabularySize, minimumCount, vocabulary, merges } of fixture.cases) {
    it(`learns the merges of Hugging Face's trainer: ${name} (fixtures/tokens/bpe.json, made by bpe.py)`, () => {
      const words = new Map(Object.entries(counts));
      const bpe = trainBpe(words, { special, vocabularySize, minimumCount });
      assert.deepEqual(bpe.merges, merges);
      assert.deepEqual(bpe.vocabulary, [...fixture.alphabet, ...vocabulary]);
      const backwards = new Map([...words].reverse());
      assert.deepEqual(trainBpe(backwards, { special, vocabularySize, minimumCount }), bpe);
    });
  }

  it('merges the most frequent pair first, and of equally frequent ones that of the smaller ids', () => {
    const words = new Map([
      ['cd', 2],
      ['ab', 2],
      ['xy', 3],
      ['z', 9],
    ]);
    const { merges } = trainBpe(words, { special, vocabularySize: 300, minimumCount: 2 });
    assert.deepEqual(merges, [
      ['x', 'y'],
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('stops at the size asked for, and where no pair is as frequent as asked for', () => {
    const words = new Map([
      ['abab', 5],
      ['qr', 1],
    ]);
    assert.equal(trainBpe(words, { special, vocabularySize: 258, minimumCount: 2 }).vocabulary.length, 258);
    const all = trainBpe(words, { special, vocabularySize: 300, minimumCount: 2 });
    assert.deepEqual(all.vocabulary.slice(257), ['ab', 'abab']);
  });
});
