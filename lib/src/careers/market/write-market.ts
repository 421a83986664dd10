/** A survey of a synthetic market as files: the rows, the declared occupations, and the manifest of its oracle. */
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { writeFileAtomic, type OnProgress } from '../../support';
import { OPTIONAL_COLUMNS, REQUIRED_COLUMNS } from '../cell-problem';
import type { Career } from '../survey';
import type { Market } from './market';
import { manifestPath, originOf } from './origin';

export interface WriteMarketOptions {
  readonly persons: number;
  readonly seed: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

const COLUMNS = [...REQUIRED_COLUMNS, OPTIONAL_COLUMNS[2]];
/** Persons whose rows are handed on as one piece. */
const BLOCK = 500;

/**
 * Writes `path` (CSV, gzipped where the name ends in .gz), `occupations.csv` and the manifest beside it, the manifest
 * last. Careers are drawn as they are written: memory does not grow with their number, and the same market, seed and
 * number of persons give the same bytes (of a .gz with the same zlib).
 *
 * @returns how many rows there are
 * @throws the file system's own error; the signal's reason if aborted
 */
export const writeMarket = async (market: Market, path: string, options: WriteMarketOptions): Promise<number> => {
  const { persons, seed } = options;
  let rows = 0;
  const text = pieces(market, options, (written) => (rows += written));
  await writeFileAtomic(path, /\.gz$/i.test(path) ? gzipped(text) : text);
  const titles = ['occupation', ...market.occupations.map(cell)].join('\n');
  await writeFileAtomic(join(dirname(path), 'occupations.csv'), `${titles}\n`);
  await writeFileAtomic(manifestPath(path), `${JSON.stringify(originOf(market, persons, seed), undefined, 2)}\n`);
  return rows;
};

async function* gzipped(text: Iterable<string>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  // its error is the loop's too, which throws it
  pipeline(text, gzip).catch(() => undefined);
  for await (const chunk of gzip) yield chunk as Uint8Array;
}

function* pieces(
  market: Market,
  { persons, seed, onProgress, signal }: WriteMarketOptions,
  onRows: (rows: number) => void,
): Generator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for (let from = 0; from < persons; from += BLOCK) {
    signal?.throwIfAborted();
    const to = Math.min(from + BLOCK, persons);
    const lines = [...market.careers(seed, to, from)].flatMap((career) => linesOf(career, market.occupations));
    onRows(lines.length);
    yield lines.join('');
    onProgress?.({ done: to, total: persons, unit: 'persons' });
  }
}

const linesOf = (career: Career, titles: readonly string[]): string[] => {
  const { person, sex, ethnicity, birthYear, survey } = career;
  return career.observations.map(({ year, occupation, education, region }) => {
    const cells = [person, year, titles[occupation], education, sex, ethnicity, region, birthYear, survey];
    return `${cells.map((value) => cell(String(value ?? ''))).join(',')}\n`;
  });
};

/** A cell of a CSV (RFC 4180). */
const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
