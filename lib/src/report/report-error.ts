/** What goes wrong between results and paper: a picture that cannot be drawn, a table whose columns do not fit. */
export class ReportError extends Error {
  override readonly name = 'ReportError';

  constructor(
    message: string,
    /** The figure or table that it happened to, where one is known. */
    readonly subject?: string,
  ) {
    super(message);
  }
}
