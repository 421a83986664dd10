/** Begun last, the longest would keep one core busy while the others wait. */
const longest = ['08-sources-of-gains', '07-comparison-of-performance', '06-labor-llm'];

/** Measures speed, beside which nothing may run. */
const last = ['appendix-speed'];

/** Those that read what others have found, and which. */
const reads = { '09-conclusion': ['07-comparison-of-performance', '08-sources-of-gains'] };

/** The notebooks named: those that may run side by side, in the order in which they begin, and those that follow alone. */
export const notebookOrder = (names, jobs) => {
  const beside = names.filter((name) => !last.includes(name));
  const first = jobs === 1 ? [] : longest.filter((name) => beside.includes(name));
  return {
    beside: [...first, ...beside.filter((name) => !first.includes(name))],
    alone: names.filter((name) => last.includes(name)),
  };
};

/** The next to begin: the first that waits for none of those that have not ended; undefined where all wait. */
export const nextNotebook = (waiting, running) =>
  waiting.find((name) => !(reads[name] ?? []).some((one) => waiting.includes(one) || running.includes(one)));
