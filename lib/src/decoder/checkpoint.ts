/** A decoder's folder in Hugging Face's layout: `config.json` and `model.safetensors`. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../support';
import { readSafetensors, writeSafetensors, type NamedArray } from '../tensors';
import { DecoderError, fromHuggingFace, toHuggingFace, type DocumentEnds } from './config';
import { Decoder } from './decoder';

const WEIGHTS_FILE = 'model.safetensors';
/** Says which tensor is in which file of a checkpoint in several. */
const INDEX_FILE = 'model.safetensors.index.json';

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

/** The files of a checkpoint's weights, one or several. @throws DecoderError where there are none, or one is missing */
export const weightFiles = async (folder: string): Promise<readonly string[]> => {
  const at = (name: string): string => path.join(folder, name);
  if (existsSync(at(WEIGHTS_FILE))) return [at(WEIGHTS_FILE)];
  if (!existsSync(at(INDEX_FILE))) {
    throw new DecoderError(
      `${folder}: neither ${WEIGHTS_FILE} nor ${INDEX_FILE} is there. Is this a checkpoint's folder?`,
    );
  }
  const { weight_map: files = {} } = JSON.parse(await readFile(at(INDEX_FILE), 'utf8')) as {
    readonly weight_map?: Readonly<Record<string, string>>;
  };
  const names = [...new Set(Object.values(files))];
  const missing = names.find((name) => !existsSync(at(name)));
  if (missing !== undefined) throw new DecoderError(`${folder}: ${missing} is missing, which ${INDEX_FILE} names.`);
  return names.map(at);
};

/**
 * Reads a decoder, ours or any local Llama checkpoint, in one safetensors file or in several.
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
  const arrays: NamedArray[] = [];
  for (const file of await weightFiles(folder)) arrays.push(...(await readSafetensors(file)).arrays);
  // a tied output layer may be written all the same
  const needed = config.tie_word_embeddings ? arrays.filter(({ name }) => name !== 'lm_head.weight') : arrays;
  const decoder = new Decoder(config);
  try {
    decoder.parameters.assign(needed, folder);
  } catch (error) {
    decoder.dispose();
    throw new DecoderError(error instanceof Error ? error.message : String(error));
  }
  return decoder;
};
