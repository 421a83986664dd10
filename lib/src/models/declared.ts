/** The declared occupations that a model carries: those of each survey it was fitted on. */
import { declaredOccupations, type DeclaredOccupations, type OccupationIndex, type Survey } from '../careers';
import { ModelError } from './model-error';
import type { Query } from './occupation-model';

/**
 * The declared occupations of all surveys, one entry a survey name, by name.
 *
 * @throws ModelError if two surveys of the same name declare different occupations.
 */
export const pooledOccupations = (surveys: readonly Survey[]): readonly DeclaredOccupations[] => {
  const byName = new Map<string, DeclaredOccupations>();
  for (const declared of surveys.flatMap((survey) => declaredOccupations(survey))) {
    const known = byName.get(declared.survey);
    if (known !== undefined && !sameTitles(known.titles, declared.titles)) {
      throw new ModelError(
        `Two of the surveys are called "${declared.survey}" and declare different occupations ` +
          `(${known.titles.length} and ${declared.titles.length}): give each a name of its own.`,
        { survey: declared.survey },
      );
    }
    byName.set(declared.survey, declared);
  }
  return [...byName.values()].sort((a, b) => (a.survey < b.survey ? -1 : 1));
};

export const sameTitles = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((title, index) => title === b[index]);

/**
 * Where in `surveys` the survey of this name is.
 *
 * @throws ModelError if it is not there.
 */
export const surveyPosition = (surveys: readonly DeclaredOccupations[], name: string): number => {
  const position = surveys.findIndex(({ survey }) => survey === name);
  if (position >= 0) return position;
  const known = surveys.map(({ survey }) => survey);
  throw new ModelError(
    `The survey "${name}" is not one that the model was fitted on (${known.map((title) => `"${title}"`).join(', ')}), ` +
      'so its occupations are unknown.',
    { survey: name, known },
  );
};

/**
 * Where in `surveys` the query's survey is.
 *
 * @throws ModelError if the model was not fitted on it, or if the query's history has an occupation outside its list.
 */
export const surveyOfQuery = (surveys: readonly DeclaredOccupations[], query: Query): number => {
  const position = surveyPosition(surveys, query.covariates.survey);
  for (const { occupation } of query.history) checkOccupation(surveys[position] as DeclaredOccupations, occupation);
  return position;
};

/** @throws ModelError unless the index points into the declared titles. */
export const checkOccupation = ({ survey, titles }: DeclaredOccupations, occupation: OccupationIndex): void => {
  if (titles[occupation] !== undefined) return;
  throw new ModelError(
    `Occupation number ${occupation} is not among the ${titles.length} that the survey "${survey}" declares ` +
      `(0 to ${titles.length - 1}). Read the data with the model's own list.`,
    { survey, occupation, declared: titles.length },
  );
};
