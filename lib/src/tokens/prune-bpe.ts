/**
 * A vocabulary without what only led to longer tokens. A word that is a token is looked up whole (`ignore_merges`, as in
 * Llama 3's tokenizer), so that steps on the way to a token are needed only by words that are none. Every token left
 * out is a row less in the decoder's first and last layer.
 */
import { BYTE_CHARACTERS } from './byte-level';
import type { Bpe } from './train-bpe';

/**
 * Keeps `special` tokens, bytes, the words that are tokens, and what the other words take on their way; ids close up.
 *
 * @param words in byte characters; each is encoded as it was before
 */
export const pruneBpe = ({ vocabulary, merges }: Bpe, words: Iterable<string>, special: readonly string[]): Bpe => {
  const known = new Set(vocabulary);
  const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]));
  const kept = new Set([...special, ...BYTE_CHARACTERS]);
  for (const word of words) {
    if (known.has(word)) kept.add(word);
    else for (const token of tokensOnTheWay(word, ranks)) kept.add(token);
  }
  return {
    vocabulary: vocabulary.filter((token) => kept.has(token)),
    merges: merges.filter(([left, right]) => [left, right, left + right].every((token) => kept.has(token))),
  };
};

/** Every token that merging a word makes, the pair of the lowest rank first, those that are merged on included. */
const tokensOnTheWay = (word: string, ranks: ReadonlyMap<string, number>): string[] => {
  const made: string[] = [];
  let tokens = Array.from(word);
  for (;;) {
    let best = -1;
    let lowest = Infinity;
    for (let i = 0; i + 1 < tokens.length; i++) {
      const rank = ranks.get(`${tokens[i]} ${tokens[i + 1]}`) ?? Infinity;
      if (rank < lowest) [best, lowest] = [i, rank];
    }
    if (best < 0) return made;
    const token = `${tokens[best]}${tokens[best + 1]}`;
    made.push(token);
    tokens = [...tokens.slice(0, best), token, ...tokens.slice(best + 2)];
  }
};
