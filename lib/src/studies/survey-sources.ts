/** The surveys of published studies: the shipped panels, those of the synthetic market, and NLSY97 where one has its file. */
import { POPULATIONS, readSurvey, type MarketSettings, type PopulationName, type Survey } from '../careers';
import { dataPath } from './data-path';
import { namedSurvey } from './notebook-survey';
import type { ProfileName } from './profile';

/**
 * Where they come from, in the order of tables: what the market draws, once also in its second form, the paper's own survey,
 * the shipped panels. What is found of the models' order on drawn careers holds only as far as both forms agree.
 */
export const surveySources = [
  'synthetic-nlsy97',
  'synthetic-psid81',
  'synthetic-nlsy79',
  'synthetic-nlsy97-distance',
  'nlsy97',
  'young-women',
  'young-men',
] as const;

export type SurveySource = (typeof surveySources)[number];

/** Those that a question is asked on once: without the market's second form, which is for the models' order. */
export const firstFormSources: readonly SurveySource[] = surveySources.filter(
  (source) => source !== 'synthetic-nlsy97-distance',
);

/** What is asked on few surveys, or shown of few side by side: the drawn survey that notebooks run on, and all real ones. */
export const askedSources: readonly SurveySource[] = ['synthetic-nlsy97', 'nlsy97', 'young-women', 'young-men'];

const DRAWN: Partial<
  Record<SurveySource, { readonly population: PopulationName; readonly form?: MarketSettings['form'] }>
> = {
  'synthetic-nlsy97': { population: 'nlsy97' },
  'synthetic-psid81': { population: 'psid81' },
  'synthetic-nlsy79': { population: 'nlsy79' },
  'synthetic-nlsy97-distance': { population: 'nlsy97', form: 'distance' },
};

/** The survey under another name, of which resumes and titles are told apart. */
const named = (survey: Survey, name: string): Survey => ({
  ...survey,
  name,
  careers: survey.careers.map((career) => ({ ...career, survey: name })),
});

/** What the survey of a source is called. */
export const sourceName = (source: SurveySource): string => {
  const drawn = DRAWN[source];
  if (drawn === undefined) return source;
  const { survey } = POPULATIONS[drawn.population];
  return drawn.form === undefined ? survey : `${survey} of another form`;
};

/**
 * What a notebook shows of published results beside its own: those of the same survey, where it is one of these, else of
 * the drawn survey; and those of the paper's own.
 */
export const sourcesBeside = (survey: string): readonly SurveySource[] => {
  const own = surveySources.find((source) => sourceName(source) === survey) ?? 'synthetic-nlsy97';
  return [...new Set<SurveySource>([own, 'nlsy97'])];
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
  const drawn = DRAWN[source];
  if (drawn !== undefined) {
    const { population, ...form } = drawn;
    const survey = await namedSurvey(population, size, seed, form);
    const name = sourceName(source);
    return name === survey.name ? survey : named(survey, name);
  }
  const path = source === 'nlsy97' ? nlsy97 : source;
  if (path === undefined) return undefined;
  const survey = await readSurvey(dataPath(path), { name: source });
  return size === 'smoke' ? { ...survey, careers: survey.careers.slice(0, MOST_IN_SMOKE) } : survey;
};
