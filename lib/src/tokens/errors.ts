/** What makes a tokenizer impossible to train, to load or to use on a text. */
export class TokensError extends Error {
  override readonly name = 'TokensError';

  /**
   * @param where  the phrase, title, file or option at fault
   * @param value  what stands there
   * @param reason why that cannot be, and what to do about it
   */
  constructor(
    readonly where: string,
    readonly value: string | number | undefined,
    readonly reason: string,
  ) {
    super(`Tokenizer, ${where}: ${value === undefined ? 'nothing' : JSON.stringify(value)} ${reason}`);
  }
}
