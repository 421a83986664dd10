export { makeFolder, writeFileAtomic } from './atomic-file';
export type { OnProgress, Progress } from './progress';
export { projectFolder } from './project-folder';
export { Random, type RandomState } from './random';
