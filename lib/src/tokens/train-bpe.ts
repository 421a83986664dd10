/**
 * Byte-pair encoding learnt from counted words (Sennrich, Haddow and Birch 2016, arXiv 1508.07909), merge for merge as
 * Hugging Face's `BpeTrainer` does it (tokenizers 0.23, models/bpe/trainer.rs): the most frequent pair first, among
 * equals the one with the smaller ids.
 */
import { BYTE_CHARACTERS } from './byte-level';

export interface BpeOptions {
  /** Tokens that stand first in the vocabulary and never come out of a merge. */
  readonly special: readonly string[];
  /** Upper bound of the vocabulary: special tokens, 256 bytes and one for each new string that a merge makes. */
  readonly vocabularySize: number;
  /** A pair that occurs less often is not merged. */
  readonly minimumCount: number;
}

export interface Bpe {
  /** Token strings, in the order of their ids. */
  readonly vocabulary: readonly string[];
  /** Pairs of token strings, the first to be merged first. */
  readonly merges: readonly (readonly [string, string])[];
}

/** A pair of neighbours in words, and how often it occurs now. */
interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
}

/** A pair that waits to be merged in the words where it was found. */
interface Candidate {
  readonly pair: Pair;
  readonly words: Set<number>;
  /** The pair's count when it was found. */
  readonly foundCount: number;
}

/**
 * @param counts words in byte characters (`asByteCharacters`) and how often each occurs
 * @returns the same for the same counts, whatever their order
 */
export const trainBpe = (counts: ReadonlyMap<string, number>, options: BpeOptions): Bpe => {
  const vocabulary = [...options.special, ...[...BYTE_CHARACTERS].sort()];
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  const words = [...counts.keys()].map((word) => Array.from(word, (character) => ids.get(character) as number));
  const wordCounts = [...counts.values()];

  const pairs = new Map<number, Pair>();
  const candidates: Candidate[] = [];
  /** Pairs that a pass over the words has made more frequent, with the words where. */
  let found = new Map<Pair, Set<number>>();
  const change = (left: number, right: number, sign: 1 | -1, word: number): void => {
    const key = left * 2 ** 26 + right;
    let pair = pairs.get(key);
    if (!pair) pairs.set(key, (pair = { left, right, count: 0 }));
    pair.count += sign * (wordCounts[word] as number);
    if (sign < 0) return;
    const where = found.get(pair);
    if (where) where.add(word);
    else found.set(pair, new Set([word]));
  };
  const enqueueFound = (): void => {
    for (const [pair, where] of found) {
      if (pair.count > 0) candidates.push({ pair, words: where, foundCount: pair.count });
    }
    found = new Map();
  };

  words.forEach((word, w) => {
    for (let i = 1; i < word.length; i++) change(word[i - 1] as number, word[i] as number, 1, w);
  });
  enqueueFound();

  const merges = new Set<Pair>();
  while (vocabulary.length < options.vocabularySize) {
    const best = takeBest(candidates);
    if (!best || best.pair.count < Math.max(1, options.minimumCount)) break;
    const { left, right } = best.pair;
    const token = `${vocabulary[left]}${vocabulary[right]}`;
    const known = ids.get(token); // two pairs can make the same string: it stays one token
    const merged = known ?? vocabulary.push(token) - 1;
    ids.set(token, merged);
    merges.delete(best.pair); // merged again in words found later: the later rank is the one that counts
    merges.add(best.pair);
    for (const w of best.words) {
      words[w] = mergeWord(words[w] as number[], left, right, merged, (a, b, sign) => change(a, b, sign, w));
    }
    enqueueFound();
  }
  const name = (id: number): string => vocabulary[id] as string;
  return { vocabulary, merges: [...merges].map(({ left, right }) => [name(left), name(right)] as const) };
};

/**
 * Takes out the candidate with the highest count, among equals that with the smaller pair. A count that has fallen
 * since the pair was found counts as it is now, one that has risen as it was found: the trainer that we agree with
 * keeps a queue whose entries are put right only when they come up.
 */
const takeBest = (candidates: Candidate[]): Candidate | undefined => {
  let best = -1;
  let bestCount = -Infinity;
  candidates.forEach(({ pair, foundCount }, i) => {
    const count = Math.min(pair.count, foundCount);
    if (count < bestCount) return;
    if (count === bestCount) {
      const other = (candidates[best] as Candidate).pair;
      if (pair.left > other.left || (pair.left === other.left && pair.right >= other.right)) return;
    }
    best = i;
    bestCount = count;
  });
  const last = candidates.pop();
  if (!last || best === candidates.length) return last;
  const taken = candidates[best] as Candidate;
  candidates[best] = last;
  return taken;
};

/** A word with each `left` `right` made one, from left to right; reports what that does to the pairs beside them. */
const mergeWord = (
  word: readonly number[],
  left: number,
  right: number,
  merged: number,
  change: (left: number, right: number, sign: 1 | -1) => void,
): number[] => {
  const result: number[] = [];
  for (let i = 0; i < word.length; i++) {
    if (word[i] !== left || word[i + 1] !== right) {
      result.push(word[i] as number);
      continue;
    }
    const before = result.at(-1);
    if (before !== undefined) {
      change(before, left, -1);
      change(before, merged, 1);
    }
    result.push(merged);
    i++;
    const after = word[i + 1];
    if (after !== undefined) {
      change(right, after, -1);
      change(merged, after, 1);
    }
  }
  return result;
};
