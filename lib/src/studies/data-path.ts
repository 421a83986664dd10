import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectFolder } from '../support';
import { StudyError } from './study-error';

/** The panels that come with the project: each the folder of its name in data/. */
const shippedSurveys = (): readonly string[] => {
  const data = join(projectFolder, 'data');
  return readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(shippedFile(entry.name)))
    .map(({ name }) => name)
    .sort();
};

const shippedFile = (name: string): string => join(projectFolder, 'data', name, `${name}.csv.gz`);

/**
 * The file of a survey: of a shipped one by its name (`young-women`), of any other by its path, which counts from the
 * working folder (a notebook's: notebooks/) or from the project's.
 *
 * @throws StudyError if there is neither.
 */
export const dataPath = (nameOrPath: string): string => {
  const path = [shippedFile(nameOrPath), resolve(nameOrPath), resolve(projectFolder, nameOrPath)].find(
    (candidate) => existsSync(candidate) && !candidate.endsWith('/'),
  );
  if (path !== undefined) return path;
  throw new StudyError(
    `There is no survey "${nameOrPath}": it is neither a shipped one (${shippedSurveys().join(', ')}) nor a file. ` +
      'LABOR_LLM_DATA takes a name or a path, and in notebooks "synthetic" too.',
    { nameOrPath },
  );
};
