/** What every model's fit takes and what it says while it runs. */
import type { EducationTiming } from './lagged-education';

/** How a model is fitted, whatever the model; its own settings are in `config`. */
export interface FitOptions {
  /** Where checkpoints go while it runs and the fitted model when it is done; without it nothing is written. */
  readonly folder?: string;
  /** All randomness of the fit comes from it. */
  readonly seed: number;
  /** Wall clock that the whole fit may take; turned into a number of steps once, which is kept with the checkpoint. */
  readonly minutes?: number;
  /** Optimizer steps in total, those before a resume included; overrules `minutes`. */
  readonly steps?: number;
  /** Go on from the folder's checkpoint: anew where there is none, and nothing to do where the fit is done. */
  readonly resume?: boolean;
  /** When aborted, the fit saves a checkpoint after the current step and ends by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Settings of the model by name; an unknown name is an error that lists the known ones. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The folder of a fitted model or checkpoint to begin from, for models that can. */
  readonly base?: string;
  /** When the model learns of an education: in its own year (`now`, as without this), or one observation later. */
  readonly education?: EducationTiming;
  /** What only the caller knows and `model.json` keeps: the files' names, the command's options. */
  readonly provenance?: Readonly<Record<string, unknown>>;
}

/** One line of a fit's log. */
export interface FitLog {
  /** Steps done, counted from 1. */
  readonly step: number;
  /** Steps in total. */
  readonly steps: number;
  /** Passes over the train persons, with fraction. */
  readonly epoch: number;
  /** Mean negative log-probability of a token in this step's batch; of an observation for models without tokens. */
  readonly loss: number;
  /** Mean negative log-probability of an observation of the validation persons, where this step computed it. */
  readonly validationLoss?: number;
  readonly learningRate: number;
  readonly tokensPerSecond: number;
  readonly secondsLeft: number;
  /** A sentence for the reader, e.g. that a checkpoint was kept. */
  readonly note?: string;
}

/** What the log says of rates where a fit has none. */
export const NO_RATES = { learningRate: 0, tokensPerSecond: 0, secondsLeft: 0 } as const;
