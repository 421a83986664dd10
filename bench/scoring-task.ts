/** What the sides of the scoring benchmark are given: a model's folder, careers, and some prompts as tokens. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSurvey, splitSurvey, type Career, type Survey } from 'labor-llm/careers';
import { fitModel, loadModel, queriesOf, type LaborLlm, type Query } from 'labor-llm/models';
import { promptParts } from 'labor-llm/resumes';
import { ResumeTokenizer } from 'labor-llm/tokens';
import { madeUpSurvey } from './made-up-survey';

/** The prompts that all sides score all titles behind, as tokens; text begins with the token that ends a document. */
export interface ScoringTask {
  readonly prompts: readonly (readonly number[])[];
  /** [J] tokens of each title and its newline. */
  readonly titles: readonly (readonly number[])[];
}

/** A fitted model and the survey whose validation persons are scored; made up where none is given. */
export interface ScoringSource {
  readonly model: string;
  readonly data: string;
}

const seed = 1;
const careersScored = 4;

/** The careers that are scored: a few validation persons of nearly average length. */
const sampleOf = (survey: Survey): readonly Career[] => {
  const { careers } = splitSurvey(survey).validation;
  const mean = careers.reduce((sum, { observations }) => sum + observations.length, 0) / careers.length;
  const distance = ({ observations }: Career): number => Math.abs(observations.length - mean);
  return [...careers].sort((a, b) => distance(a) - distance(b)).slice(0, careersScored);
};

/** The survey, and the folder of the model: fitted for one step where none is given, since time does not depend on weights. */
const provide = async (folder: string, source?: ScoringSource): Promise<{ survey: Survey; model: string }> => {
  if (source !== undefined) return { survey: await readSurvey(source.data), model: source.model };
  const survey = madeUpSurvey(200, 344, 18); // as many titles and years as NLSY97 has
  const model = join(folder, 'model');
  const fit = fitModel('labor-llm', [survey], { folder: model, seed, steps: 1, config: { reminders: false } });
  for (;;) {
    const item = await fit.next();
    if (item.done !== true) continue;
    item.value.dispose();
    return { survey, model };
  }
};

/** Writes task.json and careers.json; gives the model's folder. */
export const writeScoringTask = async (folder: string, source?: ScoringSource): Promise<string> => {
  const { survey, model } = await provide(folder, source);
  const fitted = (await loadModel(model)) as LaborLlm;
  const { template } = fitted;
  if (template.reminders)
    throw new Error(`${model} answers "the same": fit the benchmark's model with --set reminders=false.`);
  const titles = fitted.surveys.find((one) => one.survey === survey.name)?.titles ?? [];
  fitted.dispose();
  const tokenizer = await ResumeTokenizer.load(model);
  const careers = sampleOf(survey);
  const encode = (query: Query): number[] => [
    tokenizer.endOfText,
    ...tokenizer.encodePrompt(promptParts(query, titles, template)).ids,
  ];
  // a quarter, half and three quarters of the way: on average as long as all of a career's prompts
  const prompts = careers.flatMap((career) => {
    const queries = queriesOf(career);
    return [0.25, 0.5, 0.75].map((share) => encode(queries[Math.floor(share * queries.length)] as Query));
  });
  const task: ScoringTask = { prompts: prompts.slice(0, 3), titles: tokenizer.encodeTitles(titles) };
  writeFileSync(join(folder, 'task.json'), JSON.stringify(task));
  writeFileSync(join(folder, 'careers.json'), JSON.stringify(careers));
  return model;
};
