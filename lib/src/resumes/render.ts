/** Careers written as resumes, in parts whose joined text is the resume. */
import type { Covariates, Observation } from '../careers';
import { ResumeError } from './errors';
import {
  END_OF_DATA,
  entryPrompt,
  lastEntry,
  readEntry,
  readHeader,
  SAME,
  titleAnswer,
  writeHeader,
  type LastEntry,
  type Reminder,
} from './template';

/** An entry: `1984 (some college):` and ` Cooks\n`, which joined are its line. */
export interface ResumePartsEntry {
  readonly prompt: string;
  readonly answer: string;
}

/** A resume in parts: header + prompt + answer + prompt + answer + ... + end is its text. */
export interface ResumeParts {
  /** All above the entries, the newline included. */
  readonly header: string;
  readonly entries: readonly ResumePartsEntry[];
  /** `<END OF DATA>` */
  readonly end: string;
}

/** A resume up to the colon after which the title to predict follows. */
export interface PromptParts {
  readonly header: string;
  readonly entries: readonly ResumePartsEntry[];
  /** `1985 (some college):` of the year to predict. */
  readonly prompt: string;
}

export interface ResumeOptions {
  /** Whether the header says the year of birth (the paper's main model); true by default. */
  readonly birthYear?: boolean;
  /** Whether entries say the age and the last jobs, and those who stay answer `the same` (see ./template); false by default. */
  readonly reminders?: boolean;
}

/** What a resume needs of an observation. */
export type ResumeObservation = Pick<Observation, 'year' | 'education' | 'occupation'>;

/** What a prompt needs of a query (models' `Query` is one). */
export interface ResumeQuery {
  readonly covariates: Covariates;
  readonly history: readonly ResumeObservation[];
  readonly year: number;
  readonly education: string | undefined;
}

/**
 * A career as the parts of its resume, such that `parseResume` of the text gives back what went in.
 *
 * @param titles the declared occupations of the career's survey
 * @throws ResumeError for a value that would make the text ambiguous, and for an occupation without a title.
 */
export const resumeParts = (
  covariates: Covariates,
  observations: readonly ResumeObservation[],
  titles: readonly string[],
  options: ResumeOptions = {},
): ResumeParts => {
  const reminders = remindersOf(covariates, observations, titles, options);
  return {
    header: checkedHeader(covariates, options),
    entries: observations.map((observation, index) => ({
      prompt: checkedPrompt(observation, reminders[index]),
      answer: checkedAnswer(observation, observations[index - 1], titles, options),
    })),
    end: END_OF_DATA,
  };
};

/** `resumeParts` as one text. */
export const renderResume = (
  covariates: Covariates,
  observations: readonly ResumeObservation[],
  titles: readonly string[],
  options: ResumeOptions = {},
): string => {
  const { header, entries, end } = resumeParts(covariates, observations, titles, options);
  return header + joined(entries) + end;
};

/**
 * The parts of the prompt for a prediction: the history's entries, then year and education to predict the title of.
 *
 * @throws ResumeError as `resumeParts` does.
 */
export const promptParts = (
  { covariates, history, year, education }: ResumeQuery,
  titles: readonly string[],
  options: ResumeOptions = {},
): PromptParts => {
  const { header, entries } = resumeParts(covariates, history, titles, options);
  const reminder = remindersOf(covariates, history, titles, options)[history.length];
  return { header, entries, prompt: checkedPrompt({ year, education }, reminder) };
};

/** `promptParts` as one text, which ends in a colon. */
export const renderPrompt = (query: ResumeQuery, titles: readonly string[], options: ResumeOptions = {}): string => {
  const { header, entries, prompt } = promptParts(query, titles, options);
  return header + joined(entries) + prompt;
};

const joined = (entries: readonly ResumePartsEntry[]): string =>
  entries.map(({ prompt, answer }) => prompt + answer).join('');

const LINE_BREAK = /[\n\r]/u;

const COVARIATES = ['survey', 'sex', 'ethnicity', 'region', 'birthYear'] as const;

/** Writes the header and reads it back, which is what makes every text that passes invertible. */
const checkedHeader = (covariates: Covariates, options: ResumeOptions): string => {
  const said: Covariates = options.birthYear === false ? { ...covariates, birthYear: undefined } : covariates;
  const header = writeHeader(said);
  if (isReadBack(header, said)) return header;
  // at fault is the value that cannot stand among plain ones
  const x = (value: string | undefined): string | undefined => (value === undefined ? undefined : 'x');
  const { sex, ethnicity, region, birthYear } = said;
  const born = birthYear === undefined ? undefined : 2000;
  const plain: Covariates = { survey: 'x', sex: x(sex), ethnicity: x(ethnicity), region: x(region), birthYear: born };
  for (const name of COVARIATES) {
    const alone = { ...plain, [name]: said[name] };
    if (isReadBack(writeHeader(alone), alone)) continue;
    throw new ResumeError(
      name,
      said[name],
      "has a line break, or cannot be told from the template's words: write it otherwise.",
    );
  }
  throw new ResumeError('header', header, 'cannot be read back: write its covariates otherwise.');
};

const isReadBack = (header: string, covariates: Covariates): boolean => {
  const lines = header.slice(0, -1).split('\n');
  if (header.includes('\r') || lines.length !== (covariates.birthYear === undefined ? 3 : 4)) return false;
  const read = readHeader(lines);
  return typeof read !== 'number' && COVARIATES.every((name) => read[name] === covariates[name]);
};

/** [history + 1] what each entry says of those before it, and what the next one would; none without reminders. */
const remindersOf = (
  { birthYear }: Covariates,
  history: readonly ResumeObservation[],
  titles: readonly string[],
  { birthYear: saysBirthYear = true, reminders = false }: ResumeOptions,
): readonly Reminder[] => {
  if (!reminders) return [];
  const said = saysBirthYear ? birthYear : undefined;
  let last: LastEntry | undefined;
  const behind = history.map(({ year, occupation }): Reminder => {
    last = lastEntry({ year, title: titles[occupation] as string }, last);
    return { birthYear: said, last };
  });
  return [{ birthYear: said, last: undefined }, ...behind];
};

const checkedPrompt = (
  { year, education }: Pick<ResumeObservation, 'year' | 'education'>,
  reminder: Reminder | undefined,
): string => {
  if (!Number.isSafeInteger(year) || year < 0) throw new ResumeError('year', year, 'is no year.');
  const prompt = entryPrompt(year, education, reminder);
  if (LINE_BREAK.test(education ?? '') || readEntry(`${prompt} x`, reminder)?.education !== education) {
    throw new ResumeError(
      `education of ${year}`,
      education,
      'has a line break or "): ", or cannot be told from what follows it: write it otherwise.',
    );
  }
  return prompt;
};

const checkedAnswer = (
  { year, occupation }: ResumeObservation,
  last: ResumeObservation | undefined,
  titles: readonly string[],
  { reminders = false }: ResumeOptions,
): string => {
  const title = titles[occupation];
  if (title === undefined) {
    throw new ResumeError(`occupation of ${year}`, occupation, `is none of the ${titles.length} declared occupations.`);
  }
  if (LINE_BREAK.test(title)) throw new ResumeError(`title of ${year}`, title, 'has a line break.');
  if (reminders && title === SAME)
    throw new ResumeError(`title of ${year}`, title, 'says that somebody stays: rename it.');
  return titleAnswer(reminders && last?.occupation === occupation ? SAME : title);
};
