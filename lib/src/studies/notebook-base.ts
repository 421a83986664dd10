/** What the text models of the notebooks begin from. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelCard, shippedFoundation, type FitLog } from '../models';
import type { ProfileName } from './profile';
import { foundationStored } from './stored-foundation';

interface FoundationPlan {
  readonly steps: number;
  /** Resumes that are drawn at once. */
  readonly chunk: number;
  readonly config: Readonly<Record<string, number>>;
}

const classroom: FoundationPlan = {
  steps: 400,
  chunk: 2000,
  config: { hidden_size: 128, intermediate_size: 352, num_hidden_layers: 3, tokenizerChunks: 1 },
};

/** What is trained where none is shipped; on the smoke profile always, since that is in a hurry. */
const plans: Readonly<Record<ProfileName, FoundationPlan>> = {
  smoke: {
    steps: 20,
    chunk: 200,
    config: { ...classroom.config, hidden_size: 64, intermediate_size: 176, num_hidden_layers: 2, batchTokens: 1024 },
  },
  classroom,
  published: { ...classroom, steps: 8000 },
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
 * The shipped foundation; where there is none, a small decoder that has read synthetic resumes, none of a survey, kept in
 * the store's folder: trained when it is asked for first. A training that was stopped goes on.
 */
export async function* notebookBase(size: ProfileName, seed: number): AsyncGenerator<FitLog, NotebookBase> {
  const shipped = size === 'smoke' ? undefined : await shippedFoundation();
  const folder = shipped ?? (yield* foundationStored({}, { seed, ...plans[size] }));
  const { training, corpus } = await readModelCard(folder);
  const { parameters, steps } = training as { parameters: number; steps: number };
  const { max_position_embeddings: positions } = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as {
    max_position_embeddings: number;
  };
  return { folder, parameters, steps, positions, corpus: corpus as string };
}
