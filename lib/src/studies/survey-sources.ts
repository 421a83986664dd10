/** The surveys of published studies: the shipped panels, those of the synthetic market, and NLSY97 where one has its file. */
import { POPULATIONS, readSurvey, type PopulationName, type Survey } from '../careers';
import { dataPath } from './data-path';
import { namedSurvey } from './notebook-survey';
import type { ProfileName } from './profile';

/** Where they come from, in the order of tables: what the market draws, the paper's own survey, the shipped panels. */
export const surveySources = [
  'synthetic-nlsy97',
  'synthetic-psid81',
  'synthetic-nlsy79',
  'nlsy97',
  'young-women',
  'young-men',
] as const;

export type SurveySource = (typeof surveySources)[number];

/** The drawn survey that notebooks run on, and the paper's own: those of the studies of notebooks 07 and 08. */
export const notebookSources: readonly SurveySource[] = ['synthetic-nlsy97', 'nlsy97'];

const DRAWN: Partial<Record<SurveySource, PopulationName>> = {
  'synthetic-nlsy97': 'nlsy97',
  'synthetic-psid81': 'psid81',
  'synthetic-nlsy79': 'nlsy79',
};

/** What the survey of a source is called. */
export const sourceName = (source: SurveySource): string => {
  const population = DRAWN[source];
  return population === undefined ? source : POPULATIONS[population].survey;
};

/** Of a file no more persons are taken in smoke. */
const MOST_IN_SMOKE = 300;

/**
 * The survey of a source, as large as the profile says; undefined for NLSY97 without its file.
 *
 * @param nlsy97 the path of NLSY97's file, which is not shipped
 * @throws SurveyError with the file's faults
 */
export const sourceSurvey = async (
  source: SurveySource,
  size: ProfileName,
  { seed, nlsy97 }: { readonly seed: number; readonly nlsy97?: string },
): Promise<Survey | undefined> => {
  const population = DRAWN[source];
  if (population !== undefined) return await namedSurvey(population, size, seed);
  const path = source === 'nlsy97' ? nlsy97 : source;
  if (path === undefined) return undefined;
  const survey = await readSurvey(dataPath(path), { name: source });
  return size === 'smoke' ? { ...survey, careers: survey.careers.slice(0, MOST_IN_SMOKE) } : survey;
};
