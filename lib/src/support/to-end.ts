/** Running what works step by step. */
import { setImmediate } from 'node:timers/promises';

/** Runs the generator to its end and passes on what it yields, with turns of the event loop in which Ctrl-C can be heard. */
export const toEnd = async <Log, Result>(
  steps: AsyncGenerator<Log, Result>,
  onLog?: (log: Log) => void,
): Promise<Result> => {
  for (;;) {
    const item = await steps.next();
    if (item.done === true) return item.value;
    onLog?.(item.value);
    await setImmediate();
  }
};
