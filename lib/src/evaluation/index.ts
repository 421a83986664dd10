/** Log-probabilities in, numbers with intervals out: everything here works from a model's answers alone. */
export { compareScores, perplexityEstimate, type BootstrapOptions, type Comparison, type Estimate } from './bootstrap';
export { EvaluationError } from './evaluation-error';
export { compoundedDistribution, type Ahead, type CompoundedDistribution, type CompoundOptions } from './horizon';
export { meanKeptMass, perplexity, type PerplexityOptions } from './perplexity';
export { evaluate, reportOf, type Report } from './report';
export { scoreCareers, TRANSITIONS, type ScoredObservation, type ScoreOptions, type Transition } from './score';
