export {
  decoderConfig,
  defaultDecoder,
  DecoderError,
  fromHuggingFace,
  toHuggingFace,
  type DecoderConfig,
} from './config';
export { Decoder, layerName, type Mix, type TokenBatch } from './decoder';
export { disposeCache, runContinuations, runPrefix, type PrefixCache } from './cache';
export { loadDecoder, saveDecoder, writeDecoderConfig } from './checkpoint';
