/** Surveys in, probabilities of the next occupation out. */
export { covariateLevels } from './covariate-levels';
export { checkOccupation, pooledOccupations, sameTitles, surveyOfQuery, surveyPosition } from './declared';
export { EMPIRICAL_DEFAULTS, EmpiricalModel, fitEmpirical, type EmpiricalConfig } from './empirical';
export type { FitLog, FitOptions } from './fit';
export { HandFeatures } from './hand-features';
export type { EducationTiming } from './lagged-education';
export type { LaborLlm, TitleTokens } from './labor-llm';
export { MarginalModel } from './marginal';
export {
  fittedFacts,
  hashSurveys,
  hasModelCard,
  readModelCard,
  writeModelCard,
  type FittedFacts,
  type ModelCard,
} from './model-card';
export type { ResumeCorpus } from './foundation';
export { ModelError } from './model-error';
export { OracleModel } from './oracle';
export type { Distribution, DistributionOptions, OccupationModel, Query } from './occupation-model';
export { MultinomialLogit, type Coefficient } from './multinomial-logit';
export { covariatesOf, queriesOf } from './queries';
export {
  defaultBase,
  fitModel,
  isModelName,
  loadModel,
  modelNames,
  shippedFoundation,
  type ModelName,
} from './registry';
export { writeTitles, type WrittenTitles } from './title-writing';
export { UniformModel } from './uniform';
export { lastOthers, yearsHeld } from './spells';
