/**
 * Reads a survey file into careers. A file keeps the row contract, or its faults are reported and nothing of it is read.
 * The README explains the columns, in the section "Your own survey".
 */
import { basename } from 'node:path';
import { readCsvRows } from './csv-rows';
import { occupationsBeside, readOccupations } from './declared-occupations';
import { FaultList } from './fault-list';
import { readOrigin } from './market/origin';
import type { Survey } from './survey';
import { SurveyBuilder } from './survey-builder';
import { SurveyError } from './survey-error';

export interface ReadSurveyOptions {
  /**
   * The survey's name, for rows that have none in a column `survey`; by default the file's name without .csv and .gz.
   */
  readonly name?: string;
  /**
   * The declared occupations: the path of a list (see `readOccupations`), or the titles themselves, as a fitted model
   * carries them. By default `occupations.csv` beside the file, else the file's own titles, sorted, with a warning.
   */
  readonly occupations?: string | readonly string[];
  /** How many faults are reported one by one; the rest are counted. */
  readonly maxFaults?: number;
  /** Where warnings go, a line each; by default to stderr. */
  readonly warn?: (line: string) => void;
}

/**
 * Reads a survey: CSV or gzipped CSV, one row a person and year, rows in any order. The careers come sorted by person,
 * whatever the order of the rows.
 *
 * @throws SurveyError with the faults of the file, or of its list of occupations.
 */
export const readSurvey = async (path: string, options: ReadSurveyOptions = {}): Promise<Survey> => {
  const { maxFaults = 20, warn = (line: string) => console.warn(line) } = options;
  const titles = await declaredTitles(path, options.occupations, maxFaults);
  const faults = new FaultList(maxFaults);
  const builder = new SurveyBuilder(path, titles, faults, warn);
  try {
    await readCsvRows(path, (cells, row) => builder.addRow(cells, row));
  } catch (error) {
    // reading ended early: that is one fault more, after those of the rows before
    if (!(error instanceof SurveyError)) throw error;
    error.faults.forEach((fault) => faults.add(fault));
  }
  const survey = builder.build(options.name ?? surveyNameOf(path));
  const origin = await readOrigin(path);
  return origin === undefined ? survey : { ...survey, origin };
};

/** A survey's name by default: "nlsy97" for .../nlsy97.csv.gz. */
export const surveyNameOf = (path: string): string =>
  basename(path)
    .replace(/\.gz$/i, '')
    .replace(/\.csv$/i, '');

const declaredTitles = async (
  path: string,
  occupations: string | readonly string[] | undefined,
  maxFaults: number,
): Promise<readonly string[] | undefined> => {
  if (occupations !== undefined && typeof occupations !== 'string') return occupations;
  const list = occupations ?? (await occupationsBeside(path));
  return list === undefined ? undefined : readOccupations(list, maxFaults);
};
