/** The synthetic labor market: surveys and resumes whose true probabilities are known. */
export { assumptions } from './assumptions';
export { divergence } from './divergence';
export type { Filter, Sight } from './filter';
export { checkOrigin, isMarketOrigin, manifestPath, marketOf, type MarketOrigin } from './origin';
export { Market } from './market';
export { MERGED_STATES, mergedTitle, withMergedStates } from './merged-states';
export { MarketError } from './market-error';
export { populationNames, POPULATIONS, type Population, type PopulationName } from './populations';
export { MARKET_DEFAULTS, MARKET_FORMS, type MarketForm, type MarketSettings } from './settings';
export { surveyOf, type SurveyOfOptions } from './survey-of';
export { writeMarket } from './write-market';
