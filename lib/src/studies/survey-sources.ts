/** The surveys of published studies: the shipped panels, one of the synthetic market, and NLSY97 where one has its file. */
import { POPULATIONS, readSurvey, surveyOf, type Survey } from '../careers';
import { dataPath } from './data-path';
import { drawnPersons } from './notebook-survey';
import type { ProfileName } from './profile';

export type SurveySource = 'young-women' | 'young-men' | 'synthetic-nlsy97' | 'nlsy97';

const DRAWN: SurveySource = 'synthetic-nlsy97';

/** What the survey of a source is called. */
export const sourceName = (source: SurveySource): string => (source === DRAWN ? POPULATIONS.nlsy97.survey : source);

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
  if (source === DRAWN) return surveyOf('nlsy97', { persons: drawnPersons[size], seed });
  const path = source === 'nlsy97' ? nlsy97 : source;
  if (path === undefined) return undefined;
  const survey = await readSurvey(dataPath(path), { name: source });
  return size === 'smoke' ? { ...survey, careers: survey.careers.slice(0, MOST_IN_SMOKE) } : survey;
};
