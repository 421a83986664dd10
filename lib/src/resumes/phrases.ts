/** The fixed wording that a tokenizer may take as single tokens. */
import type { Career } from '../careers';
import { END_OF_DATA, SAME, titleAnswer, WORDING, writeHeader, yearsAfter, yearsAs } from './template';
import type { ResumeOptions } from './render';

/**
 * The phrases of the template that occur in these careers' resumes, longest first, then the educations as prompts have
 * them (` (some college):`); with reminders the numbers of years and the answer of those who stay as well. A tokenizer that
 * takes each as one token shortens resumes by a fifth and changes no text.
 *
 * None begins or ends within a value, spans the colon before a title, or the newline after one: joined with any title
 * they leave its tokens alone, unless they stand in the title itself, which `ResumeTokenizer.train` looks after.
 */
export const templatePhrases = (careers: readonly Career[], options: ResumeOptions = {}): readonly string[] => {
  const headers = new Set<string>();
  const educations = new Set<string>();
  const years = new Set<string>();
  for (const career of careers) {
    headers.add(writeHeader(options.birthYear === false ? { ...career, birthYear: undefined } : career));
    let since = NaN;
    career.observations.forEach(({ education, year }, index) => {
      if (education !== undefined) educations.add(education);
      const last = career.observations[index - 1];
      if (last === undefined) return;
      if (career.observations[index - 2]?.occupation !== last.occupation) since = last.year;
      years.add(yearsAfter(year - last.year)).add(yearsAs({ year: last.year, since }));
    });
  }
  const text = [...headers].join('');
  const { worker, regionBefore, regionAfter, bornBefore, records } = WORDING;
  const beforeRecords = `.\n${records}\n`;
  const fixed = [
    WORDING.surveyBefore,
    `${WORDING.surveyAfter}\n${WORDING.about}`,
    worker + regionBefore,
    `${regionAfter}.\n${bornBefore}`,
    `${worker}.\n${bornBefore}`,
    regionAfter + beforeRecords,
    worker + beforeRecords,
    beforeRecords,
  ].filter((phrase) => text.includes(phrase));
  const inOrder = [...new Set(fixed)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const inBrackets = [...educations].sort().map((education) => ` (${education})`);
  if (!options.reminders) return [...inOrder, END_OF_DATA, ...inBrackets.map((education) => `${education}:`)];
  return [
    ...inOrder,
    END_OF_DATA,
    ...inBrackets.map((education) => (options.birthYear === false ? education : education + WORDING.aged)),
    ...[...years].sort(),
    titleAnswer(SAME),
  ];
};

/** Titles that a tokenizer may take as single tokens, with the space before them. */
export const titlePhrases = (titles: readonly string[]): readonly string[] =>
  titles.filter((title) => !title.includes(': ')).map((title) => ` ${title}`);
