import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { trainBpe, type Bpe } from 'labor-llm/tokens';
import { pruneBpe } from '../../lib/dist/tokens/prune-bpe.js';

/** A word's tokens, straight from the definition: the first merge that applies, over and over. */
const encode = (word: string, { vocabulary, merges }: Bpe, lookUp: boolean): string[] => {
  if (lookUp && vocabulary.includes(word)) return [word];
  let tokens = Array.from(word);
  for (;;) {
    const next = merges.find(([left, right]) => tokens.some((token, i) => token === left && tokens[i + 1] === right));
    if (next === undefined) return tokens;
    const at = tokens.findIndex((token, i) => token === next[0] && tokens[i + 1] === next[1]);
    tokens = [...tokens.slice(0, at), next.join(''), ...tokens.slice(at + 2)];
  }
};

describe('pruneBpe', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 12,
  });

  it('encodes every word as before, and keeps no token beyond bytes that none of them takes', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 20 }), (texts, most) => {
        const counts = new Map(texts.map((word, i) => [word, i + 1]));
        const trained = trainBpe(counts, { special: ['<end>'], vocabularySize: 257 + most, minimumCount: 1 });
        const pruned = pruneBpe(trained, counts.keys(), ['<end>']);
        const needed = new Set<string>();
        for (const word of counts.keys()) {
          const before = encode(word, trained, true);
          assert.deepEqual(encode(word, pruned, true), before);
          if (before.length === 1) needed.add(word);
        }
        assert.equal(pruned.vocabulary[0], '<end>');
        // where every word is a token there is nothing else
        if (needed.size === counts.size) {
          assert.deepEqual(
            new Set(pruned.vocabulary.slice(257)),
            new Set([...needed].filter((word) => word.length > 1)),
          );
        }
      }),
    );
  });

  it('drops the steps on the way to a word, and keeps those that another word takes', () => {
    const vocabulary = ['a', 'b', 'c', 'd', 'ab', 'abc', 'abcd', 'cd'];
    const merges = [
      ['a', 'b'],
      ['ab', 'c'],
      ['abc', 'd'],
      ['c', 'd'],
    ] as const;
    const kept = (words: string[]): string[] =>
      pruneBpe({ vocabulary, merges }, words, []).vocabulary.filter((token) => token.length > 1);
    assert.deepEqual(kept(['abcd']), ['abcd']);
    assert.deepEqual(kept(['abcd', 'abd']), ['ab', 'abcd']);
    assert.deepEqual(kept(['abcd', 'abca']), ['ab', 'abc', 'abcd']);
  });
});
