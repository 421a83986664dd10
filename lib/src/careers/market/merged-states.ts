/** The market's states of not working as NLSY97 records them, which tells no more than two of them apart. */
import type { OccupationIndex, Survey } from '../survey';
import type { STATES } from './occupations';

const MERGED = {
  'In education': 'In school',
  'Not in labor force': 'Not working',
  Unemployed: 'Not working',
} as const satisfies Readonly<Record<(typeof STATES)[number], string>>;

/** NLSY97's states. */
export const MERGED_STATES: readonly string[] = [...new Set(Object.values(MERGED))];

/** A title of the market as NLSY97 has it. */
export const mergedTitle = (title: string): string => (MERGED as Readonly<Record<string, string>>)[title] ?? title;

/**
 * A drawn survey with NLSY97's states: the careers are the same, but what was assumed in drawing one state apart
 * from another is not in them any more. The oracle knows only the market's own states, so the survey's origin is left out.
 */
export const withMergedStates = ({ name, occupations, careers }: Survey): Survey => {
  const titles = [...new Set(occupations.map(mergedTitle))];
  const indexOf = new Map(titles.map((title, index) => [title, index as OccupationIndex]));
  const inMerged = occupations.map((title) => indexOf.get(mergedTitle(title)) as OccupationIndex);
  return {
    name,
    occupations: titles,
    careers: careers.map((career) => ({
      ...career,
      observations: career.observations.map((one) => ({
        ...one,
        occupation: inMerged[one.occupation] as OccupationIndex,
      })),
    })),
  };
};
