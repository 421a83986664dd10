/** A survey of a synthetic market in memory. */
import type { Survey } from '../survey';
import { Market } from './market';
import { MarketError } from './market-error';
import { originOf } from './origin';
import type { PopulationName } from './populations';
import type { MarketSettings } from './settings';

export interface SurveyOfOptions extends Partial<MarketSettings> {
  /** By default as many as the population says. */
  readonly persons?: number;
  /** By default 1. */
  readonly seed?: number;
}

/**
 * Draws a survey: the same for the same options, wherever it is drawn, and of n persons the first n of any more.
 *
 * @example
 * const survey = surveyOf('nlsy97', { persons: 2000, seed: 1 });
 * @throws MarketError for an unknown population or setting
 */
export const surveyOf = (population: PopulationName, options: SurveyOfOptions = {}): Survey => {
  const { persons, seed = 1, ...settings } = options;
  const market = new Market(population, settings);
  const count = persons ?? market.population.persons;
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new MarketError(`persons is ${String(persons)}: give a whole number from 1.`, { persons });
  }
  // as a survey is read: sorted by person
  const careers = [...market.careers(seed, count)].sort((a, b) => (a.person < b.person ? -1 : 1));
  return {
    name: market.population.survey,
    occupations: market.occupations,
    careers,
    origin: originOf(market, count, seed),
  };
};
