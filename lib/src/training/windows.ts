import type { TokenBatch } from '../decoder';

/**
 * Documents one behind another, each ended by a token, cut into windows of T + 1 tokens side by side: the target of each
 * token is the next, whichever document it belongs to. What is left over at the end is dropped.
 *
 * @param T      tokens of a window
 * @param tokens of a batch: it has the whole number of windows that fit, at least one
 */
export const windowBatches = (
  documents: Iterable<ArrayLike<number>>,
  end: number,
  T: number,
  tokens: number,
): TokenBatch[] => {
  const row: number[] = [end];
  for (const document of documents) {
    for (let i = 0; i < document.length; i++) row.push(document[i] as number);
    row.push(end);
  }
  const B = Math.max(1, Math.floor(tokens / T));
  const batches: TokenBatch[] = [];
  for (let begin = 0; begin + B * T < row.length; begin += B * T) {
    batches.push({
      inputs: Int32Array.from(row.slice(begin, begin + B * T)),
      targets: Int32Array.from(row.slice(begin + 1, begin + B * T + 1)),
      weights: new Float32Array(B * T).fill(1),
      B,
      T,
    });
  }
  return batches;
};
