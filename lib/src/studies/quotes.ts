/**
 * Numbers that prose quotes from published results, each between two comments of Markdown that no reader sees:
 *
 *   <!-- published: young-women/all-models#rows.career.report.perplexity -->7.14<!-- -->
 *
 * Before the # stands the file, data/results/published/young-women/all-models.json, behind it the way to the number in it:
 * keys and positions with points between, and of a list also the entry that has the word for its `model`, say. A number is
 * written with as many digits after the point as the quote has; `percent` before the arrow quotes a share in percent.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectFolder, writeFileAtomic } from '../support';
import { StudyError } from './study-error';

/** In a notebook's file a quote stands on one line too. */
const QUOTE = /<!-- published: ([^\s#]+)#(\S+)( percent)? -->([^<\n]*)<!-- -->/g;

/** What a file's quotes should be and are not. */
export interface WrongQuote {
  /** Path from the project's folder. */
  readonly file: string;
  readonly key: string;
  readonly quoted: string;
  readonly published: string;
}

/** README and all notebooks, with what stands beside them. */
export const quotingFiles = (): readonly string[] => [
  join(projectFolder, 'README.md'),
  ...['notebooks', 'data'].flatMap((folder) =>
    readdirSync(join(projectFolder, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ipynb|md)$/.test(name) && !/^(results|fitted)\b|\.ipynb_checkpoints/.test(name))
      .sort()
      .map((name) => join(projectFolder, folder, name)),
  ),
];

/**
 * The number that a key names.
 *
 * @param folder of the published results
 * @throws StudyError where there is no such file, or no number at the end of the way
 */
export const publishedNumber = (file: string, way: string, folder = publishedFolder()): number => {
  const key = `${file}#${way}`;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8'));
  } catch {
    throw new StudyError(`"${key}" is quoted, but there is no published result ${file}.json.`, { key });
  }
  for (const step of way.split('.')) value = entryOf(value, step);
  if (typeof value === 'number') return value;
  throw new StudyError(`"${key}" is quoted, but ${file}.json has no number there.`, { key });
};

const publishedFolder = (): string => join(projectFolder, 'data', 'results', 'published');

const entryOf = (value: unknown, step: string): unknown => {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, step)) return (value as Readonly<Record<string, unknown>>)[step];
  const named = Array.isArray(value) ? value.filter((entry) => hasWord(entry, step)) : [];
  return named.length === 1 ? named[0] : undefined; // of two of a name neither is meant
};

const hasWord = (entry: unknown, word: string): boolean =>
  typeof entry === 'object' && entry !== null && Object.values(entry).includes(word);

/**
 * The text with every quote as it is published.
 *
 * @param onWrong told of each that was not
 * @throws StudyError as `publishedNumber`
 */
export const withPublished = (
  text: string,
  onWrong: (wrong: Omit<WrongQuote, 'file'>) => void = () => {},
  folder = publishedFolder(),
): string =>
  text.replace(QUOTE, (whole, file: string, way: string, percent: string | undefined, quoted: string) => {
    const value = publishedNumber(file, way, folder) * (percent === undefined ? 1 : 100);
    const digits = /\.(\d+)/.exec(quoted)?.[1]?.length ?? 0;
    const published = value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    if (published === quoted) return whole;
    onWrong({ key: `${file}#${way}`, quoted, published });
    return whole.replace(`-->${quoted}<!--`, () => `-->${published}<!--`);
  });

/** All quotes of the project that differ from what is published. */
export const wrongQuotes = (): readonly WrongQuote[] =>
  quotingFiles().flatMap((path) => {
    const wrong: WrongQuote[] = [];
    const file = relative(projectFolder, path);
    withPublished(readFileSync(path, 'utf8'), (quote) => wrong.push({ file, ...quote }));
    return wrong;
  });

/** Puts what is published into every file that quotes it. Gives what was wrong. */
export const refreshQuotes = async (): Promise<readonly WrongQuote[]> => {
  const wrong = wrongQuotes();
  for (const file of new Set(wrong.map((quote) => quote.file))) {
    const path = join(projectFolder, file);
    await writeFileAtomic(path, withPublished(readFileSync(path, 'utf8')));
  }
  return wrong;
};
