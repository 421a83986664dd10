/** What keeps a study from running: a profile or a survey that is not there. */
export class StudyError extends Error {
  override readonly name = 'StudyError';

  constructor(
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
