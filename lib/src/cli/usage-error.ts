/** A command line that cannot be understood or followed: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  /** @param command whose help tells more; absent where no command was recognised */
  constructor(
    message: string,
    readonly command?: string,
  ) {
    super(message);
  }
}
