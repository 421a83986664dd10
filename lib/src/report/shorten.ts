/** Longer labels would leave what is drawn no room; the full one stands in the hover text. */
const longestLabel = 42;

export const shorten = (text: string): string =>
  text.length <= longestLabel ? text : `${text.slice(0, longestLabel - 1)}…`;
