/** Files that are either the old one or the new one, whole, whenever the process is killed. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with all above it. By its absolute path: on a relative one Node's own never ends where the working folder
 * has been deleted.
 */
export const makeFolder = async (folder: string): Promise<void> => {
  await mkdir(resolve(folder), { recursive: true });
};

/** A file's content at once, or in parts for one that is too long to hold in memory. */
export type FileContent = string | Uint8Array | Iterable<string> | AsyncIterable<string | Uint8Array>;

/**
 * Writes `data` to `path` through a temporary file beside it, flushed to disk and renamed, so that a reader sees the
 * old content or the new and never a part. Makes the folder where it is missing.
 *
 * @throws the file system's own error (ENOSPC, EACCES, ...), with the temporary file removed and `path` unchanged.
 */
export const writeFileAtomic = async (path: string, data: FileContent): Promise<void> => {
  await makeFolder(dirname(path));
  const temporary = `${path}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeFile(file, data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
};

/** Makes a rename survive a power cut; Windows cannot open a folder and does without. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
};
