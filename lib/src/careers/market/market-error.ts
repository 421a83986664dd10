/** What went wrong with a synthetic market: the sentence, and the facts it is made of. */
export class MarketError extends Error {
  override readonly name = 'MarketError';

  constructor(
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
