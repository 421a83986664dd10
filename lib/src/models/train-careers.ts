/** The persons that a model is fitted on, and those that choose its checkpoint. */
import { splitSurvey, type Career, type DeclaredOccupations, type Survey } from '../careers';
import { ModelError } from './model-error';

/**
 * The train persons' careers of all surveys.
 *
 * @throws ModelError if there is none.
 */
export const trainCareers = (surveys: readonly Survey[]): readonly Career[] => {
  const careers = surveys.flatMap((survey) => splitSurvey(survey).train.careers);
  if (careers.length > 0) return careers;
  throw new ModelError('There is no train person to fit on: none whose crc32(person_id) % 100 is below 70.');
};

/** The train persons' careers, an entry a declared survey. @throws as trainCareers */
export const trainCareersBySurvey = (
  surveys: readonly Survey[],
  declared: readonly DeclaredOccupations[],
): readonly (readonly Career[])[] => {
  const careers = trainCareers(surveys);
  return declared.map(({ survey }) => careers.filter((career) => career.survey === survey));
};

/** The validation persons' careers of all surveys; there may be none. */
export const validationCareers = (surveys: readonly Survey[]): readonly Career[] =>
  surveys.flatMap((survey) => splitSurvey(survey).validation.careers);
