/**
 * One point of the scaling curves, in a process of its own, printed as one line of JSON: fits LABOR-LLM for one pass over a
 * made-up survey into a folder, or answers for the validation persons with the model that was fitted there.
 *
 *   node --require tsx/cjs bench/scaling-point.ts fit|score FOLDER WIDTH PERSONS OCCUPATIONS
 */
import { splitSurvey, type Survey } from 'labor-llm/careers';
import { fitModel, loadModel, queriesOf } from 'labor-llm/models';
import { startBackend } from 'labor-llm/tensors';
import { madeUpSurvey } from './made-up-survey';

const fit = async (survey: Survey, folder: string, width: number): Promise<void> => {
  const inner = Math.ceil((8 * width) / 3 / 32) * 32;
  const config = { hidden_size: width, intermediate_size: inner, num_hidden_layers: 3, epochs: 1 };
  const logs = fitModel('labor-llm', [survey], { folder, seed: 1, config });
  for (;;) {
    const item = await logs.next();
    if (item.done === true) return item.value.dispose();
  }
};

/** The distribution over all occupations for every observation of the validation persons. */
const score = async (survey: Survey, folder: string): Promise<void> => {
  const model = await loadModel(folder);
  await model.distributions(splitSurvey(survey).validation.careers.flatMap((career) => queriesOf(career)));
  model.dispose();
};

const main = async ([what, folder, ...sizes]: readonly string[]): Promise<void> => {
  const [width, persons, occupations] = sizes.map(Number);
  if (folder === undefined || width === undefined || persons === undefined || occupations === undefined) {
    throw new Error('scaling-point.ts fit|score FOLDER WIDTH PERSONS OCCUPATIONS');
  }
  const survey = madeUpSurvey(persons, occupations, 12);
  await startBackend();
  const began = performance.now();
  await (what === 'fit' ? fit(survey, folder, width) : score(survey, folder));
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
};

void main(process.argv.slice(2));
