/** Fits that differ in one thing, each scored on the same held-out observations, so that their differences are paired. */
import { comparePerplexities, type BootstrapOptions, type Estimate } from '../evaluation';
import type { ModelName } from '../models';
import type { Career, Survey } from '../careers';
import type { HeldOut } from './introduction';
import { fitStored, storeFolder, type StoredOptions } from './store';
import { evaluateStored, scoredAgain, type ScoredAgain } from './stored-evaluation';

/** A fit of a study, and by what it differs from the others. */
export interface PlannedFit<Of> {
  readonly of: Of;
  readonly model: ModelName;
  readonly surveys: readonly Survey[];
  readonly options: StoredOptions;
  /** The held-out persons as this model is asked about them, where that differs. */
  readonly careers?: readonly Career[];
}

export interface ScoredFit<Of> {
  readonly of: Of;
  /** Of all held-out observations, with its interval over persons. */
  readonly perplexity: Estimate;
  readonly scored: readonly ScoredAgain[];
  /** Wall clock of the fit. */
  readonly seconds: number;
  /** Where the fitted model lies. */
  readonly folder: string;
}

/** How far a study has come: in which of its parts, a fit say, it is, and where in that. */
export interface PartsLog {
  /** From 1. */
  readonly part: number;
  readonly parts: number;
  /** By what the part differs from the others. */
  readonly what: string;
  readonly step: number;
  readonly steps: number;
}

export interface ScoreFitsOptions extends BootstrapOptions {
  /** Where fitted models are kept; by default `storeFolder()`. */
  readonly store?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fits into the store what is not there yet, and scores each fit on the same persons. Stopped, it goes on where it was.
 *
 * @throws what `fitModel` and the evaluation throw
 */
export async function* scoreFits<Of extends Readonly<Record<string, string | number>>>(
  fits: readonly PlannedFit<Of>[],
  { split, careers }: HeldOut,
  { store = storeFolder(), signal, ...bootstrap }: ScoreFitsOptions = {},
): AsyncGenerator<PartsLog, readonly ScoredFit<Of>[]> {
  const scored: Omit<ScoredFit<Of>, 'perplexity'>[] = [];
  for (const [index, { of, model: name, surveys, options, careers: asked = careers }] of fits.entries()) {
    const where = { part: index + 1, parts: fits.length, what: Object.values(of).join(', ') };
    const steps = fitStored(name, surveys, { ...options, signal }, store);
    let item = await steps.next();
    for (; item.done !== true; item = await steps.next()) {
      yield { ...where, step: item.value.step, steps: item.value.steps };
    }
    const { model, folder, seconds } = item.value;
    try {
      // a fit on two surveys can be scored on either
      const plan = {
        split: `${split}, ${careers[0]?.survey}`,
        seed: bootstrap.seed ?? 1,
        distributions: false,
        signal,
      };
      scored.push({
        of,
        folder,
        seconds,
        scored: scoredAgain(asked, await evaluateStored(model, folder, asked, plan)),
      });
    } finally {
      model.dispose();
    }
  }
  const { models } = comparePerplexities(
    scored.map((one) => one.scored),
    bootstrap,
  );
  return scored.map((one, index) => ({ ...one, perplexity: models[index] as Estimate }));
}

/** Trainings by what they are called, one after the other. */
export async function* inTurn<Name extends string, Result>(
  trainings: Readonly<Record<Name, AsyncGenerator<{ readonly step: number; readonly steps: number }, Result>>>,
): AsyncGenerator<PartsLog, Readonly<Record<Name, Result>>> {
  const entries = Object.entries(trainings) as [Name, (typeof trainings)[Name]][];
  const results: [Name, Result][] = [];
  for (const [index, [what, training]] of entries.entries()) {
    let item = await training.next();
    for (; item.done !== true; item = await training.next()) {
      yield { part: index + 1, parts: entries.length, what, step: item.value.step, steps: item.value.steps };
    }
    results.push([what, item.value]);
  }
  return Object.fromEntries(results) as Record<Name, Result>;
}

/** What a study keeps of a fit: no observation, no path of a machine. */
export const withoutScores = <Of>({ of, perplexity }: ScoredFit<Of>): Pick<ScoredFit<Of>, 'of' | 'perplexity'> => ({
  of,
  perplexity,
});

/** An estimate as figures take it; without an interval, one of no length. */
export const plotted = ({ value, interval }: Estimate): { value: number; interval: readonly [number, number] } => ({
  value: value ?? NaN,
  interval: interval ?? [value ?? NaN, value ?? NaN],
});

/** An estimate's interval as the two columns that a table's `intervals` names. */
export const lowAndHigh = ({ interval }: Pick<Estimate, 'interval'>): Record<'low' | 'high', number | null> => ({
  low: interval?.[0] ?? null,
  high: interval?.[1] ?? null,
});
