/** Longer labels would leave what is drawn no room; the full one stands in the hover text. */
export const shorten = (text: string, length = 42): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;
