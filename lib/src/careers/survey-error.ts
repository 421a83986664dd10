/** One thing wrong with a survey file, and what to do about it. */
export interface SurveyFault {
  /** The file as it was given. */
  readonly file: string;
  /** Line of the file as a text editor counts it, the header being 1; absent where the file as a whole is meant. */
  readonly row?: number | undefined;
  readonly column?: string | undefined;
  /** The offending text; absent where something is missing. */
  readonly value?: string | undefined;
  /** What is wrong, as a predicate of the value, or of the place where there is no value. */
  readonly problem: string;
  /** What to do about it, in whole sentences. */
  readonly remedy?: string | undefined;
  /** In how many rows this very fault is, `row` being the first of them; 1 if absent. */
  readonly rows?: number;
}

/** A survey cannot be read: its faults up to a limit, and how many there are in all. */
export class SurveyError extends Error {
  override readonly name = 'SurveyError';

  /**
   * @param faults those to be shown, by row
   * @param total  how many there are, those beyond the limit included
   */
  constructor(
    readonly faults: readonly SurveyFault[],
    readonly total: number = faults.length,
  ) {
    const rest = total - faults.length;
    super([...faults.map(faultSentence), ...(rest > 0 ? [`... and ${rest} more.`] : [])].join('\n'));
  }
}

/** The sentence for a fault: where, which value, what is wrong, what to do. */
export const faultSentence = ({ file, row, column, value, problem, remedy, rows = 1 }: SurveyFault): string => {
  const place = [file, row === undefined ? '' : `row ${row}`, column === undefined ? '' : `column ${column}`];
  const what = value === undefined ? problem : `${quoted(value)} ${problem}`;
  const further = rows > 1 ? ` (and in ${rows - 1} more row${rows > 2 ? 's' : ''})` : '';
  return `${place.filter(Boolean).join(', ')}: ${what}${further}.${remedy === undefined ? '' : ` ${remedy}`}`;
};

const LONGEST_SHOWN = 120;

/** In quotation marks, with line breaks and control characters made visible, cut where it is long. */
const quoted = (value: string): string =>
  JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}...` : value);
