/** What the notebooks run: how much, on which survey, and where results go. */
export {
  allModels,
  parametersIn,
  type AllModels,
  type AllModelsOptions,
  type GroupRow,
  type ModelRow,
} from './all-models';
export {
  comparison,
  comparisonPlan,
  holdoutStudy,
  otherSurveys,
  plannedModels,
  plannedModelsElsewhere,
  publishedComparison,
  refitsOn,
  returnsStudy,
  twoYearsStudy,
  type ComparisonPlan,
  type ModelComparison,
  type OtherSurvey,
  type SurveyResult,
} from './comparison';
export { dataPath } from './data-path';
export { demographics } from './demographics';
export { empiricalModelsFit } from './empirical-models';
export { fitOn, type ModelFit, type OnDoing } from './fit-on';
export { attentionToYears, type AttentionToYears } from './attention-to-years';
export { settingMeanings, settingsUsed, type SettingUsed } from './fine-tuning-settings';
export {
  conclusionFits,
  conclusionPlan,
  findings,
  orderFound,
  publishedFindings,
  type ConclusionPlan,
  type Finding,
} from './conclusion';
export {
  covariateNames,
  covariateWorth,
  surveyWithout,
  swappedCovariates,
  varyingCovariates,
  withoutCovariates,
  type CovariateName,
  type CovariateWorth,
} from './covariates';
export { changingCareers, headerFrom, type Ending } from './from-the-end';
export {
  exampleCareer,
  heldOut,
  introductionFit,
  smallDecoder,
  verdict,
  type FitPlan,
  tinyDecoder,
  type HeldOut,
} from './introduction';
export { foundationGains, type FoundationGain } from './foundation-gains';
export {
  covariatesChanged,
  covariatesLeftOut,
  gainsBase,
  gainsModels,
  gainsRows,
  historyShortened,
  keptGains,
  keptLeftOut,
  keptMoreData,
  keptTitles,
  moreDataOrLarger,
  publishedGains,
  titlesAgainstCodes,
  valueOfFineTuning,
  type GainsOptions,
  type GainsRatio,
  type KeptGains,
  type KeptFit,
  type KeptTitles,
  type SourcesOfGains,
} from './gains';
export { gainsWorth, publishedGainsWorth, sideBySide, type GainsWorth, type GainWorth } from './gains-worth';
export { groupMoves, occupationGroups, type GroupMoves, type OccupationGroups } from './group-moves';
export { keptMassByPlace, type KeptMass } from './kept-mass';
export {
  fittedSteps,
  laborLlmPlan,
  wholeCareers,
  withTrainPersons,
  type FittedStep,
  type LaborLlmPlan,
} from './labor-llm';
export { historyWorth, ShortHistory, type HistoryWorth } from './history-cut';
export {
  jobLosses,
  pathsAfterLoss,
  scenarios,
  shareGaps,
  type JobLosses,
  type JobLossResults,
  type PathShare,
  type ShareGap,
} from './job-loss';
export { compareMoments, nlsy97Moments, type ComparedMoment } from './market-report';
export { notebookBase, type NotebookBase } from './notebook-base';
export { notebookSurvey, paperPopulations, type NotebookSurvey } from './notebook-survey';
export { frequentOccupations, occupationStates, principalPlane, type PrincipalPlane } from './occupation-states';
export { observedShares, type ObservedShare } from './observed-shares';
export { paperOrder, type OrderFinding } from './paper-order';
export { atPrecision, bitsOf, precisions, withPrecision, type Precision } from './precision';
export { leakFromTheEnd, pitfallsPlan, tuningCandidates, type LeakFromTheEnd, type PitfallsPlan } from './pitfalls';
export { percentOf, perplexityRatio, ratioVerdict, shortNumber } from './perplexity-ratio';
export { profile, profileNames, type ProfileName } from './profile';
export { inputsOf, linesOfWork, relatedWorkFit, type Input, type LineOfWork } from './related-work';
export {
  publications,
  publish,
  redraw,
  type Publication,
  type PublicationState,
  type PublishedStudy,
  type PublishOptions,
  type StudyContext,
} from './publish';
export { publishedNumber, quotingFiles, refreshQuotes, withPublished, wrongQuotes, type WrongQuote } from './quotes';
export { refitErrors, type RefitErrors } from './refit-errors';
export { overSeeds, overTrainPersons, resampledTrainPersons, type Fit } from './refits';
export {
  manifestOf,
  outputFolders,
  readResults,
  surroundings,
  writeResults,
  type CodeVersion,
  type Manifest,
  type OutputFolders,
  type Provenance,
} from './results';
export { rowSplit, type RowSplit } from './row-split';
export {
  inTurn,
  lowAndHigh,
  plotted,
  scoreFits,
  withoutScores,
  type PartsLog,
  type PlannedFit,
  type ScoredFit,
} from './score-fits';
export { seenTitles, type SeenTitles } from './seen-titles';
export { sensitivities, type Sensitivity } from './sensitivity';
export {
  leftOutFits,
  moreDataFits,
  otherSurvey,
  scoredPersons,
  shareFits,
  sourcesOfGainsPlan,
  titleFits,
  titlesSurveys,
  titleWritings,
  withTrainShare,
  type Beginning,
  type SourcesOfGainsPlan,
  type TitleWriting,
} from './sources-of-gains';
export { median, timesAsFast } from './speed';
export { stayByAgeAndStep, stayShares, type CareerStep, type StayShare, type StayShareAtAge } from './stay-shares';
export {
  ARMS,
  BEGINNINGS,
  matchedCells,
  matchedCellsPlan,
  type Arm,
  type CellBeginning,
  type CellDifference,
  type MatchedCell,
  type MatchedCells,
  type MatchedCellsOptions,
  type MatchedCellsPlan,
} from './matched-cells';
export {
  fitStored,
  listStore,
  pruneStore,
  storeFolder,
  type Pruning,
  type Stored,
  type StoredOptions,
  type StoreEntry,
  type StoreRecord,
} from './store';
export { stayByTenure, type StayByTenure } from './stay-by-tenure';
export { foundationStored, resumeCorpus } from './stored-foundation';
export { StudyError } from './study-error';
export {
  askedSources,
  firstFormSources,
  sourceName,
  sourcesBeside,
  sourceSurvey,
  surveySources,
  type SurveySource,
} from './survey-sources';
export { holdoutYear, surveyThrough, timeHoldout, type TimeHoldout, type TimeHoldoutRow } from './time-holdout';
export {
  askedBack,
  comingBack,
  expectedBack,
  formerJob,
  isStateOf,
  leads,
  situationOf,
  situationsOf,
  type ComingBack,
  type Lead,
  type Returns,
} from './returns';
export { twoYearsAhead, type TwoYears } from './two-years';
export { branchingTitles, titleTree, type TitleTreeNode } from './title-tree';
export { toySurvey } from './toy-survey';
export { surveyMoments, type SurveyMoments } from './survey-moments';
export { coverage, rowsAsPersons, tuningOptimism, type Coverage, type TuningOptimism } from './wrong-errors';
