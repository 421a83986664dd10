/**
 * Titles that nobody has heard of, for a foundation to meet: what a title is called is then in the resumes before, or in
 * the years before, and nowhere else, so that it learns to look there.
 */
import type { Random } from '../support';

const LONGEST = 4;
const JOINTS = [' ', ' ', ' ', ' ', ' ', ', ', ' and '];

const inventTitle = (words: readonly string[], random: Random): string => {
  let title = '';
  for (let count = 1 + random.integer(LONGEST); count > 0; count--) {
    if (title !== '') title += random.pick(JOINTS);
    title += random.pick(words);
  }
  return title.charAt(0).toUpperCase() + title.slice(1);
};

/** Fewest and most titles of a coarser list. */
const [FEWEST, MOST] = [2, 20];

/**
 * The titles called otherwise: half of the time none, all or a share of them that the draw decides; half of the time all of
 * them, by a list so much coarser that other persons have had the same, whose resumes then say what there is to be.
 *
 * @param words that an invented title is of: one to four
 */
export const inventTitles = (titles: readonly string[], words: readonly string[], random: Random): string[] => {
  if (random.integer(2) === 0) {
    const count = FEWEST + random.integer(MOST - FEWEST + 1);
    const coarser = Array.from({ length: count }, () => inventTitle(words, random));
    return titles.map(() => random.pick(coarser));
  }
  const share = Math.max(0, 1.5 * random.uniform() - 0.25);
  return titles.map((title) => (random.uniform() < share ? inventTitle(words, random) : title));
};

const LIST_HEADINGS = [
  'Trades',
  'Vacancies',
  'Index',
  'Glossary',
  'All positions',
  'Kinds of work',
  'Names of jobs',
  '',
];
const LIST_HEADING_ENDS = [':\n', '\n', '\n\n', ' = ', '\n---\n'];
const ITEM_MARKS: readonly (readonly [before: string, after: string])[] = [
  ...[['- ', '\n'] as const, ['* ', '\n'] as const, ['', '\n'] as const, ['', '; '] as const, ['| ', ' |\n'] as const],
  ...[['"', '" '] as const, ['> ', '\n'] as const, ['[', '] '] as const],
];

/** A list of titles, as a glossary before the resumes that use them; its layout is drawn. */
export const listOfTitles = (titles: readonly string[], random: Random): string => {
  const heading = random.pick(LIST_HEADINGS);
  const headingEnd = random.pick(LIST_HEADING_ENDS);
  const [before, after] = random.pick(ITEM_MARKS);
  return `${heading === '' ? '' : heading + headingEnd}${titles.map((title) => before + title + after).join('')}`;
};
