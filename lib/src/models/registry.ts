/** The models by name, each with how it is fitted and loaded. A new model is a file and a line here. */
import { join } from 'node:path';
import type { Survey } from '../careers';
import { projectFolder } from '../support';
import type { CareerName } from './career-settings';
import type { FitLog, FitOptions } from './fit';
import { LaggedEducation, withLaggedEducation } from './lagged-education';
import { hasModelCard, readModelCard } from './model-card';
import { ModelError } from './model-error';
import type { OccupationModel } from './occupation-model';

interface Entry {
  readonly fit: (surveys: readonly Survey[], options: FitOptions) => AsyncGenerator<FitLog, OccupationModel>;
  readonly load: (folder: string) => Promise<OccupationModel>;
  /** What a fit can start from as `options.base`: a checkpoint that has read text, or another CAREER. */
  readonly base?: 'text' | 'career';
}

/** A model that reads text, from nothing or from a base. */
const textEntry = async (fitOf: () => Promise<Entry['fit']>): Promise<Entry> => {
  const [fit, { loadLaborLlm }] = await Promise.all([fitOf(), import('./labor-llm.js')]);
  return { fit, load: loadLaborLlm, base: 'text' };
};

const careerEntry = async (name: CareerName): Promise<Entry> => {
  const [{ fitCareer }, { loadCareer }] = await Promise.all([import('./fit-career.js'), import('./career.js')]);
  return { fit: (surveys, options) => fitCareer(name, surveys, options), load: loadCareer, base: 'career' };
};

/** Each in a function of its own, so that a model's dependencies (TensorFlow) load when it is used and not before. */
const entries = {
  'labor-llm': () => textEntry(async () => (await import('./fit-labor-llm.js')).fitLaborLlm),
  numeric: () => textEntry(async () => (await import('./fit-labor-llm.js')).fitNumeric),
  'off-the-shelf': () => textEntry(async () => (await import('./off-the-shelf.js')).fitOffTheShelf),
  'in-context': () => textEntry(async () => (await import('./off-the-shelf.js')).fitInContext),
  'embedding-logit': async (): Promise<Entry> => {
    const { fitEmbeddingLogit, loadEmbeddingLogit } = await import('./embedding-logit.js');
    return { fit: fitEmbeddingLogit, load: loadEmbeddingLogit, base: 'text' };
  },
  career: () => careerEntry('career'),
  'career-paper': () => careerEntry('career-paper'),
  'bag-of-jobs': async (): Promise<Entry> => {
    const { fitBagOfJobs, loadBagOfJobs } = await import('./bag-of-jobs.js');
    return { fit: fitBagOfJobs, load: loadBagOfJobs };
  },
  uniform: async (): Promise<Entry> => {
    const { fitUniform, UniformModel } = await import('./uniform.js');
    return { fit: fitUniform, load: (folder) => UniformModel.load(folder) };
  },
  marginal: async (): Promise<Entry> => {
    const { fitMarginal, MarginalModel } = await import('./marginal.js');
    return { fit: fitMarginal, load: (folder) => MarginalModel.load(folder) };
  },
  empirical: async (): Promise<Entry> => {
    const { fitEmpirical, EmpiricalModel } = await import('./empirical.js');
    return { fit: fitEmpirical, load: (folder) => EmpiricalModel.load(folder) };
  },
  'multinomial-logit': async (): Promise<Entry> => {
    const { fitMultinomialLogit, MultinomialLogit } = await import('./multinomial-logit.js');
    return { fit: fitMultinomialLogit, load: (folder) => MultinomialLogit.load(folder) };
  },
  oracle: async (): Promise<Entry> => {
    const { fitOracle, OracleModel } = await import('./oracle.js');
    return { fit: fitOracle, load: (folder) => OracleModel.load(folder) };
  },
} as const;

export type ModelName = keyof typeof entries;

export const modelNames: readonly ModelName[] = Object.keys(entries) as ModelName[];

export const isModelName = (name: string): name is ModelName => Object.hasOwn(entries, name);

/**
 * Fits a model on the surveys' train persons, yielding a log line as it goes; their validation persons choose the
 * checkpoint and nothing else, their test persons are not looked at. With `options.folder` the fitted model is saved
 * there; with `options.resume` besides, a model that is already there is loaded and returned without a log line.
 *
 * @throws ModelError for an unknown name or setting, where there is nothing to fit on, or where a folder to be resumed
 *   holds another model.
 */
export async function* fitModel(
  name: string,
  surveys: readonly Survey[],
  options: FitOptions,
): AsyncGenerator<FitLog, OccupationModel> {
  const { fit, base } = await entryOf(name);
  if (options.base !== undefined && base === undefined) {
    throw new ModelError(`The model "${name}" cannot start from another one: leave the base out.`, { name });
  }
  if (options.folder !== undefined && options.resume) await checkFolder(options.folder, name, options);
  if (options.education !== 'lagged') return yield* fit(surveys, options);
  return new LaggedEducation(yield* fit(surveys.map(withLaggedEducation), options));
}

/** The foundation that comes with the project, data/foundation; undefined where it has not been made. */
export const shippedFoundation = async (): Promise<string | undefined> => {
  const folder = join(projectFolder, 'data', 'foundation');
  return (await hasModelCard(folder)) ? folder : undefined;
};

/**
 * What a fit begins from where nobody names a base: the shipped foundation for models that read text, unless the settings
 * ask for a decoder or a vocabulary of another size; nothing for the others.
 */
export const defaultBase = async (name: string, config: FitOptions['config'] = {}): Promise<string | undefined> => {
  if ((await entryOf(name)).base !== 'text') return undefined;
  const { isOfBase } = await import('./fit-labor-llm.js');
  return Object.keys(config).some(isOfBase) ? undefined : await shippedFoundation();
};

/**
 * Loads the model that a fit has left in a folder, whichever it is.
 *
 * @throws ModelError if there is none.
 */
export const loadModel = async (folder: string): Promise<OccupationModel> => {
  const { name, fitted } = await readModelCard(folder);
  const { load } = await entryOf(name);
  const model = await load(folder);
  return fitted.education === 'lagged' ? new LaggedEducation(model) : model;
};

const entryOf = (name: string): Promise<Entry> => {
  if (!isModelName(name)) {
    throw new ModelError(`There is no model "${name}". There are: ${modelNames.join(', ')}.`, { name });
  }
  return entries[name]();
};

/** A fit is not resumed in the folder of another model, nor of one that learns of education at another time. */
const checkFolder = async (folder: string, name: string, { education = 'now' }: FitOptions): Promise<void> => {
  if (!(await hasModelCard(folder))) return;
  const card = await readModelCard(folder);
  const { education: saved = 'now' } = card.fitted;
  if (card.name === name && saved === education) return;
  const [holds, wanted] =
    card.name === name
      ? [`a model that learns of education "${saved}"`, `"${education}"`]
      : [`the model "${card.name}"`, `"${name}"`];
  throw new ModelError(`${folder} holds ${holds}, not ${wanted}: give another folder.`, { folder, name: card.name });
};
