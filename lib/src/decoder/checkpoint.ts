/** A decoder's folder in Hugging Face's layout: `config.json` and `model.safetensors`. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../support';
import { readSafetensors, writeSafetensors } from '../tensors';
import { DecoderError, fromHuggingFace, toHuggingFace, type DocumentEnds } from './config';
import { Decoder } from './decoder';

export const WEIGHTS_FILE = 'model.safetensors';

export const writeDecoderConfig = (folder: string, decoder: Decoder, ends: DocumentEnds): Promise<void> =>
  writeFileAtomic(
    path.join(folder, 'config.json'),
    `${JSON.stringify(toHuggingFace(decoder.config, ends), null, 2)}\n`,
  );

/** Writes weights and configuration, so that transformers' `LlamaForCausalLM.from_pretrained(folder)` loads them too. */
export const saveDecoder = async (folder: string, decoder: Decoder, ends: DocumentEnds): Promise<void> => {
  await writeDecoderConfig(folder, decoder, ends);
  await writeSafetensors(path.join(folder, WEIGHTS_FILE), decoder.parameters.toArrays());
};

/**
 * Reads a decoder, ours or any local Llama checkpoint in one safetensors file.
 *
 * @throws DecoderError where the configuration or a tensor is not this decoder's.
 */
export const loadDecoder = async (folder: string): Promise<Decoder> => {
  const read = async (name: string): Promise<string> =>
    readFile(path.join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new DecoderError(
        `${folder}: ${name} cannot be read (${String(error.code)}). Is this a checkpoint's folder?`,
      );
    });
  const config = fromHuggingFace(
    JSON.parse(await read('config.json')) as Record<string, unknown>,
    path.join(folder, 'config.json'),
  );
  const file = path.join(folder, WEIGHTS_FILE);
  const { arrays } = await readSafetensors(file);
  // a tied output layer may be written all the same
  const needed = config.tie_word_embeddings ? arrays.filter(({ name }) => name !== 'lm_head.weight') : arrays;
  const decoder = new Decoder(config);
  try {
    decoder.parameters.assign(needed, file);
  } catch (error) {
    decoder.dispose();
    throw new DecoderError(error instanceof Error ? error.message : String(error));
  }
  return decoder;
};
