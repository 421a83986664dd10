/** What the notebooks run: how much, on which survey, and where results go. */
export { dataPath } from './data-path';
export { profile, profileNames, type ProfileName } from './profile';
export {
  manifestOf,
  outputFolders,
  writeResults,
  type CodeVersion,
  type Manifest,
  type OutputFolders,
  type Provenance,
} from './results';
export { StudyError } from './study-error';
