/**
 * How the learning rate moves over a training: up in a line, then down, in half a cosine to the last step (Loshchilov and
 * Hutter 2017) or with the inverse root of the steps, as far as they go (Vaswani et al. 2017, section 5.3).
 */
export interface Schedule {
  /** The highest learning rate. */
  readonly peak: number;
  /** Steps that go up to it: as a share of all for a cosine, as their number for an inverse root. */
  readonly warmup: number;
  /** The last step's learning rate for a cosine, the first one's for an inverse root, as a share of the peak. */
  readonly floor: number;
  /** A cosine where nothing is said. */
  readonly schedule?: ScheduleName;
}

export const SCHEDULES = ['cosine', 'inverse-sqrt'] as const;

export type ScheduleName = (typeof SCHEDULES)[number];

/** As fairseq's scheduler inverse_sqrt, whose first update is at the first learning rate. */
const inverseRoot = (step: number, { peak, warmup, floor }: Schedule): number => {
  const updates = step - 1;
  if (updates < warmup) return peak * (floor + ((1 - floor) * updates) / warmup);
  return peak * Math.sqrt(warmup / updates);
};

/**
 * The learning rate of a step.
 *
 * @param step  from 1 to steps
 * @param steps in total
 */
export const learningRateAt = (step: number, steps: number, schedule: Schedule): number => {
  if (schedule.schedule === 'inverse-sqrt') return inverseRoot(step, schedule);
  const { peak, warmup, floor } = schedule;
  const rise = Math.max(1, Math.round(warmup * steps));
  if (step <= rise) return (peak * step) / rise;
  const progress = (step - rise) / Math.max(1, steps - rise);
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
};
