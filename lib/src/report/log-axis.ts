/** Ticks that can be read on logarithmic axes: Plotly's own are too many on a small one, and leave out powers of ten. */

/** From this ratio of the largest to the smallest value on, powers of ten are ticks enough. */
const WIDE = 1e3;

const MOST_POWERS = 8;

/**
 * A logarithmic axis with ticks at 1, 2 and 5 times the powers of ten, or at these alone where there are many; with Plotly's
 * own where values lie too close together for that.
 *
 * @param values all that the axis has to hold, ends of intervals included
 */
export const logAxis = (
  values: readonly number[],
): { type: 'log'; tickangle: 0; exponentformat: 'power'; tickvals?: number[] } => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const steps = high / low > WIDE ? [1] : [1, 2, 5];
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const stride = Math.max(1, Math.round((last - first) / MOST_POWERS));
  const powers = Array.from({ length: last - first + 1 || 0 }, (_, i) => first + i).filter((i) => i % stride === 0);
  const ticks = powers.flatMap((power) => steps.map((step) => step * 10 ** power));
  const shown = ticks.filter((tick) => tick >= low / 1.05 && tick <= high * 1.05);
  return { type: 'log', tickangle: 0, exponentformat: 'power', ...(shown.length < 3 ? {} : { tickvals: shown }) };
};
