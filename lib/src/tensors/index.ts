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
export { withStockForms } from './kernel';
export {
  addResidual,
  attention,
  crossEntropy,
  dropout,
  embedding,
  linear,
  logProbabilitiesAt,
  logProbabilityOf,
  rmsNorm,
  rotaryAt,
  squaredNorm,
  swiglu,
  type AttentionShape,
  type Dropout,
  type Rotary,
} from './ops';
export { gelu, layerNorm } from './gpt-ops';
export { Parameters } from './parameters';
export { atPositions, toHeads, treeAttention, type Forest } from './tree-attention';
export { readSafetensors, writeSafetensors, type NamedArray } from './safetensors';
export * as tf from '@tensorflow/tfjs';
