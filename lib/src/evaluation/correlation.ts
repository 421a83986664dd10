/** How closely two numbers that each case has go together. */
import { estimate, resamples, type BootstrapOptions, type Clusters, type Estimate } from './bootstrap';

/** Share of a sum of squares that rounding explains. */
const ROUNDING = 1e-12;

/**
 * Pearson's correlation with its interval over clusters, who are drawn with all their cases. Its value is null where one
 * of the numbers does not vary.
 *
 * @param pairs [cases] the two numbers
 */
export const correlation = (
  pairs: readonly (readonly [number, number])[],
  { of, count }: Clusters,
  options: Omit<BootstrapOptions, 'weighted'> = {},
): Estimate => {
  // [clusters] cases, and the sums of x, y, xx, yy, xy: around the means, or else large numbers would be subtracted
  const mean = (axis: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[axis], 0) / pairs.length;
  const [middleX, middleY] = [mean(0), mean(1)];
  const sums = Array.from({ length: count }, () => new Float64Array(6));
  pairs.forEach(([first, second], index) => {
    const [x, y] = [first - middleX, second - middleY];
    const own = sums[of[index] as number] as Float64Array;
    [1, x, y, x * x, y * y, x * y].forEach((term, i) => (own[i] = (own[i] as number) + term));
  });
  const value = pearson(sums);
  const replicates: number[] = [];
  for (const times of resamples(count, options)) replicates.push(pearson(sums, times));
  return estimate(Number.isNaN(value) ? null : value, replicates, count, options);
};

/** @param times [clusters] how often each counts; once each without it */
const pearson = (sums: readonly Float64Array[], times?: Uint32Array): number => {
  const total = new Float64Array(6);
  sums.forEach((own, cluster) => {
    const often = times?.[cluster] ?? 1;
    if (often > 0) own.forEach((term, i) => (total[i] = (total[i] as number) + often * term));
  });
  const [n, x, y, xx, yy, xy] = total as unknown as [number, number, number, number, number, number];
  const [ofX, ofY] = [n * xx - x * x, n * yy - y * y];
  // what is left of a variance of nothing is rounding
  if (!(ofX > ROUNDING * n * xx && ofY > ROUNDING * n * yy)) return NaN;
  return (n * xy - x * y) / Math.sqrt(ofX * ofY);
};
