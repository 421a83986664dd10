/**
 * The progress of a long fit while it runs: in a notebook a line of loss that grows, on a terminal one line that is
 * written over, elsewhere nothing. At the end one line without times remains, so that a saved notebook is the same
 * whatever machine ran it.
 */
import { setImmediate } from 'node:timers/promises';
import type { LossPoint } from './loss-plot';
import { inNotebook, showOutput } from './notebook';

/** What a fit logs of a step, as far as it is shown. */
export interface StepLog extends LossPoint {
  /** How many steps there will be. */
  readonly steps: number;
  readonly secondsLeft?: number;
  readonly note?: string;
}

/** What came out, and what was logged on the way. */
export interface Shown<Log, Result> {
  readonly result: Result;
  readonly logs: readonly Log[];
}

/** Drawing more often than this costs more than it shows. */
export const millisecondsBetweenUpdates = 500;

/**
 * Runs the generator to its end and shows each log as it comes. Interrupting the kernel (or Ctrl-C) stops the
 * generator, and rejects.
 */
export const showProgress = <Log extends StepLog, Result>(
  steps: AsyncGenerator<Log, Result, undefined>,
): Promise<Shown<Log, Result>> => runShown<Log, Result>(steps, openView(), summary);

/** Runs the generator before a view; what remains of it at the end is `textOf` the logs. */
export const runShown = async <Log extends { readonly step: number; readonly steps: number }, Result>(
  steps: AsyncGenerator<Log, Result, undefined>,
  view: View<Log>,
  textOf: (logs: readonly Log[]) => string,
): Promise<Shown<Log, Result>> => {
  const logs: Log[] = [];
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  // tslab lets go of the cell at an interrupt, but what the cell awaits would run on behind it
  process.once('SIGINT', interrupt);
  let next = 0;
  try {
    for (;;) {
      const item = await steps.next();
      if (item.done === true) {
        const all = keptLogs<Log>(item.value) ?? logs;
        view.close(all.length === 0 ? 'Kept from before: no step was needed.' : textOf(all));
        return { result: item.value, logs };
      }
      logs.push(item.value);
      if (Date.now() >= next) {
        view.update(logs);
        next = Date.now() + millisecondsBetweenUpdates;
      }
      // a turn of the event loop, in which an interrupt can be heard
      await setImmediate();
      if (interrupted) throw new Error(`Interrupted at step ${item.value.step} of ${item.value.steps}.`);
    }
  } catch (error) {
    view.close(`${textOf(logs)} Stopped before the end.`);
    await steps.return?.(undefined as never);
    throw error;
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
};

/**
 * What a fit that comes from the store, or went on there, had logged: whether a notebook fits or finds what another has
 * fitted, the same line remains.
 */
const keptLogs = <Log>(result: unknown): readonly Log[] | undefined => {
  const { logs } = (result ?? {}) as { readonly logs?: unknown };
  return Array.isArray(logs) && logs.length > 0 ? (logs as readonly Log[]) : undefined;
};

/** `step 120 of 600, training loss 0.310, validation perplexity 8.402, 35 s left` */
export const progressLine = (log: StepLog, validationLoss = log.validationLoss): string =>
  [
    `step ${log.step} of ${log.steps}`,
    `training loss ${log.loss.toFixed(3)}`,
    ...(validationLoss === undefined ? [] : [`validation perplexity ${Math.exp(validationLoss).toFixed(3)}`]),
    ...(log.secondsLeft === undefined ? [] : [`${timeLeft(log.secondsLeft)} left`]),
    ...(log.note === undefined ? [] : [log.note]),
  ].join(', ');

export const timeLeft = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;

const lastValidation = (logs: readonly StepLog[]): number | undefined =>
  logs.flatMap(({ validationLoss }) => validationLoss ?? []).at(-1);

const summary = (logs: readonly StepLog[]): string => {
  const first = logs[0];
  const last = logs.at(-1);
  if (first === undefined || last === undefined) return 'No step was made.';
  const validation = lastValidation(logs);
  const losses =
    last.step === 1
      ? `1 step: training loss ${last.loss.toFixed(3)}`
      : `${last.step} steps: training loss from ${first.loss.toFixed(3)} to ${last.loss.toFixed(3)}`;
  return (
    // what only asks a base has steps without a loss
    (Number.isNaN(last.loss) ? 'Nothing was fitted' : losses) +
    `${validation === undefined ? '' : `, validation perplexity ${Math.exp(validation).toFixed(3)}`}.`
  );
};

/** Where progress is shown. */
export interface View<Log> {
  update(logs: readonly Log[]): void;
  close(text: string): void;
}

const openView = (): View<StepLog> => (inNotebook() ? notebookView() : terminalView(lineOf));

const lineOf = (logs: readonly StepLog[]): string => {
  const last = logs.at(-1);
  return last === undefined ? '' : progressLine(last, lastValidation(logs));
};

const notebookView = (): View<StepLog> => {
  const output = showOutput({ 'text/plain': 'Starting …' });
  return {
    update(logs) {
      const last = logs.at(-1);
      if (last === undefined) return;
      const line = progressLine(last, lastValidation(logs));
      output.update({ 'image/svg+xml': sparkline(logs, line), 'text/plain': line });
    },
    close: (text) => output.update({ 'text/plain': text }),
  };
};

/** One line that is written over, on a terminal; nothing elsewhere, but the text at the end. */
const terminalView = <Log>(line: (logs: readonly Log[]) => string): View<Log> => {
  const terminal = process.stderr;
  const write = (text: string): void => void (terminal.isTTY && terminal.write(`\r\x1b[K${text}`));
  return {
    update: (logs) => write(line(logs).slice(0, terminal.columns - 1)),
    close(text) {
      write('');
      console.log(text);
    },
  };
};

/** A line of text that changes: in a notebook where it stands, on a terminal written over. */
export const textView = <Log>(line: (logs: readonly Log[]) => string): View<Log> => {
  if (!inNotebook()) return terminalView(line);
  const output = showOutput({ 'text/plain': 'Starting …' });
  return {
    update: (logs) => output.update({ 'text/plain': line(logs) }),
    close: (text) => output.update({ 'text/plain': text }),
  };
};

/** The loss so far as a small picture, the whole run wide; redrawn in a millisecond, where a figure takes a hundred. */
export const sparkline = (logs: readonly StepLog[], caption: string): string => {
  const [width, height, text] = [600, 120, 24];
  const steps = Math.max(1, ...logs.map((log) => log.steps));
  const highest = Math.max(...logs.map(({ loss }) => loss).filter(Number.isFinite), 1e-9);
  // at most a point a pixel
  const every = Math.max(1, Math.ceil(logs.length / width));
  const points = logs
    .filter(({ loss }, i) => Number.isFinite(loss) && (i % every === 0 || i === logs.length - 1))
    .map(({ step, loss }) => `${((width * step) / steps).toFixed(1)},${(height * (1 - loss / highest)).toFixed(1)}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + text}" viewBox="0 0 ${width} ${height + text}">`,
    `<rect width="${width}" height="${height + text}" fill="white"/>`,
    `<path d="M0,${height}H${width}" stroke="#999999"/>`,
    `<polyline points="${points.join(' ')}" fill="none" stroke="#0072B2" stroke-width="1.5"/>`,
    `<text x="0" y="${height + text - 7}" font-family="sans-serif" font-size="13" fill="#222222">${caption.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</text>`,
    '</svg>',
  ].join('\n');
};
