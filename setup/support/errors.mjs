/**
 * Something is not there that a step needs. The message says what, and what to do about it.
 * `optional` says that the rest of the project works without the step.
 */
export class SetupError extends Error {
  constructor(message, { optional = false, details = '' } = {}) {
    super(message);
    this.name = 'SetupError';
    this.optional = optional;
    /** The last lines that a failed command printed, if it was one. */
    this.details = details;
  }
}
