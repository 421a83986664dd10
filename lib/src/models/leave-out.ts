/**
 * Careers with observations left out, anew in each epoch: what a survey that asks more seldom would have seen. A fit on few
 * persons learns them by heart less easily so, and meets steps between observations that are longer than the survey's.
 */
import type { Career } from '../careers';
import { Random } from '../support';
import { ModelError } from './model-error';

/** The streams of random numbers behind those that cut epochs into batches. */
const FIRST_STREAM = 2 ** 20;

/** @throws ModelError where it is no share below 1. */
export const checkLeaveOut = (most: number): void => {
  if (most >= 0 && most < 1) return;
  throw new ModelError(`leaveOut is ${most}: give a share from 0, for none, to below 1.`, { leaveOut: most });
};

/**
 * Each career without some of its observations, the same for the same seed and epoch: of each a share is left out that is
 * drawn evenly from 0 to `most`. A career of which nothing would remain stays whole.
 */
export const leaveOut = (careers: readonly Career[], most: number, seed: number, epoch: number): readonly Career[] => {
  const random = new Random(seed, FIRST_STREAM + epoch);
  return careers.map((career) => {
    const share = most * random.uniform();
    const observations = career.observations.filter(() => random.uniform() >= share);
    return observations.length === 0 ? career : { ...career, observations };
  });
};

/** What is read of the careers in an epoch, written by `write`; made once where nothing is left out. */
export const writtenByEpoch = <Sequence>(
  careers: readonly Career[],
  most: number,
  seed: number,
  write: (career: Career) => Sequence,
): ((epoch: number) => readonly Sequence[]) => {
  checkLeaveOut(most);
  if (most > 0) return (epoch) => leaveOut(careers, most, seed, epoch).map(write);
  const whole = careers.map(write);
  return () => whole;
};
