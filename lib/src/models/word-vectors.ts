/**
 * What words mean, before any resume is read: the embeddings of tokens begin from vectors of the English words in them
 * (GloVe: Pennington, Socher and Manning 2014), so that titles with like words begin alike. data/word-vectors says where
 * the vectors are from.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Decoder } from '../decoder';
import { projectFolder, Random } from '../support';
import { readSafetensors } from '../tensors';
import type { ResumeTokenizer } from '../tokens';

export interface WordVectors {
  /** D */
  readonly dimensions: number;
  /** In small letters, the most frequent first. */
  readonly words: readonly string[];
  /** [D] of length 1, undefined where the word is not known. @param word in small letters */
  of(word: string): Float32Array | undefined;
}

/** Reads the shipped vectors. */
export const loadWordVectors = async (): Promise<WordVectors> => {
  const folder = join(projectFolder, 'data', 'word-vectors');
  const words = (await readFile(join(folder, 'words.txt'), 'utf8')).trimEnd().split('\n');
  const { arrays } = await readSafetensors(join(folder, 'vectors.safetensors'));
  const [vectors] = arrays;
  const dimensions = vectors?.shape[1];
  if (vectors === undefined || dimensions === undefined || vectors.shape[0] !== words.length) {
    throw new Error(`${folder} does not hold one vector for each word: get it anew.`);
  }
  const rows = new Map(words.map((word, row) => [word, row]));
  return {
    dimensions,
    words,
    of: (word) => {
      const row = rows.get(word);
      if (row === undefined) return undefined;
      const vector = vectors.data.subarray(row * dimensions, (row + 1) * dimensions);
      const length = Math.hypot(...vector);
      return vector.map((x) => x / length);
    },
  };
};

/** What is left of a fresh embedding where words are known, and the deviation of what words add, three times a fresh one's. */
const OWN_SHARE = 0.3;
const DEVIATION = 0.06;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

/**
 * Moves a fresh decoder's embeddings to the words: a token's is a random projection of its words' mean vector, the mean of
 * all tokens taken off, beside what is left of its own. Tokens without a known word stay as they are.
 */
export const startFromWords = (
  decoder: Decoder,
  tokenizer: ResumeTokenizer,
  vectors: WordVectors,
  seed: number,
): void => {
  const { hidden_size: C } = decoder.config;
  const D = vectors.dimensions;
  const words = Array.from({ length: tokenizer.vocabularySize }, (_, token) => wordsOf(tokenizer.decode([token])));
  const tokensWith = new Map<string, number>();
  for (const word of words.flatMap((own) => [...new Set(own)])) tokensWith.set(word, (tokensWith.get(word) ?? 0) + 1);
  // rare words say more: "nurses" more than "and"
  const weightOf = (word: string): number => Math.log(1 + words.length / (tokensWith.get(word) as number));
  const known = words.flatMap((own, token) => {
    const terms = own.flatMap((word) => ({ vector: vectors.of(word), weight: weightOf(word) }));
    const total = terms.reduce((sum, { vector, weight }) => sum + (vector ? weight : 0), 0);
    if (total === 0) return [];
    const mean = new Float64Array(D);
    for (const { vector, weight } of terms) {
      vector?.forEach((x, d) => (mean[d] = (mean[d] as number) + (x * weight) / total));
    }
    return { token, mean };
  });
  const center = new Float64Array(D);
  for (const { mean } of known) mean.forEach((x, d) => (center[d] = (center[d] as number) + x / known.length));
  for (const { mean } of known) mean.forEach((x, d) => (mean[d] = x - (center[d] as number)));
  const square = known.reduce((sum, { mean }) => sum + mean.reduce((a, x) => a + x * x, 0), 0);
  const deviation = Math.sqrt(square / (known.length * D));
  const random = new Random(seed, 1);
  const scale = DEVIATION / (deviation * Math.sqrt(D));
  const projection = Float64Array.from({ length: D * C }, () => random.normal() * scale); // [D, C]
  const arrays = decoder.parameters.toArrays();
  for (const { name, data } of arrays) {
    if (name !== 'model.embed_tokens.weight' && name !== 'lm_head.weight') continue;
    for (const { token, mean } of known) {
      for (let c = 0; c < C; c++) {
        let sum = OWN_SHARE * (data[token * C + c] as number);
        for (let d = 0; d < D; d++) sum += (mean[d] as number) * (projection[d * C + c] as number);
        data[token * C + c] = sum;
      }
    }
  }
  decoder.parameters.assign(arrays, 'word vectors');
};
