/**
 * Text files, plain or gzip, streamed row by row: CSV (RFC 4180) and one text a line. UTF-8 with or without a byte order
 * mark, lines ended by LF or CRLF. What is not UTF-8 arrives as U+FFFD, for the reader of a cell to find.
 */
import { open } from 'node:fs/promises';
import { pipeline as joined } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse, type CsvError, type Options } from 'csv-parse';
import { SurveyError } from './survey-error';

const CSV: Options = { bom: true, relax_column_count: true, record_delimiter: ['\r\n', '\n'] };
// no character that a text may hold separates or quotes
const LINES: Options = { ...CSV, delimiter: '\0', quote: null };

/**
 * Reads a CSV file as a stream, so that it is never in memory as one text.
 *
 * @param onRow called for each row that is not blank: its cells, and the line on which it starts, the first being 1
 * @throws SurveyError if the file cannot be opened, is a broken gzip stream, UTF-16, or no CSV; what `onRow` throws
 */
export const readCsvRows = (path: string, onRow: (cells: readonly string[], row: number) => void): Promise<void> =>
  readRows(path, CSV, onRow);

/** Reads a text file line by line; blank lines are passed over. Throws as `readCsvRows` does. */
export const readTextLines = (path: string, onLine: (line: string, row: number) => void): Promise<void> =>
  readRows(path, LINES, (cells, row) => onLine(cells.join('\0'), row));

const readRows = async (
  path: string,
  options: Options,
  onRow: (cells: readonly string[], row: number) => void,
): Promise<void> => {
  const errors: CsvError[] = [];
  // an error of csv-parse would throw away the rows before it that wait to be read: end after them instead
  const parser = parse({ ...options, skip_records_with_error: true });
  parser.on('skip', (error: CsvError) => errors.push(error));
  let recordCount = 0;
  let line = 1;
  try {
    await pipeline(bytesOf(path), parser, async (records: AsyncIterable<string[]>) => {
      for await (const cells of records) {
        if (errors[0] !== undefined && recordCount >= Number(errors[0]['records'])) continue;
        if (cells.length > 1 || cells[0] !== '') onRow(cells, line);
        recordCount++;
        line += 1 + lineBreaksIn(cells);
      }
    });
  } catch (error) {
    throw asSurveyError(error, path);
  }
  if (errors[0] !== undefined) throw csvFault(errors[0], path, line);
};

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path);
  const { buffer: start } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const isGzip = start.readUInt16BE() === 0x1f8b;
  if (path.endsWith('.gz') && !isGzip) {
    await handle.close();
    throw fault(path, 'is no gzip stream, though its name ends in .gz', 'Fetch it again, or take .gz off its name.');
  }
  const file = handle.createReadStream({ start: 0 });
  // an error of either stream comes out of the second, hence nothing to do in the callback
  const bytes: AsyncIterable<Buffer> = isGzip ? joined(file, createGunzip(), () => undefined) : file;
  let isFirst = true;
  for await (const chunk of bytes) {
    if (isFirst && chunk.length > 1 && [0xfffe, 0xfeff].includes(chunk.readUInt16BE())) {
      throw fault(path, 'is UTF-16, not UTF-8', 'Save it as UTF-8.');
    }
    isFirst = false;
    yield chunk;
  }
}

const lineBreaksIn = (cells: readonly string[]): number => {
  let breaks = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) breaks++;
  }
  return breaks;
};

const fault = (file: string, problem: string, remedy?: string, row?: number): SurveyError =>
  new SurveyError([{ file, row, problem, remedy }]);

const csvFault = ({ code }: CsvError, path: string, row: number): SurveyError =>
  code === 'CSV_QUOTE_NOT_CLOSED'
    ? fault(path, 'a quotation mark opens a cell and none closes it', 'Look for a " that stands alone.', row)
    : fault(path, `is no CSV (${code})`, 'Write quotation marks so: "a ""quoted"" word".', row);

const asSurveyError = (error: unknown, path: string): unknown => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) return fault(path, 'is a broken gzip stream', 'Fetch or compress it again.');
  if (code === 'ENOENT' || code === 'ENOTDIR') return fault(path, 'does not exist', 'Correct the path.');
  if (code === 'EISDIR') return fault(path, 'is a folder', 'Name a file in it.');
  if (/^E[A-Z]+$/.test(code)) return fault(path, `cannot be read (${code})`);
  return error;
};
