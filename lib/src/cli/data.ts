/** The data that a command works on: read with a model's own occupations, and the part of the persons that is asked for. */
import { resolve } from 'node:path';
import { partOf, readSurvey, surveyNameOf, type Career, type Part, type Survey } from '../careers';
import { ModelError, sameTitles, surveyPosition, type OccupationModel } from '../models';
import type { Arguments, Option } from './command';

export const DATA_OPTIONS = {
  data: { value: 'FILE', required: true, help: 'the survey, CSV or CSV.gz' },
  survey: {
    value: 'NAME',
    help:
      'which of the surveys that the model was fitted on this is; by default the only one, ' +
      'else the one that bears the name of the file',
  },
} as const satisfies Record<string, Option>;

export const SPLIT_OPTION = {
  value: 'PART',
  choices: ['train', 'validation', 'test', 'all'],
  help: 'whose careers: train, validation, test or all; by default test, or validation where the file has no test persons',
} as const satisfies Option;

/**
 * Reads --data as one of the surveys that the model was fitted on, with the occupations that it carries.
 *
 * @throws SurveyError for the file's faults, an undeclared occupation among them
 */
export const readForModel = async (model: OccupationModel, given: Arguments): Promise<Survey> => {
  const file = given.required('data');
  const declared = model.surveys[surveyOf(model, given)];
  if (declared === undefined) throw new ModelError(`The model "${model.name}" knows no survey.`);
  const survey = await readSurvey(file, { name: declared.survey, occupations: declared.titles, warn });
  // a column `survey` of the file has the last word on whose occupations apply
  for (const name of new Set(survey.careers.map((career) => career.survey))) {
    const own = model.surveys[surveyPosition(model.surveys, name)];
    if (own && sameTitles(own.titles, declared.titles)) continue;
    given.fail(
      `${file}: its column "survey" says "${name}", whose declared occupations are others than those of ` +
        `"${declared.survey}": give --survey "${name}", and each survey in a file of its own.`,
    );
  }
  return survey;
};

const surveyOf = (model: OccupationModel, given: Arguments): number => {
  const known = model.surveys.map(({ survey }) => survey);
  const name = given.text('survey');
  const ownName = surveyNameOf(given.required('data'));
  const position = name === undefined && known.length === 1 ? 0 : known.indexOf(name ?? ownName);
  if (position >= 0) return position;
  const names = known.map((survey) => `"${survey}"`).join(', ');
  return name === undefined
    ? given.fail(`The model was fitted on ${names}: say with --survey which of them ${given.required('data')} is.`)
    : given.fail(`--survey is "${name}": the model was fitted on ${names}.`);
};

/**
 * The careers of one part of the persons: the part asked for, or else test, or else validation.
 *
 * @throws ModelError if there are none
 */
export const careersOfPart = (
  survey: Survey,
  asked: string | undefined,
): { readonly split: string; readonly careers: readonly Career[] } => {
  const inPart = (part: Part) => survey.careers.filter((career) => partOf(career) === part);
  if (asked === 'all') return { split: asked, careers: survey.careers };
  for (const part of ['test', 'validation', 'train'] as const) {
    if (asked !== part && (asked !== undefined || part === 'train')) continue;
    const careers = inPart(part);
    if (careers.length > 0) return { split: part, careers };
  }
  const counts = (['train', 'validation', 'test'] as const).map((part) => `${inPart(part).length} ${part}`).join(', ');
  throw new ModelError(
    `The file has no ${asked ?? 'test or validation'} persons (${counts}; the split is by a hash of the id). ` +
      'Take another part, or --split all.',
    { asked },
  );
};

/** @throws UsageError if a file to be written is the one that is read. */
export const checkOutput = (given: Arguments, option: string): string | undefined => {
  const path = given.text(option);
  if (path !== undefined && resolve(path) === resolve(given.required('data'))) {
    given.fail(`--${option} would be written over the data: give another file.`);
  }
  return path;
};

export const warn = (line: string): void => void process.stderr.write(`${line}\n`);
