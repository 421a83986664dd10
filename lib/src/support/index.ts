export { writeFileAtomic } from './atomic-file';
export { Random, type RandomState } from './random';
