/**
 * What a long study is doing while it runs: in a notebook one line that changes, on a terminal one that is written over. At
 * the end a line without times remains, so that a saved notebook is the same whatever machine ran it.
 */
import { millisecondsBetweenUpdates, textView, timeLeft } from './progress';

/**
 * Told what is done.
 *
 * @param what  the part at hand, such as a model's name
 * @param doing what is being done of it
 * @param share of that which is done, 0 to 1
 */
export type Say = (what: string, doing: string, share: number) => void;

/**
 * Runs the work and shows what it says of itself, with the time that is left of the part at hand. Interrupting the kernel
 * (or Ctrl-C) aborts the signal that the work is given.
 *
 * @param summary the line that remains
 */
export const showWork = async <Result>(
  work: (say: Say, signal: AbortSignal) => Promise<Result>,
  summary: (result: Result) => string,
): Promise<Result> => {
  const line = textView<string>((said) => said.at(-1) ?? '');
  const abort = new AbortController();
  const interrupt = (): void => abort.abort(new Error('Interrupted.'));
  // tslab lets go of the cell at an interrupt, but what the cell awaits would run on behind it
  process.once('SIGINT', interrupt);
  const clock = new Clock();
  let next = 0;
  try {
    const result = await work((what, doing, share) => {
      const left = clock.left(what, share);
      if (Date.now() < next) return;
      next = Date.now() + millisecondsBetweenUpdates;
      line.update([`${what}: ${doing}${left === undefined ? '' : `, ${left} left`}`]);
    }, abort.signal);
    line.close(summary(result));
    return result;
  } catch (error) {
    line.close('Stopped before the end.');
    throw error;
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
};

/** How long a part takes, from how long what is done of it took. */
class Clock {
  private what: string | undefined;
  private share = 0;
  private began = 0;
  private first = 0;

  /** `35 s`, `3 min`; undefined where too little is done to say. */
  left(what: string, share: number): string | undefined {
    if (what !== this.what || share < this.share) {
      this.began = Date.now();
      this.first = share;
    }
    this.what = what;
    this.share = share;
    const done = share - this.first;
    if (done < 0.02) return undefined;
    return timeLeft((((Date.now() - this.began) / 1000) * (1 - share)) / done);
  }
}
