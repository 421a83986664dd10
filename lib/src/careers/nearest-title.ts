/**
 * The declared title that shares most letter pairs with a text (Dice's coefficient over distinct lower-case bigrams, as
 * far as the text has them, so that a fragment finds its long title); undefined where none shares a third of them.
 */
export const nearestTitle = (text: string, titles: readonly string[]): string | undefined => {
  const wanted = letterPairs(text);
  let best: string | undefined;
  let bestScore = 1 / 3;
  for (const title of titles) {
    const pairs = letterPairs(title);
    let shared = 0;
    for (const pair of wanted) if (pairs.has(pair)) shared++;
    // the small second term prefers the shorter of two titles that hold the text equally well
    const score = shared / wanted.size - 0.002 * pairs.size;
    if (score > bestScore) [best, bestScore] = [title, score];
  }
  return best;
};

const letterPairs = (text: string): Set<string> => {
  const padded = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: padded.length - 1 }, (_, i) => padded.slice(i, i + 2)));
};
