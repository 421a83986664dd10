/** How the learning rate moves over a training: up in a line, then down in half a cosine (Loshchilov and Hutter 2017). */
export interface Schedule {
  /** The highest learning rate. */
  readonly peak: number;
  /** Share of all steps that go up to it. */
  readonly warmup: number;
  /** The last step's learning rate as a share of the peak. */
  readonly floor: number;
}

/**
 * The learning rate of a step.
 *
 * @param step  from 1 to steps
 * @param steps in total
 */
export const learningRateAt = (step: number, steps: number, { peak, warmup, floor }: Schedule): number => {
  const rise = Math.max(1, Math.round(warmup * steps));
  if (step <= rise) return (peak * step) / rise;
  const progress = (step - rise) / Math.max(1, steps - rise);
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
};
