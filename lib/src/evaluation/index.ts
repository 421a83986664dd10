/** Log-probabilities in, numbers with intervals out: everything here works from a model's answers alone. */
export {
  areaUnderCurve,
  calibrationCurve,
  calibrationError,
  logLoss,
  observedShare,
  predictedShare,
  type CalibrationBin,
  type Case,
} from './binary';
export { clustersOf, estimate, resamples, standardDeviation, type BootstrapOptions, type Estimate } from './bootstrap';
export {
  comparePerplexities,
  compareScores,
  perplexityEstimate,
  type Compared,
  type Comparison,
  type Comparisons,
} from './compare';
export { correlation } from './correlation';
export { byLevel, educationLevels, inOrderOfEducation } from './education-order';
export { EvaluationError } from './evaluation-error';
export { forecast, forecastable, type Forecast, type ForecastOptions, type ForecastYear } from './forecast';
export { ForecastTotals, type YearTotals } from './forecast-totals';
export { by, byStep, characteristics, stepName, type GroupKey } from './groups';
export {
  compoundedDistribution,
  compoundedProbability,
  type Ahead,
  type CompoundedDistribution,
  type CompoundedProbability,
  type CompoundOptions,
} from './horizon';
export { outcomeReports, topAccuracy, type CalibratedBin, type OutcomeReport } from './outcome-report';
export { AT_WORK, MOVE, nonWorkingStates, type DistributionSummary, type Outcome } from './outcomes';
export { meanKeptMass, perplexity, type PerplexityOptions } from './perplexity';
export { spreadOf, spreadOfDifference, type Spread } from './refits';
export {
  evaluate,
  hasWeights,
  reportOf,
  type Evaluation,
  type GroupPerplexities,
  type Metrics,
  type Report,
} from './report';
export { scoreCareers, type ScoreOptions } from './score';
export { TRANSITIONS, transitionOf, type ScoredObservation, type Transition } from './scored-observation';
export { ShareCollector, type OccupationShare, type ShareDistance } from './shares';
export { ANY, transitionShares, type TransitionShare } from './transition-shares';
