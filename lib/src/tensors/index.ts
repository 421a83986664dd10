export {
  BackendError,
  chosenBackend,
  hasTensorFlow,
  startBackend,
  useBackend,
  type Backend,
  type BackendName,
} from './backend';
export { AdamW, type AdamWOptions } from './adamw';
export {
  attention,
  causalMask,
  crossEntropy,
  dropout,
  embedding,
  linear,
  logProbabilityOf,
  rmsNorm,
  rotaryAt,
  rotate,
  swiglu,
  type AttentionShape,
  type Rotary,
} from './ops';
export { Parameters } from './parameters';
export { readSafetensors, writeSafetensors, type NamedArray } from './safetensors';
export * as tf from '@tensorflow/tfjs';
