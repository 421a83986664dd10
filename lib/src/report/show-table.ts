import { join } from 'node:path';
import { writeFileAtomic } from '../support';
import type { Row } from './frame';
import { showOutput } from './notebook';
import {
  type Frame,
  type PreparedTable,
  tableHtml,
  tableLatex,
  tableMarkdown,
  tableText,
  type TableOptions,
} from './table';
import type { SaveAs } from './show';

/**
 * Shows a data frame, or rows, as a typeset table in the running cell (outside a notebook: printed as text), and writes
 * it to FOLDER/NAME.md and FOLDER/NAME.tex where `saveAs` is given.
 */
export const showTable = async (
  source: Frame | readonly Row[],
  options: TableOptions = {},
  saveAs?: SaveAs,
): Promise<void> => {
  if (saveAs !== undefined) await saveTable(source, saveAs.name, saveAs.folder, options);
  showOutput({ 'text/html': tableHtml(source, options), 'text/plain': tableText(source, options) });
};

/** Writes tables by their names, as `saveTable` does. */
export const saveTables = async (tables: Readonly<Record<string, PreparedTable>>, folder: string): Promise<void> => {
  for (const [name, { rows, options }] of Object.entries(tables)) await saveTable(rows, name, folder, options);
};

/** Writes FOLDER/NAME.md and FOLDER/NAME.tex. */
export const saveTable = async (
  source: Frame | readonly Row[],
  name: string,
  folder: string,
  options: TableOptions = {},
): Promise<void> => {
  await writeFileAtomic(join(folder, `${name}.md`), tableMarkdown(source, options));
  await writeFileAtomic(join(folder, `${name}.tex`), tableLatex(source, options));
};
