export { makeFolder, writeFileAtomic } from './atomic-file';
export { minimize, type Iteration, type MinimizeOptions, type Objective } from './minimize';
export type { OnProgress, Progress } from './progress';
export { projectFolder } from './project-folder';
export { Random, type RandomState } from './random';
export { toEnd } from './to-end';
