/**
 * The list of occupations that a survey may use, read from a file: a CSV with a column `occupation` (its other columns
 * do not matter), or, where the name does not end in .csv or .csv.gz, plain text with one title a line.
 */
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { textProblem } from './cell-problem';
import { readCsvRows, readTextLines } from './csv-rows';
import { FaultList } from './fault-list';
import type { DeclaredOccupations, Survey } from './survey';
import { SurveyError } from './survey-error';

/**
 * Reads a list of titles, in the order of the file.
 *
 * @throws SurveyError if the file cannot be read, declares nothing, or has a title that is missing, declared twice, or
 *   cannot stand in a line of a resume (see `textProblem`).
 */
export const readOccupations = async (path: string, maxFaults = 20): Promise<readonly string[]> => {
  const faults = new FaultList(maxFaults);
  const rowOf = new Map<string, number>();
  const addTitle = (title: string, row: number): void => {
    const declaredIn = rowOf.get(title);
    const problem = declaredIn === undefined ? textProblem(title) : `is declared in row ${declaredIn} already`;
    if (title === '') faults.add({ file: path, row, column: 'occupation', problem: 'the title is missing' });
    else if (problem !== undefined) faults.add({ file: path, row, column: 'occupation', value: title, problem });
    else rowOf.set(title, row);
  };
  if (/\.csv(\.gz)?$/i.test(path)) await readColumn(path, 'occupation', addTitle);
  else await readTextLines(path, addTitle);
  faults.throwIfAny();
  if (rowOf.size === 0) throw new SurveyError([{ file: path, problem: 'declares no occupation' }]);
  return [...rowOf.keys()];
};

/** `occupations.csv` in the folder of a survey file, if there is one. */
export const occupationsBeside = async (surveyPath: string): Promise<string | undefined> => {
  const path = join(dirname(surveyPath), 'occupations.csv');
  return access(path).then(
    () => path,
    () => undefined,
  );
};

/** The declared occupations under every survey name that the careers bear: the file's one list for each. */
export const declaredOccupations = (survey: Survey): readonly DeclaredOccupations[] => {
  const names = [...new Set(survey.careers.map((career) => career.survey))].sort();
  return (names.length > 0 ? names : [survey.name]).map((name) => ({ survey: name, titles: survey.occupations }));
};

const readColumn = async (path: string, name: string, onCell: (cell: string, row: number) => void): Promise<void> => {
  let column: number | undefined;
  await readCsvRows(path, (cells, row) => {
    if (column !== undefined) return onCell(cells[column] ?? '', row);
    column = cells.indexOf(name);
    if (column < 0) {
      const remedy = `The first row has: ${cells.join(', ')}. A list without columns is a text file that does not end in .csv.`;
      throw new SurveyError([{ file: path, row, column: name, problem: 'there is no such column', remedy }]);
    }
  });
};
