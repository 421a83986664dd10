/**
 * The wording of a resume, to the character, and its reading back: the one place that knows it.
 *
 * Our reconstruction of the template of LABOR-LLM (arXiv 2406.17972): the article gives it as a figure that could not
 * be consulted, and the wording rests on recollection and on a public replication that agrees with it.
 *
 *     <A worker from the PSID dataset>
 *     The following information is available about the work history of a female white US worker residing in the south region.
 *     The worker was born in 1963.
 *     The worker has the following records of work experience, one entry per line, including year, education level, and the job title:
 *     1984 (some college): Cooks
 *     <END OF DATA>
 *
 * What is missing is left out or said to be unrecorded, always so that the text tells the cases apart.
 *
 * With reminders, which are ours, an entry says the age as well, the last job, for how many years it was and how many have
 * passed since, and the last other job before; and staying has an answer of its own:
 *
 *     1987 (some college), aged 24, 1 year after 3 years as Cooks, formerly Cashiers: the same
 */
import type { Covariates } from '../careers';

/** The last line, without a newline after it. */
export const END_OF_DATA = '<END OF DATA>';

/** The fixed wording around the covariates, in the order in which it stands. */
export const WORDING = {
  surveyBefore: '<A worker from the',
  surveyAfter: ' dataset>',
  about: 'The following information is available about the work history of a',
  worker: ' US worker',
  noEthnicity: ' of unrecorded ethnicity',
  noSex: ' of unrecorded sex',
  regionBefore: ' residing in the',
  regionAfter: ' region',
  bornBefore: 'The worker was born in',
  aged: ', aged',
  records:
    'The worker has the following records of work experience, one entry per line, ' +
    'including year, education level, and the job title:',
} as const;

/** An entry of a resume as text has it: no list of occupations is needed to read it. */
export interface ResumeEntry {
  readonly year: number;
  /** undefined where missing. */
  readonly education: string | undefined;
  readonly title: string;
}

/** The lines above the entries, the last newline included. */
export const writeHeader = ({ survey, sex, ethnicity, region, birthYear }: Covariates): string => {
  const unrecorded = sex === undefined ? WORDING.noSex : WORDING.noEthnicity;
  const about = [
    sex === undefined ? '' : ` ${sex}`,
    ethnicity === undefined ? '' : ` ${ethnicity}`,
    WORDING.worker,
    (sex === undefined) === (ethnicity === undefined) ? '' : unrecorded,
    region === undefined ? '' : `${WORDING.regionBefore} ${region}${WORDING.regionAfter}`,
  ].join('');
  const born = birthYear === undefined ? '' : `${WORDING.bornBefore} ${birthYear}.\n`;
  return `${WORDING.surveyBefore} ${survey}${WORDING.surveyAfter}\n${WORDING.about}${about}.\n${born}${WORDING.records}\n`;
};

/** What a reminder says of the entry before. */
export interface LastEntry {
  readonly year: number;
  readonly title: string;
  /** The first year of those in a row with this title. */
  readonly since: number;
  /** The last other title before it, where there is one. */
  readonly former: string | undefined;
}

/** What an entry says with reminders: the age and the last entry, as far as they are known. */
export interface Reminder {
  readonly birthYear: number | undefined;
  readonly last: LastEntry | undefined;
}

/** What the last other title follows. */
export const FORMERLY = ', formerly';

/** The answer, with reminders, of those who stay. */
export const SAME = 'the same';

const inYears = (years: number): string => `${years} ${years === 1 ? 'year' : 'years'}`;

/** `, 1 year after` */
export const yearsAfter = (years: number): string => `, ${inYears(years)} after`;

/** ` 3 years as`, which the last title follows. */
export const yearsAs = ({ year, since }: Pick<LastEntry, 'year' | 'since'>): string =>
  ` ${inYears(year - since + 1)} as`;

/** What the entry behind this one is reminded of. @param before the same of this one */
export const lastEntry = (
  { year, title }: Omit<LastEntry, 'since' | 'former'>,
  before: LastEntry | undefined,
): LastEntry => ({
  year,
  title,
  since: before?.title === title ? before.since : year,
  former: before?.title === title ? before.former : before?.title,
});

const remind = (year: number, { birthYear, last }: Reminder): string => {
  const age = birthYear === undefined ? '' : `${WORDING.aged} ${year - birthYear}`;
  if (last === undefined) return age;
  const former = last.former === undefined ? '' : `${FORMERLY} ${last.former}`;
  return `${age}${yearsAfter(year - last.year)}${yearsAs(last)} ${last.title}${former}`;
};

/** Nothing, as in the paper's template. */
const NO_REMINDER: Reminder = { birthYear: undefined, last: undefined };

/** What an entry begins with, up to the colon after which the title follows. */
export const entryPrompt = (year: number, education: string | undefined, reminder = NO_REMINDER): string =>
  `${year}${education === undefined ? '' : ` (${education})`}${remind(year, reminder)}:`;

/** A title with the space before it and the newline that ends it: "Cooks" is then no prefix of "Cooks, private". */
export const titleAnswer = (title: string): string => ` ${title}\n`;

/** The titles that are allowed, a line each: what a decoder that was not fine-tuned may be told before a resume. */
export const titleList = (titles: readonly string[]): string =>
  `The job title is one of the following:\n${titles.map((title) => `- ${title}\n`).join('')}`;

/** The covariates of the header's lines (three, or four with a birth year), or the number of the first unreadable one. */
export const readHeader = (lines: readonly string[]): Covariates | number => {
  const survey = between(lines[0], `${WORDING.surveyBefore} `, WORDING.surveyAfter);
  if (survey === undefined) return 1;
  const about = between(lines[1], WORDING.about, '.');
  const who = about === undefined ? undefined : readWho(about);
  if (who === undefined) return 2;
  const born = lines.length > 3 ? between(lines[2], `${WORDING.bornBefore} `, '.') : undefined;
  if (lines.length > 3 && (born === undefined || !/^\d+$/.test(born))) return 3;
  if (lines.at(-1) !== WORDING.records) return lines.length;
  return { survey, ...who, birthYear: born === undefined ? undefined : Number(born) };
};

/** What an entry's line says, undefined where it is none; an education ends where the rest of the prompt follows first. */
export const readEntry = (line: string, reminder = NO_REMINDER): ResumeEntry | undefined => {
  const [digits] = /^\d+/u.exec(line) ?? [];
  if (digits === undefined) return undefined;
  const year = Number(digits);
  const rest = line.slice(digits.length);
  const after = `${remind(year, reminder)}: `;
  const title = (from: number): string => titleOf(rest.slice(from), reminder);
  if (rest.startsWith(after)) return { year, education: undefined, title: title(after.length) };
  const end = rest.indexOf(`)${after}`);
  if (!rest.startsWith(' (') || end < 0) return undefined;
  return { year, education: rest.slice(2, end), title: title(end + 1 + after.length) };
};

const titleOf = (answer: string, { last }: Reminder): string =>
  last !== undefined && answer === SAME ? last.title : answer;

/** " female white US worker residing in the south region" to its parts. */
const readWho = (about: string): Pick<Covariates, 'sex' | 'ethnicity' | 'region'> | undefined => {
  const residing = about.lastIndexOf(`${WORDING.regionBefore} `);
  const region =
    residing < 0 ? undefined : between(about.slice(residing), `${WORDING.regionBefore} `, WORDING.regionAfter);
  const who = region === undefined ? about : about.slice(0, residing);
  const { worker, noEthnicity, noSex } = WORDING;
  if (who === worker) return { sex: undefined, ethnicity: undefined, region };
  const sexOnly = between(who, ' ', worker + noEthnicity);
  if (sexOnly !== undefined) return { sex: sexOnly, ethnicity: undefined, region };
  const ethnicityOnly = between(who, ' ', worker + noSex);
  if (ethnicityOnly !== undefined) return { sex: undefined, ethnicity: ethnicityOnly, region };
  const [, sex, ethnicity] = /^([^ ]*) (.*)$/su.exec(between(who, ' ', worker) ?? '') ?? [];
  return sex === undefined || ethnicity === undefined ? undefined : { sex, ethnicity, region };
};

/** The text between a beginning and an end that do not overlap, undefined where they do not stand there. */
const between = (text: string | undefined, before: string, after: string): string | undefined =>
  text !== undefined && text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
    ? text.slice(before.length, text.length - after.length)
    : undefined;
