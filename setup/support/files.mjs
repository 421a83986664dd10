/** Small files that say what is done: written whole or not at all, keyed by a hash of what they depend on. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes beside the target and renames, so that a killed process leaves the old file or the new one. */
export const writeAtomically = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
};

/** The text of a file, or undefined where there is none. */
export const readOptional = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** The JSON of a file, or undefined where there is none or a broken one. */
export const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** A short hash of strings, each kept apart from the next. */
export const keyOf = (...parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

/** All files under a folder, sorted, as paths. */
export const filesUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    });

/** A hash that changes when any of the files is edited, added or removed: path, size and time, not contents. */
export const stampOf = (paths) =>
  keyOf(
    ...paths.map((path) => {
      const { size, mtimeMs } = statSync(path);
      return [path, size, mtimeMs];
    }),
  );
