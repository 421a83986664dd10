/**
 * Careers in other words than the survey's template: resumes as people write them, in several layouts, for a foundation to
 * read before it has seen any survey. They say year, education and region, and neither sex nor ethnicity, as the resumes
 * that CAREER was pre-trained on (Vafa et al. 2024, arXiv 2202.08370).
 */
import type { Covariates } from '../careers';
import type { Random } from '../support';
import type { ResumeObservation } from './render';

/** Years in a row in one occupation. */
interface Spell {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

interface Facts {
  readonly region: string | undefined;
  /** The last that is known. */
  readonly education: string | undefined;
  readonly years: readonly { readonly year: number; readonly title: string; readonly education: string | undefined }[];
  readonly spells: readonly Spell[];
}

const spellsOf = (years: Facts['years']): Spell[] => {
  const spells: Spell[] = [];
  for (const { year, title } of years) {
    const last = spells.at(-1);
    if (last?.title === title && year === last.to + 1) spells[spells.length - 1] = { ...last, to: year };
    else spells.push({ from: year, to: year, title });
  }
  return spells;
};

const span = ({ from, to }: Spell, between: string): string => (from === to ? `${from}` : `${from}${between}${to}`);

const line = (label: string, value: string | undefined): string => (value === undefined ? '' : `${label}: ${value}\n`);

const lower = (title: string): string => title.charAt(0).toLowerCase() + title.slice(1);

const layouts: readonly ((facts: Facts) => string)[] = [
  ({ region, education, years }) =>
    `Resume\n${line('Location', region)}${line('Education', education)}Experience, year by year\n` +
    years.map(({ year, title }) => `${year} - ${title}\n`).join(''),
  ({ region, education, spells }) =>
    `Work experience\n${spells.map((spell) => `${spell.title}\n  ${span(spell, ' to ')}\n`).join('')}` +
    `${line('Degree', education)}${line('Region', region)}`,
  ({ education, spells }) =>
    `Jobs, the latest first\n${[...spells]
      .reverse()
      .map((spell) => `* ${spell.title}\n  since ${spell.from}, until ${spell.to}\n`)
      .join('')}${line('Highest education', education)}`,
  ({ region, years }) =>
    `year;schooling;job${region === undefined ? '' : ` in the ${region}`}\n` +
    years.map(({ year, title, education }) => `${year};${education ?? ''}; ${title}\n`).join(''),
  ({ region, education, spells }) =>
    `${region === undefined ? 'Somebody' : `Somebody in the ${region}`}${education === undefined ? '' : ` with ${education}`} ` +
    `had these jobs.${spells.map((spell) => ` In ${span(spell, ' until ')}: ${lower(spell.title)}.`).join('')}\n`,
  ({ education, years }) =>
    `Curriculum vitae\n${years
      .map(({ year, title, education: then }, index) => {
        const learnt = then !== undefined && then !== years[index - 1]?.education ? `[${then}]\n` : '';
        return `${learnt}${year}\t ${title}\n`;
      })
      .join('')}${education === undefined ? '' : `Finished with ${education}.\n`}`,
];

/** A career in a layout that is drawn at random. @throws RangeError for an occupation without a title */
export const layoutResume = (
  { region }: Pick<Covariates, 'region'>,
  observations: readonly ResumeObservation[],
  titles: readonly string[],
  random: Random,
): string => {
  const years = observations.map(({ year, education, occupation }) => {
    const title = titles[occupation];
    if (title === undefined) throw new RangeError(`occupation ${occupation} is none of the ${titles.length} declared.`);
    return { year, title, education };
  });
  const education = years.flatMap((entry) => entry.education ?? []).at(-1);
  const layout = layouts[random.integer(layouts.length)] as (typeof layouts)[number];
  return layout({ region, education, years, spells: spellsOf(years) });
};
