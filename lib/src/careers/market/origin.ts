/** Where a survey comes from that was drawn from a synthetic market: all that its oracle is rebuilt from. */
import { readFile } from 'node:fs/promises';
import { partOf } from '../split';
import type { Career, Survey } from '../survey';
import { Market } from './market';
import { MarketError } from './market-error';
import type { MarketSettings } from './settings';

export interface MarketOrigin {
  readonly population: string;
  readonly persons: number;
  readonly seed: number;
  readonly settings: MarketSettings;
  /** See `Market.hash`. */
  readonly hash: string;
}

export const originOf = (market: Market, persons: number, seed: number): MarketOrigin => ({
  population: market.population.name,
  persons,
  seed,
  settings: market.settings,
  hash: market.hash,
});

/** The manifest of a market's file: `nlsy97.csv.gz` has `nlsy97.market.json`. */
export const manifestPath = (surveyPath: string): string =>
  `${surveyPath.replace(/(\.csv)?(\.gz)?$/i, '')}.market.json`;

/**
 * The manifest beside a survey file.
 *
 * @returns undefined where there is none
 * @throws MarketError if there is one that is not what `writeMarket` writes
 */
export const readOrigin = async (surveyPath: string): Promise<MarketOrigin | undefined> => {
  const path = manifestPath(surveyPath);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const origin = parsed(text);
  if (isMarketOrigin(origin)) return origin;
  throw new MarketError(`${path} is no manifest of a synthetic market: make the data again, or delete it.`, { path });
};

export const isMarketOrigin = (value: unknown): value is MarketOrigin => {
  const origin = value as Partial<MarketOrigin> | null | undefined;
  return (
    typeof origin?.population === 'string' &&
    Number.isSafeInteger(origin.persons) &&
    Number.isSafeInteger(origin.seed) &&
    typeof origin.settings === 'object' &&
    typeof origin.hash === 'string'
  );
};

/**
 * The market that a survey was drawn from.
 *
 * @throws MarketError if the market is no longer what it was when the survey was made
 */
export const marketOf = (origin: MarketOrigin): Market => {
  const market = new Market(origin.population, { ...origin.settings });
  if (market.hash === origin.hash) return market;
  throw new MarketError(
    `The data were drawn from a synthetic market (${origin.population}, ${origin.hash.slice(0, 12)}) that this version ` +
      `no longer makes (${market.hash.slice(0, 12)}): make them again with \`labor-llm market\`.`,
    { made: origin.hash, now: market.hash },
  );
};

/** Persons who are drawn again to see that a survey is what its manifest says. */
const DRAWN_AGAIN = 20;

/**
 * @param withEducation whether educations stand in their own year
 * @throws MarketError if the survey's careers are not those that the market draws
 */
export const checkOrigin = (
  market: Market,
  { seed }: MarketOrigin,
  survey: Pick<Survey, 'name' | 'careers'>,
  withEducation = true,
): void => {
  const some = survey.careers.filter((career) => partOf(career) === 'train').slice(0, DRAWN_AGAIN);
  for (const career of some) {
    const number = /_(\d+)$/.exec(career.person)?.[1];
    const drawn = number === undefined ? undefined : market.career(seed, Number(number));
    if (drawn !== undefined && sameCareer(career, drawn, withEducation)) continue;
    throw new MarketError(
      `Person "${career.person}" of "${survey.name}" is not the one that its synthetic market draws: the manifest ` +
        'belongs to other data. Make the data again with `labor-llm market`.',
      { person: career.person },
    );
  }
};

const sameCareer = (a: Career, b: Career, withEducation: boolean): boolean =>
  a.sex === b.sex &&
  a.ethnicity === b.ethnicity &&
  a.birthYear === b.birthYear &&
  a.observations.length === b.observations.length &&
  a.observations.every((observation, t) => {
    const other = b.observations[t];
    return (
      observation.year === other?.year &&
      observation.occupation === other.occupation &&
      (!withEducation || observation.education === other.education)
    );
  });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
