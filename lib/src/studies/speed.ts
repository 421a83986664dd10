/** Relative times: the one thing about speed that a notebook may show, since it is nearly the same on every machine. */

/** The middle one of an odd number of numbers; of an even number the upper of the two. */
export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;

/**
 * How many times as fast one way is as another: the median over rounds in which each runs once, side by side.
 *
 * @param rounds at least 1, after one that is not counted
 */
export const timesAsFast = async (slow: () => unknown, fast: () => unknown, rounds: number): Promise<number> => {
  const time = async (run: () => unknown): Promise<number> => {
    const began = performance.now();
    await run();
    return performance.now() - began;
  };
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const ratio = (await time(slow)) / (await time(fast));
    if (round > 0) ratios.push(ratio);
  }
  return median(ratios);
};
