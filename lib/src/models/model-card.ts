/** `model.json` of a fitted model's folder: what it is, which occupations it knows, and what it was fitted on. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitSurvey, type DeclaredOccupations, type Survey } from '../careers';
import { writeFileAtomic } from '../support';
import type { FitOptions } from './fit';
import type { EducationTiming } from './lagged-education';
import { ModelError } from './model-error';

/** What a model was fitted on and how, so that it can be made again. */
export interface FittedFacts {
  /** SHA-256 of the surveys' content (see `hashSurveys`). */
  readonly dataHash: string;
  /** Train persons. */
  readonly persons: number;
  /** Their observations. */
  readonly observations: number;
  readonly seed: number;
  /** Version of this package. */
  readonly version: string;
  /** The backend that computed, for models with tensors. */
  readonly backend?: string;
  /** SHA-256 of the weights that it began from, for a model fitted from a base. */
  readonly base?: string;
  /** When the model learns of an education; in its own year where nothing is said. */
  readonly education?: EducationTiming;
  /** What the caller said of the fit: the files, the command's options. */
  readonly provenance?: Readonly<Record<string, unknown>>;
}

export interface ModelCard {
  readonly name: string;
  readonly surveys: readonly DeclaredOccupations[];
  readonly fitted: FittedFacts;
}

const CARD_FILE = 'model.json';

/** Whether a fitted model lies in the folder. */
export const hasModelCard = (folder: string): Promise<boolean> =>
  access(join(folder, CARD_FILE)).then(
    () => true,
    () => false,
  );

/** This package as its package.json describes it. */
export const packageVersion = (): { readonly version: string } =>
  JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };

/** What there is to say about a fit on the train persons of these surveys. */
export const fittedFacts = (surveys: readonly Survey[], options: FitOptions, backend?: string): FittedFacts => {
  const careers = surveys.flatMap((survey) => splitSurvey(survey).train.careers);
  const { version } = packageVersion();
  return {
    dataHash: hashSurveys(surveys),
    persons: careers.length,
    observations: careers.reduce((sum, career) => sum + career.observations.length, 0),
    seed: options.seed,
    version,
    ...(backend === undefined ? {} : { backend }),
    ...(options.education === undefined ? {} : { education: options.education }),
    ...(options.provenance === undefined ? {} : { provenance: options.provenance }),
  };
};

/** SHA-256 over names, declared occupations and every career of the surveys, in their order; 64 hexadecimal digits. */
export const hashSurveys = (surveys: readonly Survey[]): string => {
  const hash = createHash('sha256');
  for (const { name, occupations, careers } of surveys) {
    hash.update(JSON.stringify([name, occupations]));
    for (const career of careers) hash.update(JSON.stringify(career));
  }
  return hash.digest('hex');
};

/** Writes the card, and beside it whatever else the model keeps in the same file. */
export const writeModelCard = (folder: string, card: ModelCard, rest: Record<string, unknown> = {}): Promise<void> => {
  const { name, surveys, fitted } = card;
  return writeFileAtomic(join(folder, CARD_FILE), `${JSON.stringify({ name, surveys, fitted, ...rest })}\n`);
};

/**
 * Reads the card with whatever else stands in its file.
 *
 * @throws ModelError if the folder has none, or one that is not a card.
 */
export const readModelCard = async (folder: string): Promise<ModelCard & Readonly<Record<string, unknown>>> => {
  const path = join(folder, CARD_FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const remedy =
      error.code === 'ENOENT'
        ? `there is no ${CARD_FILE}. Give the folder that \`labor-llm fit --out\` wrote; a fit that was stopped is ` +
          'finished by the same command with --resume.'
        : `${CARD_FILE} cannot be read (${error.message}).`;
    throw new ModelError(`${folder}: ${remedy}`, { folder });
  });
  const card = parseCard(text);
  if (card === undefined) {
    throw new ModelError(`${path} is not the description of a fitted model: fit the model again.`, { folder });
  }
  return card;
};

const parseCard = (text: string): (ModelCard & Record<string, unknown>) | undefined => {
  try {
    const card = JSON.parse(text) as Partial<ModelCard> | null;
    const isSound =
      typeof card?.name === 'string' &&
      typeof card.fitted === 'object' &&
      Array.isArray(card.surveys) &&
      card.surveys.every((entry) => typeof entry?.survey === 'string' && Array.isArray(entry.titles));
    return isSound ? (card as ModelCard & Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
