/** The columns of the row contract. */
export const REQUIRED_COLUMNS = [
  'person_id',
  'year',
  'occupation',
  'education',
  'sex',
  'ethnicity',
  'region',
  'birth_year',
] as const;
export const OPTIONAL_COLUMNS = ['weight', 'cluster_id', 'survey'] as const;
export type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

export interface CellProblem {
  readonly problem: string;
  readonly remedy?: string;
}

const NEVER_MISSING: ReadonlySet<Column> = new Set<Column>(['person_id', 'year', 'occupation', 'weight']);

/** What is wrong with a cell by itself, its row and its file left aside; undefined where nothing is. */
export const cellProblem = (column: Column, text: string): CellProblem | undefined => {
  if (text === '') return NEVER_MISSING.has(column) ? { problem: 'the value is missing' } : undefined;
  const problem = textProblem(text);
  if (problem !== undefined) return { problem };
  switch (column) {
    case 'year':
      return isYear(text, 1900) ? undefined : { problem: 'is no year from 1900 to 2100' };
    case 'birth_year':
      return isYear(text, 1800) ? undefined : { problem: 'is no year', remedy: 'Leave it empty where it is unknown.' };
    case 'weight':
      return /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
        ? undefined
        : { problem: 'is no weight', remedy: 'Weights are finite numbers, 0 or more.' };
    case 'sex':
      return text.includes(' ')
        ? { problem: 'has a space in it', remedy: 'Write one word: a resume says "a female white US worker".' }
        : undefined;
    case 'education':
      return text.includes('): ')
        ? { problem: 'has "): " in it', remedy: 'That ends the education in a line of a resume: write it otherwise.' }
        : undefined;
    default:
      return undefined;
  }
};

/**
 * What is wrong with a text whatever its column. A title is scored together with the newline that ends it, and every
 * cell becomes part of a line of a resume: a line break would end it, white space at its ends would be invisible.
 */
export const textProblem = (text: string): string | undefined => {
  if (text.includes('\uFFFD')) return 'is not UTF-8 (U+FFFD stands for what could not be decoded)';
  if (/[\n\r\u0085\u2028\u2029]/.test(text)) return 'has a line break in it';
  if (/\p{Cc}/u.test(text)) return 'has a control character in it';
  if (text.trim() !== text) return 'begins or ends with white space';
  return undefined;
};

const isYear = (text: string, first: number): boolean =>
  /^\d{4}$/.test(text) && Number(text) >= first && Number(text) <= 2100;
