/** Careers as text, and text as careers: the paper's template (our reconstruction of it) and its exact inverse. */
export { ResumeError } from './errors';
export { inventTitles, listOfTitles } from './invented-titles';
export { drawLayout, layoutResume, type Layout } from './layouts';
export { parseResume, type ParsedResume } from './parse';
export { templatePhrases, titlePhrases } from './phrases';
export {
  promptParts,
  renderPrompt,
  renderResume,
  resumeParts,
  type PromptParts,
  type ResumeObservation,
  type ResumeOptions,
  type ResumeParts,
  type ResumePartsEntry,
  type ResumeQuery,
} from './render';
export { END_OF_DATA, entryPrompt, SAME, titleAnswer, titleList, type ResumeEntry } from './template';
