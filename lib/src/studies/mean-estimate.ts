import { estimate, resamples, type BootstrapOptions, type clustersOf, type Estimate } from '../evaluation';

/**
 * The mean over observations, of persons (or clusters) who are drawn as a whole.
 *
 * @param values   [observations]
 * @param clusters of the same observations
 */
export const meanEstimate = (
  values: readonly number[],
  { of, count }: ReturnType<typeof clustersOf>,
  options: BootstrapOptions = {},
): Estimate => {
  const [sums, counts] = [new Float64Array(count), new Float64Array(count)];
  values.forEach((value, i) => {
    (sums[of[i] as number] as number) += value;
    (counts[of[i] as number] as number)++;
  });
  const mean = (times?: Uint32Array): number => {
    const total = (of: Float64Array): number => of.reduce((sum, one, i) => sum + (times?.[i] ?? 1) * one, 0);
    return total(sums) / total(counts);
  };
  if (count === 0) return { value: null, standardError: null, interval: null };
  return estimate(mean(), Array.from(resamples(count, options), mean), count, options);
};
