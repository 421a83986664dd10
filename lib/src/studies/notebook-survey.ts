/** The survey that a notebook is about, and the populations of the paper: drawn ones as large as the profile says. */
import { POPULATIONS, readSurvey, surveyOf, type MarketSettings, type PopulationName, type Survey } from '../careers';
import { dataPath } from './data-path';
import type { ProfileName } from './profile';

/** Persons drawn of each population. */
export const drawnPersons: Readonly<Record<ProfileName, number>> = { smoke: 300, classroom: 1000, published: 3000 };

export interface NotebookSurvey {
  readonly survey: Survey;
  /** What it is, in a sentence for the reader. */
  readonly description: string;
}

/**
 * The survey that a notebook runs on.
 *
 * @param source `synthetic` for the NLSY97-like survey of the synthetic market; else a shipped panel's name or a path
 * @param size   says how many persons are drawn; a survey from a file is always whole
 * @param seed   of the drawing
 * @throws StudyError where there is no such survey
 * @throws SurveyError with the file's faults
 */
export const notebookSurvey = async (source: string, size: ProfileName, seed = 1): Promise<NotebookSurvey> => {
  if (source === 'synthetic') {
    const survey = surveyOf('nlsy97', { persons: drawnPersons[size], seed });
    const description = `${survey.name}: careers drawn from a synthetic labor market; ${POPULATIONS.nlsy97.description}.`;
    return { survey, description };
  }
  const survey = await readSurvey(dataPath(source), { warn: (line) => console.log(line) });
  const what = survey.origin === undefined ? 'read from a file' : 'drawn from a synthetic labor market before';
  return { survey, description: `${survey.name}: careers ${what}.` };
};

/**
 * A survey by name: a population drawn as large as the profile says, or a shipped panel, which is always whole.
 *
 * @param settings of the market that a population is drawn from
 */
export const namedSurvey = (
  name: string,
  size: ProfileName,
  seed = 1,
  settings: Partial<MarketSettings> = {},
): Promise<Survey> =>
  name in POPULATIONS
    ? Promise.resolve(surveyOf(name as PopulationName, { persons: drawnPersons[size], seed, ...settings }))
    : readSurvey(dataPath(name), { warn: (line) => console.log(line) });

/** The three surveys and the resumes, each with as many persons and in this order. */
export const paperPopulations = (
  size: ProfileName,
  seed = 1,
  settings: Partial<MarketSettings> = {},
): Readonly<Record<PopulationName, Survey>> => {
  const draw = (population: PopulationName): Survey =>
    surveyOf(population, { persons: drawnPersons[size], seed, ...settings });
  return { psid81: draw('psid81'), nlsy79: draw('nlsy79'), nlsy97: draw('nlsy97'), resumes: draw('resumes') };
};
