export {
  decoderConfig,
  decoderShape,
  defaultDecoder,
  DecoderError,
  fromHuggingFace,
  toHuggingFace,
  type DecoderConfig,
} from './config';
export { attentionWeights, type OpenedPass } from './attention-weights';
export { Decoder, layerName, type Mix, type TokenBatch } from './decoder';
export { Branches, disposeCache, extendPrefix, runPrefix, type BranchTokens, type PrefixCache } from './branches';
export { loadDecoder, saveDecoder, weightFiles, writeDecoderConfig } from './checkpoint';
export { extendVocabulary } from './extend-vocabulary';
