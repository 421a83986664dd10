/** Resumes read back: the exact inverse of rendering. */
import type { Covariates } from '../careers';
import { ResumeError } from './errors';
import type { ResumeOptions } from './render';
import { END_OF_DATA, lastEntry, readEntry, readHeader, WORDING, type LastEntry, type ResumeEntry } from './template';

/** All that a resume holds; titles as text, since it does not say which occupations are declared. */
export interface ParsedResume {
  readonly covariates: Covariates;
  readonly entries: readonly ResumeEntry[];
}

/**
 * What a resume says: `parseResume(renderResume(x))` gives back x (the birth year missing where it was left out).
 *
 * @param options `reminders` where it was rendered with them
 * @throws ResumeError naming the first line that is none of a resume.
 */
export const parseResume = (
  text: string,
  { reminders = false }: Pick<ResumeOptions, 'reminders'> = {},
): ParsedResume => {
  const lines = text.split('\n');
  const headerLines = lines[2] === WORDING.records ? 3 : 4;
  const covariates = readHeader(lines.slice(0, headerLines));
  if (typeof covariates === 'number') {
    throw new ResumeError(`line ${covariates}`, lines[covariates - 1], "is not the template's header.");
  }
  if (lines.at(-1) !== END_OF_DATA) {
    throw new ResumeError(`line ${lines.length}`, lines.at(-1), `should be the last one, ${END_OF_DATA}.`);
  }
  const entries: ResumeEntry[] = [];
  let last: LastEntry | undefined;
  lines.slice(headerLines, -1).forEach((line, i) => {
    const reminder = { birthYear: covariates.birthYear, last };
    const entry = readEntry(line, reminders ? reminder : undefined);
    if (!entry) throw new ResumeError(`line ${headerLines + i + 1}`, line, 'is no "year (education): title".');
    entries.push(entry);
    last = lastEntry(entry, last);
  });
  return { covariates, entries };
};
