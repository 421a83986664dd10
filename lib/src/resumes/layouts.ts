/**
 * Careers in other words than the survey's template: resumes as people write them, each in a layout that is drawn from
 * millions, for a foundation to read before it has seen any survey. They say year, education and region, and neither sex nor
 * ethnicity, as the resumes that CAREER was pre-trained on (Vafa et al. 2024, arXiv 2202.08370).
 */
import type { Covariates } from '../careers';
import type { Random } from '../support';
import type { ResumeObservation } from './render';

/** Years in a row in one occupation, as one job. */
interface Spell {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  /** That of the first of its years. */
  readonly education: string | undefined;
}

/** A fact about the person, a line of its own. */
interface FactLine {
  readonly label: string;
  readonly between: string;
  readonly atEnd: boolean;
}

/** How a resume is written; what may be left out is undefined. */
export interface Layout {
  readonly heading: string;
  readonly region: FactLine | undefined;
  /** Of the highest education that is known. */
  readonly education: FactLine | undefined;
  /** Whether years in a row in one occupation are one entry. */
  readonly spells: boolean;
  readonly latestFirst: boolean;
  /** What stands before an entry; `#` is its number. */
  readonly bullet: string;
  /** Before the first year of an entry, between it and the last one, and behind. */
  readonly date: readonly [before: string, between: string, after: string];
  readonly titleFirst: boolean;
  /** Between date and title. */
  readonly between: string;
  /** Around an education that stands behind the date. */
  readonly educationMarks: readonly [before: string, after: string] | undefined;
  readonly lowerCase: boolean;
  readonly end: string;
}

const HEADINGS = [
  ...[
    'Resume',
    'Work experience',
    'Experience',
    'Jobs',
    'Jobs held',
    'Career',
    'Employment history',
    'Curriculum vitae',
  ],
  ...[
    'Positions',
    'Occupations',
    'Record of employment',
    'What I have done',
    'Background',
    'Work',
    'History',
    'Profile',
  ],
];
const HEADING_ENDS = ['\n', ':\n', '\n\n', '\n---\n', '.\n', ' >>\n'];
const REGION_LABELS = ['Location', 'Region', 'Area', 'Lives in', 'Place', 'From the', 'Based in the', 'where'];
const EDUCATION_LABELS = [
  'Education',
  'Degree',
  'Highest education',
  'Schooling',
  'Finished with',
  'Studies',
  'learned',
];
const LABEL_ENDS = [': ', ' ', ' - ', ' = ', '; ', '\t', ' | '];
const BULLETS = ['', '', '', '', '- ', '* ', '+ ', '> ', '  ', '\t', '| ', '#. ', '#) ', '[#] '];
const YEARS: readonly Layout['date'][] = [
  ...[0, 1, 2, 3].map(() => ['', '-', ''] as const),
  ...[['in ', ' to ', ''] as const, ['', ' to ', ''] as const, ['year ', ' until ', ''] as const],
  ...[['[', '-', ']'] as const, ['(', '-', ')'] as const, ['from ', ' until ', ''] as const],
  ...[['', ' / ', ''] as const, ['', ' through ', ''] as const, ['<', '..', '>'] as const],
];
const BETWEEN = [' ', ', ', ' - ', '; ', ' | ', '\t', ' = ', ' -> ', ' / ', ';', '\n  ', ' as ', ' I was: ', ' ... '];
/** Behind a title a colon cannot be taken for the survey's template. */
const BETWEEN_TITLE_FIRST = [...BETWEEN, ': ', ' (from) ', ', since '];
const EDUCATION_MARKS: readonly (readonly [string, string])[] = [
  ...[[' [', ']'] as const, [' (', ')'] as const, [', ', ''] as const, [' with ', ''] as const, ['; ', ''] as const],
  ...[[' <', '>'] as const, [' / ', ''] as const, [' | ', ''] as const],
];
const ENDS = ['\n', '\n', '\n', '\n', '\n', '.\n', ';\n', '\n\n', ' |\n', '; ', '. '];

const drawFact = (random: Random, labels: readonly string[]): FactLine | undefined => {
  const [label, between] = [random.pick(labels), random.pick(LABEL_ENDS)];
  const [isSaid, atEnd] = [random.integer(3) > 0, random.integer(3) === 0];
  return isSaid ? { label, between, atEnd } : undefined;
};

/** A layout, each of whose parts is drawn by itself. None writes a line as the survey's template does. */
export const drawLayout = (random: Random): Layout => {
  const titleFirst = random.integer(4) === 0;
  const heading = random.integer(5) === 0 ? '' : random.pick(HEADINGS) + random.pick(HEADING_ENDS);
  const [region, education] = [drawFact(random, REGION_LABELS), drawFact(random, EDUCATION_LABELS)];
  const [spells, latestFirst] = [random.integer(2) === 0, random.integer(4) === 0];
  const [bullet, date] = [random.pick(BULLETS), random.pick(YEARS)];
  const between = random.pick(titleFirst ? BETWEEN_TITLE_FIRST : BETWEEN);
  const marks = random.pick(EDUCATION_MARKS);
  const educationMarks = random.integer(3) === 0 ? marks : undefined;
  const [lowerCase, end] = [random.integer(8) === 0, random.pick(ENDS)];
  return {
    ...{ heading, region, education, spells, latestFirst, bullet, date, titleFirst, between },
    ...{ educationMarks, lowerCase, end },
  };
};

const spellsOf = (years: readonly Spell[]): Spell[] => {
  const spells: Spell[] = [];
  for (const year of years) {
    const last = spells.at(-1);
    if (last?.title === year.title && year.from === last.to + 1) spells[spells.length - 1] = { ...last, to: year.to };
    else spells.push(year);
  }
  return spells;
};

const lower = (title: string): string => title.charAt(0).toLowerCase() + title.slice(1);

const writeEntry = (layout: Layout, { from, to, title, education }: Spell, number: number): string => {
  const [before, between, after] = layout.date;
  const [mark, endMark] = education === undefined ? ['', ''] : (layout.educationMarks ?? ['', '']);
  const known = layout.educationMarks === undefined ? '' : (education ?? '');
  const date = `${before}${from === to ? from : `${from}${between}${to}`}${after}${mark}${known}${endMark}`;
  const job = layout.lowerCase ? lower(title) : title;
  const [first, second] = layout.titleFirst ? [job, date] : [date, job];
  return `${layout.bullet.replace('#', String(number))}${first}${layout.between}${second}${layout.end}`;
};

/** A career in a layout. @throws RangeError for an occupation without a title */
export const layoutResume = (
  layout: Layout,
  { region }: Pick<Covariates, 'region'>,
  observations: readonly ResumeObservation[],
  titles: readonly string[],
): string => {
  const years = observations.map(({ year, education, occupation }): Spell => {
    const title = titles[occupation];
    if (title === undefined) throw new RangeError(`occupation ${occupation} is none of the ${titles.length} declared.`);
    return { from: year, to: year, title, education };
  });
  const entries = layout.spells ? spellsOf(years) : years;
  const facts = [
    [layout.region, region] as const,
    [layout.education, years.flatMap((entry) => entry.education ?? []).at(-1)] as const,
  ].flatMap(([fact, value]) => (fact === undefined || value === undefined ? [] : [{ ...fact, value }]));
  const lines = (atEnd: boolean): string =>
    facts
      .filter((fact) => fact.atEnd === atEnd)
      .map(({ label, between, value }) => `${label}${between}${value}\n`)
      .join('');
  const written = (layout.latestFirst ? [...entries].reverse() : entries).map((entry, index) =>
    writeEntry(layout, entry, index + 1),
  );
  const jobs = written.join('');
  const isOpen = !jobs.endsWith('\n');
  return `${layout.heading}${lines(false)}${jobs}${isOpen ? '\n' : ''}${lines(true)}`;
};
