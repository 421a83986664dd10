/** Begun last, the longest would keep one core busy while the others wait. */
const longest = ['08-sources-of-gains', '07-comparison-of-performance', '06-labor-llm'];

/** One reads what the others have found, one measures speed, beside which nothing may run. */
const last = ['09-conclusion', 'appendix-speed'];

/** The notebooks named: those that may run side by side, in the order in which they begin, and those that follow alone. */
export const notebookOrder = (names, jobs) => {
  const beside = names.filter((name) => !last.includes(name));
  const first = jobs === 1 ? [] : longest.filter((name) => beside.includes(name));
  return {
    beside: [...first, ...beside.filter((name) => !first.includes(name))],
    alone: names.filter((name) => last.includes(name)),
  };
};
