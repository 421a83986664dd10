/** The surveys of published studies: the shipped panels, those of the synthetic market, and NLSY97 where one has its file. */
import { POPULATIONS, readSurvey, surveyOf, type PopulationName, type Survey } from '../careers';
import { dataPath } from './data-path';
import { drawnPersons } from './notebook-survey';
import type { ProfileName } from './profile';

const drawn = {
  'synthetic-psid81': 'psid81',
  'synthetic-nlsy79': 'nlsy79',
  'synthetic-nlsy97': 'nlsy97',
} as const satisfies Readonly<Record<string, PopulationName>>;

const shipped = ['young-women', 'young-men'] as const;

export type SurveySource = keyof typeof drawn | (typeof shipped)[number] | 'nlsy97';

export const surveySources: readonly SurveySource[] = [
  ...shipped,
  ...(Object.keys(drawn) as (keyof typeof drawn)[]),
  'nlsy97',
];

const isDrawn = (source: SurveySource): source is keyof typeof drawn => source in drawn;

/** What the survey of a source is called. */
export const sourceName = (source: SurveySource): string =>
  isDrawn(source) ? POPULATIONS[drawn[source]].survey : source;

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
  if (isDrawn(source)) return surveyOf(drawn[source], { persons: drawnPersons[size], seed });
  const path = source === 'nlsy97' ? nlsy97 : source;
  if (path === undefined) return undefined;
  const survey = await readSurvey(dataPath(path), { name: source });
  return size === 'smoke' ? { ...survey, careers: survey.careers.slice(0, MOST_IN_SMOKE) } : survey;
};
