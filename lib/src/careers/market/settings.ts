/** The knobs of a synthetic market. With the counts and the fitted parameters they are the whole of its law. */
import { MarketError } from './market-error';

/** `types`: latent types, attachment, returns. `distance`: years in the occupation and distance, no types. */
export type MarketForm = 'types' | 'distance';

export const MARKET_FORMS: readonly MarketForm[] = ['types', 'distance'];

export interface MarketSettings {
  readonly form: MarketForm;
  /** Which persons the market is calibrated on: all train persons of NLSY97, or those below 56 (the inner fold). */
  readonly fold: 'train' | 'inner';
  /** Share of an occupation's likeness to others that comes from words in common in their titles, 0 to 1. */
  readonly rho: number;
  /** How far the resume corpus is from the surveys: 0 not at all, 1 clearly; see populations.ts. */
  readonly delta: number;
  /** How far the three surveys are from each other: standard deviation of log weights of destinations. */
  readonly shift: number;
  /** From this year on destinations are weighted otherwise: a structural break. */
  readonly breakYear: number;
  /** How much: standard deviation of log weights; 0 is no break. */
  readonly breakSize: number;
}

export const MARKET_DEFAULTS: MarketSettings = {
  form: 'types',
  fold: 'train',
  rho: 0,
  delta: 1,
  shift: 0,
  breakYear: 2010,
  breakSize: 0,
};

/** From and to which value each numeric setting may go. */
const RANGES: Readonly<Partial<Record<keyof MarketSettings, readonly [number, number]>>> = {
  rho: [0, 1],
  delta: [0, 5],
  shift: [0, 5],
  breakYear: [1900, 2100],
  breakSize: [0, 5],
};

const CHOICES: Readonly<Partial<Record<keyof MarketSettings, readonly string[]>>> = {
  form: MARKET_FORMS,
  fold: ['train', 'inner'],
};

/**
 * The defaults, overruled by what is given.
 *
 * @throws MarketError for a name that is no setting or a value that it cannot have
 */
export const marketSettings = (given: Readonly<Record<string, unknown>> = {}): MarketSettings => {
  for (const [key, value] of Object.entries(given)) {
    if (!(key in MARKET_DEFAULTS)) {
      const known = Object.keys(MARKET_DEFAULTS).join(', ');
      throw new MarketError(`The synthetic market has no setting "${key}". It has: ${known}.`, { setting: key });
    }
    const [from, to] = RANGES[key as keyof MarketSettings] ?? [NaN, NaN];
    const choices = CHOICES[key as keyof MarketSettings];
    if (choices ? choices.includes(value as string) : typeof value === 'number' && value >= from && value <= to)
      continue;
    throw new MarketError(
      `Setting ${key} of the synthetic market is ${JSON.stringify(value)}: give ` +
        (choices ? `one of ${choices.join(', ')}.` : `a number from ${from} to ${to}.`),
      { setting: key, value },
    );
  }
  return { ...MARKET_DEFAULTS, ...given };
};
