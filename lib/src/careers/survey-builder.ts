/**
 * From rows to careers, checking the row contract on the way.
 */
import { cellProblem, OPTIONAL_COLUMNS, REQUIRED_COLUMNS, type CellProblem, type Column } from './cell-problem';
import type { FaultList } from './fault-list';
import { nearestTitle } from './nearest-title';
import type { Career, Observation, OccupationIndex, PersonId, Survey } from './survey';
import { SurveyError } from './survey-error';

const COLUMNS: readonly Column[] = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];

/** What a person has once: no two rows of a person may disagree on it. */
const FIXED_COLUMNS = ['sex', 'ethnicity', 'birth_year', 'cluster_id', 'survey'] as const;

type Cells = Readonly<Partial<Record<Column, string>>>;

/** A row that has passed every check. */
interface Entry {
  readonly row: number;
  readonly year: number;
  readonly cells: Cells;
}

/** A cell's text, one copy for all rows that have it, and what is wrong with it. */
interface CheckedCell {
  readonly text: string;
  readonly problem: CellProblem | undefined;
}

export class SurveyBuilder {
  private width: number | undefined;
  private columns: readonly { readonly name: Column; readonly at: number; readonly seen: Map<string, CheckedCell> }[] =
    [];
  private readonly declared: ReadonlySet<string> | undefined;
  private readonly entriesOf = new Map<string, Entry[]>();

  /**
   * @param file   as faults shall name it
   * @param titles the declared occupations; undefined takes the file's own
   */
  constructor(
    private readonly file: string,
    private readonly titles: readonly string[] | undefined,
    private readonly faults: FaultList,
    private readonly warn: (line: string) => void,
  ) {
    this.declared = titles && new Set(titles);
  }

  /**
   * Takes the file's rows in their order, the header first. Faults go to the list.
   *
   * @throws SurveyError if the header lacks a column or has one twice
   */
  addRow(row: readonly string[], line: number): void {
    if (this.width === undefined) this.readHeader(row, line);
    else if (row.length !== this.width) {
      const problem = `the row has ${row.length} cells, the header has ${this.width}`;
      this.faults.add({
        file: this.file,
        row: line,
        problem,
        remedy: 'A cell with a comma in it stands in quotation marks.',
      });
    } else this.addEntry(row, line);
  }

  /**
   * @param name the survey's name, where the column `survey` has none
   * @throws SurveyError if there was any fault
   */
  build(name: string): Survey {
    this.faults.throwIfAny();
    if (this.entriesOf.size === 0) throw new SurveyError([{ file: this.file, problem: 'the file has no rows' }]);
    const occupations = this.titles ?? this.ownTitles();
    const indexOf = new Map(occupations.map((title, index) => [title, index as OccupationIndex]));
    const careers = [...this.entriesOf.keys()]
      .sort()
      .map((person) => careerFrom(person, this.entriesOf.get(person) ?? [], indexOf, name));
    const names = new Set(careers.map((career) => career.survey));
    return { name: names.size === 1 ? [...names].join() : name, occupations, careers };
  }

  private readHeader(header: readonly string[], row: number): void {
    this.width = header.length;
    const remedy =
      header.length === 1 && /[;\t]/.test(header[0] ?? '')
        ? 'Separate the cells by commas.'
        : `The header has: ${header.join(', ')}.`;
    const missing = REQUIRED_COLUMNS.filter((column) => !header.includes(column)).map((column) => ({
      file: this.file,
      row,
      column,
      problem: 'the column is missing',
      remedy,
    }));
    const twice = header.filter((column, at) => header.indexOf(column) < at);
    const faults = twice.map((column) => ({ file: this.file, row, column, problem: 'the column is there twice' }));
    // without its columns no row can be understood
    if (missing.length + faults.length > 0) throw new SurveyError([...missing, ...faults]);
    this.columns = COLUMNS.filter((name) => header.includes(name)).map((name) => ({
      name,
      at: header.indexOf(name),
      seen: new Map(),
    }));
    for (const column of header.filter((name) => !COLUMNS.some((known) => known === name))) {
      this.warn(`${this.file}: the column ${JSON.stringify(column)} is not in the row contract and is ignored.`);
    }
  }

  private addEntry(row: readonly string[], line: number): void {
    const cells: Partial<Record<Column, string>> = {};
    let isSound = true;
    for (const { name, at, seen } of this.columns) {
      const raw = row[at] ?? '';
      let cell = seen.get(raw);
      if (cell === undefined) seen.set(raw, (cell = { text: raw, problem: cellProblem(name, raw) }));
      if (cell.problem !== undefined) {
        this.faults.add({ file: this.file, row: line, column: name, value: raw || undefined, ...cell.problem });
        isSound = false;
      }
      cells[name] = cell.text;
    }
    if (isSound) this.addSound({ row: line, year: Number(cells.year), cells });
  }

  /** What a row's cells must have to do with each other, with the person's other rows and with the declared list. */
  private addSound(entry: Entry): void {
    const { row, year, cells } = entry;
    const { person_id: person = '', occupation = '', birth_year: birthYear } = cells;
    if (birthYear && year < Number(birthYear)) {
      const problem = `is before the birth year, ${birthYear}`;
      this.faults.add({ file: this.file, row, column: 'year', value: cells.year, problem });
    }
    if (this.declared !== undefined && !this.declared.has(occupation)) this.addUndeclared(occupation, row);
    const entries = this.entriesOf.get(person);
    if (entries === undefined) {
      this.entriesOf.set(person, [entry]);
      return;
    }
    const same = entries.find((other) => other.year === year);
    if (same !== undefined) {
      const problem = `is a year that person ${JSON.stringify(person)} has in row ${same.row} already`;
      const remedy = 'Keep one row a person and year.';
      this.faults.add({ file: this.file, row, column: 'year', value: cells.year, problem, remedy });
    }
    const first = entries[0] ?? entry;
    for (const column of FIXED_COLUMNS) {
      if (cells[column] === first.cells[column]) continue;
      const problem = `is not what person ${JSON.stringify(person)} has in row ${first.row}: ${JSON.stringify(first.cells[column])}`;
      const remedy = `All rows of a person have the same ${column}.`;
      this.faults.add({ file: this.file, row, column, value: cells[column], problem, remedy });
    }
    entries.push(entry);
  }

  private addUndeclared(occupation: string, row: number): void {
    this.faults.addOnce(occupation, () => {
      const titles = this.titles ?? [];
      const nearest = nearestTitle(occupation, titles);
      return {
        file: this.file,
        row,
        column: 'occupation',
        value: occupation,
        problem: `is not among the ${titles.length} declared occupations`,
        remedy:
          (nearest === undefined ? '' : `Nearest: ${JSON.stringify(nearest)}. `) +
          'Declare it in the list of occupations, or correct the row.',
      };
    });
  }

  private ownTitles(): readonly string[] {
    const titles = new Set<string>();
    for (const entries of this.entriesOf.values()) for (const { cells } of entries) titles.add(cells.occupation ?? '');
    this.warn(
      `${this.file}: no list of occupations is given or lies beside it as occupations.csv; ` +
        `the ${titles.size} titles that occur in it are taken for the declared ones.`,
    );
    return [...titles].sort();
  }
}

const careerFrom = (
  person: string,
  entries: readonly Entry[],
  indexOf: ReadonlyMap<string, OccupationIndex>,
  surveyName: string,
): Career => {
  const observations = [...entries]
    .sort((a, b) => a.year - b.year)
    .map(({ year, cells }): Observation => ({
      year,
      occupation: indexOf.get(cells.occupation ?? '') as OccupationIndex,
      education: cells.education || undefined,
      region: cells.region || undefined,
      weight: cells.weight === undefined ? 1 : Number(cells.weight),
    }));
  const { survey, sex, ethnicity, birth_year: birthYear, cluster_id: cluster } = entries[0]?.cells ?? {};
  return {
    person: person as PersonId,
    cluster: cluster || person,
    survey: survey || surveyName,
    sex: sex || undefined,
    ethnicity: ethnicity || undefined,
    region: observations[0]?.region,
    birthYear: birthYear ? Number(birthYear) : undefined,
    observations,
  };
};
