/** How a study fits a model by name: into the store, told what its plan tells of it. */
import type { Survey } from '../careers';
import { defaultBase, type EducationTiming, type FitOptions } from '../models';
import { fitStored, storedModel, type Stored, type StoredOptions } from './store';

/** What is told of one model's fit besides the survey and the seed. */
export type ModelFit = Pick<FitOptions, 'steps' | 'minutes' | 'config' | 'base'>;

/**
 * Told what is being done of which model: a fit's step, how many persons are scored.
 *
 * @param share of it that is done
 */
export type OnDoing = (model: string, doing: string, share: number) => void;

export interface FitOnOptions {
  /** Wall clock for each fit; by default as long as each model's own settings say. */
  readonly minutes?: number;
  readonly steps?: number;
  readonly seed: number;
  /** Settings of a model, by its name. */
  readonly configs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The folder of a model to begin from, or 'none', by the name of the model that does; by default `defaultBase`. */
  readonly bases?: Readonly<Record<string, string>>;
  /** What is told of a model's fit, by its name; overrules what is told of all. */
  readonly fits?: Readonly<Record<string, ModelFit>>;
  /** When all models learn of an education; by default in its own year. */
  readonly education?: EducationTiming;
  /** Where fitted models are kept; by default `storeFolder()`. */
  readonly store?: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnDoing;
}

/** What the store is told of a model's fit: its base, where nobody names one, is the one that such models begin from. */
export const fitOptions = async (
  name: string,
  { seed, education, ...told }: Omit<FitOnOptions, 'store' | 'signal' | 'onProgress'>,
): Promise<StoredOptions> => {
  const minutes = told.fits?.[name]?.minutes ?? told.minutes;
  const steps = told.fits?.[name]?.steps ?? told.steps;
  const config = told.fits?.[name]?.config ?? told.configs?.[name];
  const named = told.fits?.[name]?.base ?? told.bases?.[name];
  const base = named === 'none' ? undefined : (named ?? (await defaultBase(name, config)));
  return {
    seed,
    ...(minutes === undefined ? {} : { minutes }),
    ...(steps === undefined ? {} : { steps }),
    ...(config === undefined ? {} : { config }),
    ...(base === undefined ? {} : { base }),
    ...(education === undefined ? {} : { education }),
  };
};

/**
 * Fits a model on a survey, or takes it from the store.
 *
 * @throws ModelError where it cannot be had on the survey; the signal's reason if aborted
 */
export const fitOn = async (
  name: string,
  survey: Survey,
  { store, signal, onProgress, ...told }: FitOnOptions,
): Promise<Stored> => {
  const options = { ...(await fitOptions(name, told)), signal };
  return storedModel(fitStored(name, [survey], options, store), ({ step, steps: all, loss }) =>
    onProgress?.(name, `fit: step ${step} of ${all}, loss ${loss.toFixed(3)}`, step / all),
  );
};
