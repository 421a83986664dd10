/** What the notebooks run: how much, on which survey, and where results go. */
export { dataPath } from './data-path';
export { exampleCareer, heldOut, introductionFit, verdict, type FitPlan, type HeldOut } from './introduction';
export { profile, profileNames, type ProfileName } from './profile';
export {
  manifestOf,
  outputFolders,
  surroundings,
  writeResults,
  type CodeVersion,
  type Manifest,
  type OutputFolders,
  type Provenance,
} from './results';
export { median, timesAsFast } from './speed';
export { StudyError } from './study-error';
