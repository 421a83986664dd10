/** Relative times: the one thing about speed that a notebook may show, since it is nearly the same on every machine. */

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
  return ratios.sort((a, b) => a - b)[ratios.length >> 1] as number;
};
