/** The progress of a study of several parts, as one line; at the end how many they were remains. */
import type { PartsLog } from '../studies';
import { runShown, textView, timeLeft } from './progress';

/**
 * Runs a study to its end and shows which part of it runs and how long all will take. Interrupting the kernel (or Ctrl-C)
 * stops it, and rejects; what has been fitted stays in the store.
 *
 * @example const fits = await showParts(scoreFits(planned, heldOut(survey)));
 */
export const showParts = async <Result>(study: AsyncGenerator<PartsLog, Result, undefined>): Promise<Result> => {
  const began = Date.now();
  const line = (logs: readonly PartsLog[]): string => {
    const last = logs.at(-1);
    return last === undefined ? '' : partsLine(last, (Date.now() - began) / 1000);
  };
  const { result } = await runShown(study, textView(line), (logs) => {
    const last = logs.at(-1);
    return last === undefined ? '' : `Done: ${last.part} of ${last.parts}.`;
  });
  return result;
};

/** `3 of 12 (codes): step 40 of 150, 50 s left`; the time as if all parts took as long. */
export const partsLine = ({ part, parts, what, step, steps }: PartsLog, seconds: number): string => {
  const done = (part - 1 + step / steps) / parts;
  return `${part} of ${parts} (${what}): step ${step} of ${steps}, ${timeLeft((seconds * (1 - done)) / done)} left`;
};
