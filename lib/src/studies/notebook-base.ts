/** What the text models of the notebooks begin from. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelCard, type FitLog } from '../models';
import type { ProfileName } from './profile';
import { shippedFoundations } from './shipped-foundations';
import { foundationStored, type FoundationOptions } from './stored-foundation';

/** A class fine-tunes often and has little time; smoke is in such a hurry that it trains one that knows next to nothing. */
const bases: Readonly<Record<ProfileName, string | Omit<FoundationOptions, 'seed'>>> = {
  smoke: {
    steps: 20,
    chunk: 200,
    config: { hidden_size: 64, intermediate_size: 176, num_hidden_layers: 2, tokenizerChunks: 1, batchTokens: 1024 },
  },
  classroom: shippedFoundations.small,
  published: shippedFoundations.full,
};

/** A base, and what it is. */
export interface NotebookBase {
  readonly folder: string;
  /** Numbers that it consists of. */
  readonly parameters: number;
  readonly steps: number;
  /** Most tokens of a text. */
  readonly positions: number;
  /** What it has read. */
  readonly corpus: string;
}

/**
 * A shipped foundation; in the smoke profile a decoder that has read a few synthetic resumes, kept in the store's folder:
 * trained when it is asked for first. A training that was stopped goes on.
 */
export async function* notebookBase(size: ProfileName, seed: number): AsyncGenerator<FitLog, NotebookBase> {
  const base = bases[size];
  const folder = typeof base === 'string' ? base : yield* foundationStored({}, { seed, ...base });
  const { training, corpus } = await readModelCard(folder);
  const { parameters, steps } = training as { parameters: number; steps: number };
  const { max_position_embeddings: positions } = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
    max_position_embeddings: number;
  };
  return { folder, parameters, steps, positions, corpus: corpus as string };
}
