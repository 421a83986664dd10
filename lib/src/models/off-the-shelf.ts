/**
 * The base before any fine-tuning, asked by prompts alone: plain, with the allowed titles listed, or in context, behind
 * whole resumes of train persons (LABOR-LLM's off-the-shelf and in-context models). What it says beside the declared titles
 * is lost mass, which `keptMass` tells.
 */
import type { DeclaredOccupations, Survey } from '../careers';
import { loadDecoder } from '../decoder';
import { renderResume } from '../resumes';
import { Random } from '../support';
import { startBackend } from '../tensors';
import { ResumeTokenizer } from '../tokens';
import { pooledOccupations, surveyPosition } from './declared';
import { templateOfBase } from './fit-labor-llm';
import { NO_RATES, type FitLog, type FitOptions } from './fit';
import { LaborLlm, loadLaborLlm } from './labor-llm';
import { fittedFacts, hasModelCard } from './model-card';
import { ModelError } from './model-error';
import { settingsFrom } from './settings';
import { trainCareersBySurvey } from './train-careers';

const offTheShelfDefaults = {
  /** Whether the resume's header says the year of birth. */
  birthYear: true,
  /** Whether the allowed titles are listed before the resume. */
  titleList: false,
  /** Resumes of train persons before it. */
  examples: 0,
};

/** In-context: the same with examples. */
const inContextDefaults = { ...offTheShelfDefaults, examples: 3 };

/** Sets up the base with plain prompts, or with a list of titles (`config.titleList`). @throws ModelError without a base */
export const fitOffTheShelf = (surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, LaborLlm> =>
  setUp('off-the-shelf', offTheShelfDefaults, surveys, options);

/** Sets up the base with `config.examples` resumes, drawn by the seed, before each prompt. @throws ModelError without a base */
export const fitInContext = (surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, LaborLlm> =>
  setUp('in-context', inContextDefaults, surveys, options);

async function* setUp(
  name: string,
  defaults: typeof offTheShelfDefaults,
  surveys: readonly Survey[],
  options: FitOptions,
): AsyncGenerator<FitLog, LaborLlm> {
  const { base, folder, seed, resume = false, signal } = options;
  signal?.throwIfAborted();
  if (folder !== undefined && resume && (await hasModelCard(folder))) return loadLaborLlm(folder);
  const settings = settingsFrom(`The model ${name}`, defaults, options.config);
  if (!Number.isSafeInteger(settings.examples) || settings.examples < 0) {
    throw new ModelError(`Setting examples is ${settings.examples}: give a whole number from 0.`, {
      examples: settings.examples,
    });
  }
  if (base === undefined) {
    throw new ModelError(`The model ${name} is a base that was not fine-tuned: name one with --base DIR.`, { name });
  }
  const declared = pooledOccupations(surveys);
  const candidates = trainCareersBySurvey(surveys, declared).flat();
  const drawn = new Random(seed).shuffle([...candidates]).slice(0, settings.examples);
  if (drawn.length < settings.examples) {
    throw new ModelError(`There are ${drawn.length} train persons for ${settings.examples} examples.`, {
      examples: settings.examples,
    });
  }
  const { titles: written = {}, reminders = false } = await templateOfBase(base);
  const { birthYear } = settings;
  const resumes = drawn.map((career) => {
    const { titles } = declared[surveyPosition(declared, career.survey)] as DeclaredOccupations;
    return renderResume(
      career,
      career.observations,
      titles.map((title) => written[title] ?? title),
      { birthYear, reminders },
    );
  });
  const backend = await startBackend();
  const [decoder, tokenizer] = [await loadDecoder(base), await ResumeTokenizer.load(base)];
  const model = new LaborLlm(
    name,
    decoder,
    tokenizer,
    declared,
    { birthYear, reminders, titles: written, preface: { titleList: settings.titleList, resumes } },
    fittedFacts(surveys, options, backend.name),
    { settings, parameters: decoder.parameters.size, steps: 0, losses: [], validation: [], best: undefined },
  );
  if (folder !== undefined) await model.save(folder);
  yield {
    ...{ step: 1, steps: 1, epoch: 0, loss: NaN, ...NO_RATES },
    note: `nothing was fitted: the base is asked with ${settings.examples} resumes before each prompt`,
  };
  return model;
}
