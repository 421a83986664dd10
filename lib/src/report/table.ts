/**
 * Tables as papers set them: a caption, names over the columns, numbers to the right with as many digits as they bear,
 * intervals and standard errors in the cell of their estimate, the best in bold, notes below. One layout, written as
 * HTML, Markdown, LaTeX and plain text.
 */
import { ReportError } from './report-error';
import type { Row } from './frame';

/** danfojs' DataFrame, or anything else with columns and rows of values. */
export interface Frame {
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}

export interface TableOptions {
  readonly caption?: string;
  readonly notes?: readonly string[];
  /** What stands over a column, where it is not the column's name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Digits after the point of a column's numbers (3 unless all are whole numbers), or a function that writes a cell. */
  readonly formats?: Readonly<Record<string, number | ((value: unknown) => string)>>;
  /** Columns that hold the ends of another's interval: `{perplexity: ['low', 'high']}` sets `6.71 (6.60 to 6.82)`. */
  readonly intervals?: Readonly<Record<string, readonly [low: string, high: string]>>;
  /** Columns that hold another's standard errors: `{perplexity: ['se', 'seTrain']}` sets `6.71 (0.08) [0.05]`. */
  readonly errors?: Readonly<Record<string, readonly [inParentheses: string, inBrackets?: string]>>;
  /** Columns whose best value is set in bold. */
  readonly best?: Readonly<Record<string, 'lowest' | 'highest'>>;
  /** Columns of one kind, of which each row's lowest value is set in bold. */
  readonly lowestOf?: readonly string[];
  /** How many rows at the end are set apart and never the best: what the others are measured by. */
  readonly closing?: number;
}

/** Rows, and how they are typeset. */
export interface PreparedTable {
  readonly rows: readonly Row[];
  readonly options: TableOptions;
}

interface Cell {
  readonly text: string;
  readonly bold: boolean;
}

interface Column {
  readonly header: string;
  readonly right: boolean;
  readonly cells: readonly Cell[];
}

interface Layout {
  readonly caption: string | undefined;
  readonly notes: readonly string[];
  readonly columns: readonly Column[];
  /** Rows above the closing ones; all where there are none. */
  readonly body: number;
}

const missing = '–';

const number = (value: number, digits: number): string =>
  Number.isFinite(value)
    ? value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : missing;

const layOut = (source: Frame | readonly Row[], options: TableOptions): Layout => {
  const rows = rowsOf(source);
  const {
    caption,
    notes = [],
    headers = {},
    formats = {},
    intervals = {},
    errors = {},
    best = {},
    lowestOf = [],
  } = options;
  const ends = new Set([...Object.values(intervals).flat(), ...Object.values(errors).flat()]);
  const body = rows.length - (options.closing ?? 0);
  const names = 'columns' in source ? source.columns : [...new Set(rows.flatMap(Object.keys))];
  for (const [option, named] of Object.entries({ headers, formats, intervals, errors, best, lowestOf })) {
    const wanted = Array.isArray(named)
      ? named
      : [...Object.keys(named), ...Object.values<unknown>(named).filter(Array.isArray).flat()];
    const unknown = wanted.find((n) => !names.includes(n as string));
    if (unknown !== undefined) {
      throw new ReportError(
        `Table${caption === undefined ? '' : ` "${caption}"`}, option ${option}: no column "${unknown}". ` +
          `Its columns: ${names.join(', ')}.`,
        caption,
      );
    }
  }
  const lowest = rows.map((row) =>
    Math.min(...lowestOf.map((name) => row[name]).filter((value): value is number => Number.isFinite(value))),
  );
  const columns = names
    .filter((name) => !ends.has(name))
    .map((name): Column => {
      const values = rows.map((row) => row[name]);
      const numbers = values.filter((value): value is number => typeof value === 'number');
      const format = formats[name] ?? (numbers.every(Number.isInteger) ? 0 : 3);
      const write = (value: unknown): string => {
        if (value === null || value === undefined || value === '') return missing;
        if (typeof format === 'function') return format(value);
        return typeof value === 'number' ? number(value, format) : String(value);
      };
      const [low, high] = intervals[name] ?? [];
      const [inParentheses, inBrackets] = errors[name] ?? [];
      const besides = (row: Readonly<Record<string, unknown>>): string => {
        const has = (column: string | undefined): column is string => column !== undefined && row[column] != null;
        return [
          has(low) && has(high) ? ` (${write(row[low])} to ${write(row[high])})` : '',
          has(inParentheses) ? ` (${write(row[inParentheses])})` : '',
          has(inBrackets) ? ` [${write(row[inBrackets])}]` : '',
        ].join('');
      };
      const finite = values.slice(0, body).filter((value): value is number => Number.isFinite(value));
      const wanted = best[name] && (best[name] === 'lowest' ? Math.min(...finite) : Math.max(...finite));
      return {
        header: headers[name] ?? name,
        right: numbers.length > 0,
        cells: rows.map((row, r) => ({
          text: write(row[name]) + besides(row),
          bold:
            (r < body && finite.length > 1 && row[name] === wanted) ||
            (lowestOf.includes(name) && row[name] === lowest[r]),
        })),
      };
    });
  return { caption, notes, columns, body };
};

const rowsOf = (source: Frame | readonly Row[]): readonly Readonly<Record<string, unknown>>[] =>
  'columns' in source
    ? source.values.map((row) =>
        Object.fromEntries(source.columns.map((name, i) => [name, Array.isArray(row) ? row[i] : row])),
      )
    : source;

/** The table's lines: each a cell of every column. */
const lines = ({ columns }: Layout): (readonly { column: Column; cell: Cell }[])[] =>
  (columns[0]?.cells ?? []).map((_, i) =>
    columns.map((column) => ({ column, cell: column.cells[i] ?? { text: missing, bold: false } })),
  );

const escapeHtml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** With the styles in the elements: notebooks drop style sheets. */
export const tableHtml = (source: Frame | readonly Row[], options: TableOptions = {}): string => {
  const layout = layOut(source, options);
  const cell = (tag: string, { right }: Column, text: string, rule = ''): string =>
    `<${tag} style="text-align: ${right ? 'right' : 'left'}; padding: 0.25em 0.9em; ${rule}">${text}</${tag}>`;
  const rule = 'border-bottom: 1px solid currentColor;';
  const body = lines(layout).map((line, r) => {
    const above = r > 0 && r === layout.body ? 'border-top: 1px solid currentColor;' : '';
    const cells = line.map(({ column, cell: { text, bold } }) =>
      cell('td', column, bold ? `<strong>${escapeHtml(text)}</strong>` : escapeHtml(text), above),
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  const notes = layout.notes.map((note) => `<p style="margin: 0.3em 0; font-size: 90%;">${escapeHtml(note)}</p>`);
  return [
    '<div>',
    '<table style="border-collapse: collapse; border-top: 2px solid currentColor; border-bottom: 2px solid currentColor;">',
    ...(layout.caption === undefined
      ? []
      : [`<caption style="text-align: left; padding: 0.4em 0;">${escapeHtml(layout.caption)}</caption>`]),
    `<thead><tr>${layout.columns.map((column) => cell('th', column, escapeHtml(column.header), rule)).join('')}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody>`,
    '</table>',
    ...notes,
    '</div>',
  ].join('\n');
};

export const tableMarkdown = (source: Frame | readonly Row[], options: TableOptions = {}): string => {
  const layout = layOut(source, options);
  const escape = (text: string): string => text.replace(/[\\|*_<>`]/g, '\\$&');
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    ...(layout.caption === undefined ? [] : [`**${escape(layout.caption)}**`, '']),
    row(layout.columns.map(({ header }) => escape(header))),
    row(layout.columns.map(({ right }) => (right ? '---:' : '---'))),
    ...lines(layout).map((line) =>
      row(line.map(({ cell: { text, bold } }) => (bold ? `**${escape(text)}**` : escape(text)))),
    ),
    ...layout.notes.flatMap((note) => ['', escape(note)]),
    '',
  ].join('\n');
};

const latexNames: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '–': '--',
};
const escapeLatex = (text: string): string =>
  text.replace(/[\\~^–]|[&%$#_{}]/g, (character) => latexNames[character] ?? `\\${character}`);

/** For a document that uses the package booktabs. */
export const tableLatex = (source: Frame | readonly Row[], options: TableOptions = {}): string => {
  const layout = layOut(source, options);
  const row = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;
  return [
    '\\begin{table}',
    '\\centering',
    ...(layout.caption === undefined ? [] : [`\\caption{${escapeLatex(layout.caption)}}`]),
    `\\begin{tabular}{${layout.columns.map(({ right }) => (right ? 'r' : 'l')).join('')}}`,
    '\\toprule',
    row(layout.columns.map(({ header }) => escapeLatex(header))),
    '\\midrule',
    ...lines(layout).flatMap((line, r) => [
      ...(r > 0 && r === layout.body ? ['\\midrule'] : []),
      row(line.map(({ cell: { text, bold } }) => (bold ? `\\textbf{${escapeLatex(text)}}` : escapeLatex(text)))),
    ]),
    '\\bottomrule',
    '\\end{tabular}',
    ...layout.notes.map((note) => `\n{\\footnotesize ${escapeLatex(note)}}`),
    '\\end{table}',
    '',
  ].join('\n');
};

/** For terminals: columns side by side, an asterisk at the best. */
export const tableText = (source: Frame | readonly Row[], options: TableOptions = {}): string => {
  const layout = layOut(source, options);
  const text = ({ text, bold }: Cell): string => (bold ? `${text} *` : text);
  const widths = layout.columns.map(({ header, cells }) =>
    Math.max(header.length, ...cells.map((cell) => text(cell).length)),
  );
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (layout.columns[i]?.right ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [
    ...(layout.caption === undefined ? [] : [layout.caption, '']),
    row(layout.columns.map(({ header }) => header)),
    rule,
    ...lines(layout).flatMap((line, r) => [
      ...(r > 0 && r === layout.body ? [rule] : []),
      row(line.map(({ cell }) => text(cell))),
    ]),
    ...(layout.columns.some(({ cells }) => cells.some(({ bold }) => bold)) ? ['* best'] : []),
    ...layout.notes,
  ].join('\n');
};
