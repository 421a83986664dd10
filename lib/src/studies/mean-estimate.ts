/** Means over persons who are drawn as a whole. */
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
  if (count === 0) return { value: null, standardError: null, interval: null };
  const replicates = Array.from(resamples(count, options), (times) => ratioOfSums(sums, counts, times));
  return estimate(ratioOfSums(sums, counts), replicates, count, options);
};

/** The sum of one number over clusters divided by that of another, each cluster as often as `times` says, by default once. */
export const ratioOfSums = (numerators: Float64Array, denominators: Float64Array, times?: Uint32Array): number => {
  let above = 0;
  let below = 0;
  for (let cluster = 0; cluster < denominators.length; cluster++) {
    const often = times?.[cluster] ?? 1;
    above += often * (numerators[cluster] as number);
    below += often * (denominators[cluster] as number);
  }
  return above / below;
};
