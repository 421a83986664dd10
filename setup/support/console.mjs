/** What the set-up says: a line when a step starts, its progress, a line when it is done. */

const seconds = (from) => `${Math.max(1, Math.round((Date.now() - from) / 1000))} s`;

/** Not on a terminal a line is for ever, so progress comes at this interval only. */
const quietInterval = 15_000;

/**
 * Tells of one step. On a terminal its progress is one line that changes; elsewhere a line now and then.
 * The clock runs on without news, so that nobody takes a slow download for a hung one.
 */
export const tell = (title, doing) => {
  const from = Date.now();
  let detail = '';
  let lastLine = from;
  console.log(`${title}: ${doing}`);
  const draw = () => {
    const text = `  ${seconds(from)}${detail && `, ${detail}`}`;
    if (process.stdout.isTTY) {
      process.stdout.write(`\r\x1b[K${text.slice(0, (process.stdout.columns || 80) - 1)}`);
    } else if (Date.now() - lastLine >= quietInterval) {
      lastLine = Date.now();
      console.log(text);
    }
  };
  const timer = setInterval(draw, 1000);
  const end = () => {
    clearInterval(timer);
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  };
  return {
    /** What it is at just now, such as "120 of 274 MB". */
    progress(text) {
      detail = text;
    },
    done(text = 'done') {
      end();
      console.log(`  ${text} (${seconds(from)})`);
    },
    end,
  };
};
