import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const HEADER = 'person_id,year,occupation,education,sex,ethnicity,region,birth_year';

/** A folder of its own for each test, gone after it. */
export const useFolder = (): { readonly write: (name: string, content: string | Buffer) => string } => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'careers-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return {
    write: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
  };
};

/** A CSV text: the header and rows, each ended by a line feed. */
export const csv = (rows: readonly string[], header = HEADER): string => [header, ...rows, ''].join('\n');
