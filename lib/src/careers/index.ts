/** Survey files in, careers out: the row contract, declared occupations and the split by person. */
export type { Career, Covariates, DeclaredOccupations, Observation, OccupationIndex, PersonId, Survey } from './survey';
export { declaredOccupations, readOccupations } from './declared-occupations';
export { describeSurvey, type SurveyDescription } from './describe-survey';
export {
  assumptions,
  Market,
  MARKET_DEFAULTS,
  MarketError,
  MERGED_STATES,
  mergedTitle,
  POPULATIONS,
  surveyOf,
  withMergedStates,
  writeMarket,
  type MarketSettings,
  type PopulationName,
} from './market';
export { readSurvey, surveyNameOf, type ReadSurveyOptions } from './read-survey';
export { hashBucket, innerFold, partOf, splitSurvey, type Part } from './split';
export { faultSentence, SurveyError, type SurveyFault } from './survey-error';
