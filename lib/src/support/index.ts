export { writeFileAtomic } from './atomic-file';
export type { OnProgress, Progress } from './progress';
export { Random, type RandomState } from './random';
