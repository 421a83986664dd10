/** What the notebooks run: how much, on which survey, and where results go. */
export { allModels, type AllModels, type AllModelsOptions, type GroupRow, type ModelRow } from './all-models';
export {
  comparison,
  comparisonPlan,
  holdoutStudy,
  otherSurveys,
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
export { exampleCareer, heldOut, introductionFit, verdict, type FitPlan, type HeldOut } from './introduction';
export { groupMoves, occupationGroups, type GroupMoves, type OccupationGroups } from './group-moves';
export { keptMassByPlace, type KeptMass } from './kept-mass';
export { fittedSteps, laborLlmPlan, withTrainPersons, type FittedStep, type LaborLlmPlan } from './labor-llm';
export { compareMoments, nlsy97Moments, type ComparedMoment } from './market-report';
export { notebookBase, type NotebookBase } from './notebook-base';
export { notebookSurvey, paperPopulations, type NotebookSurvey } from './notebook-survey';
export { frequentOccupations, occupationStates, principalPlane, type PrincipalPlane } from './occupation-states';
export { observedShares, type ObservedShare } from './observed-shares';
export { paperOrder, type OrderFinding } from './paper-order';
export { atPrecision, bitsOf, precisions, withPrecision, type Precision } from './precision';
export { profile, profileNames, type ProfileName } from './profile';
export { inputsOf, linesOfWork, relatedWorkFit, type Input, type LineOfWork } from './related-work';
export {
  publications,
  publish,
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
  publishedResults,
  surroundings,
  writeResults,
  type CodeVersion,
  type Manifest,
  type OutputFolders,
  type Provenance,
} from './results';
export { sensitivities, type Sensitivity } from './sensitivity';
export { median, timesAsFast } from './speed';
export { stayByAgeAndStep, stayShares, type CareerStep, type StayShare, type StayShareAtAge } from './stay-shares';
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
export { StudyError } from './study-error';
export { sourceSurvey, surveySources, type SurveySource } from './survey-sources';
export { holdoutYear, surveyThrough, timeHoldout, type TimeHoldout, type TimeHoldoutRow } from './time-holdout';
export { twoYearsAhead, type TwoYears } from './two-years';
export { branchingTitles, titleTree, type TitleTreeNode } from './title-tree';
export { surveyMoments, type SurveyMoments } from './survey-moments';
