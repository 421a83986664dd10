/** What makes a resume impossible to write so that it can be read back, or impossible to read. */
export class ResumeError extends Error {
  override readonly name = 'ResumeError';

  /**
   * @param where  the covariate ("ethnicity"), the part of an entry ("title of 1984") or the line ("line 3")
   * @param value  what stands there
   * @param reason why that cannot be, and what to do about it
   */
  constructor(
    readonly where: string,
    readonly value: string | number | undefined,
    readonly reason: string,
  ) {
    super(`Resume, ${where}: ${value === undefined ? 'nothing' : JSON.stringify(value)} ${reason}`);
  }
}
