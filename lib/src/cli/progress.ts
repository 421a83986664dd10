/** Progress of long work on stderr: a bar on a terminal, a line now and then where there is none. */

const MILLISECONDS_ON_TERMINAL = 100;
const MILLISECONDS_ELSEWHERE = 10_000;
const BAR = 24;

export class ProgressDisplay {
  private next: number;
  private isOpen = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {
    // what is done before the first line is due needs none on the way
    this.next = Date.now() + (stream.isTTY ? 0 : MILLISECONDS_ELSEWHERE);
  }

  /** Shows how far the work is, unless it has just been shown; `text` says the rest, in one line. */
  update(done: number, total: number, text: string): void {
    const now = Date.now();
    if (now < this.next && done < total) return;
    this.next = now + (this.stream.isTTY ? MILLISECONDS_ON_TERMINAL : MILLISECONDS_ELSEWHERE);
    if (!this.stream.isTTY) {
      this.stream.write(`${text}\n`);
      return;
    }
    const filled = Math.round((BAR * done) / Math.max(1, total));
    const bar = `[${'='.repeat(filled)}${' '.repeat(BAR - filled)}] ${text}`;
    this.stream.write(`\r\x1b[K${bar.slice(0, (this.stream.columns || 80) - 1)}`);
    this.isOpen = true;
  }

  /** A line that stays. */
  say(text: string): void {
    this.close();
    this.stream.write(`${text}\n`);
  }

  /** Takes the bar away. */
  close(): void {
    if (this.isOpen) this.stream.write('\r\x1b[K');
    this.isOpen = false;
  }
}

/** `3 min`, `45 s` */
export const duration = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
