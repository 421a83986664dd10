/**
 * One process at a time fits in a folder of the store: two notebooks that are run at once want the same model. The set-up's
 * lock (setup/support/lock.mjs) is alike, and cannot be this one: it is at work before there is a library, and ends programs.
 */
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

export const LOCK = 'lock.json';
const SECONDS_BETWEEN_TOUCHES = 10;
/** A fit touches its lock between steps, so this is longer than a step can take. */
const STALE_SECONDS = 600;

interface Owner {
  readonly pid: number;
  readonly host: string;
}

/**
 * Takes the lock of a folder. A lock whose process is gone, or that nobody has touched for ten minutes, is taken over; so is
 * one of this process, which a cell that was interrupted has left.
 *
 * @returns what releases it; undefined where another process holds it
 */
export const tryLock = async (folder: string): Promise<(() => Promise<void>) | undefined> => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, LOCK);
  const own = JSON.stringify({ pid: process.pid, host: hostname() } satisfies Owner);
  const held = await textOf(path);
  if (held !== undefined && (await isStale(path, held))) await removeStale(path, held);
  try {
    await writeFile(path, own, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return undefined;
  }
  const timer = setInterval(() => {
    const now = new Date();
    // taken over after a long sleep of the machine, there is nothing to touch
    utimes(path, now, now).catch(() => {});
  }, 1000 * SECONDS_BETWEEN_TOUCHES);
  timer.unref();
  return async () => {
    clearInterval(timer);
    if ((await textOf(path)) === own) await rm(path, { force: true });
  };
};

const textOf = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

const isStale = async (path: string, held: string): Promise<boolean> => {
  const { pid, host } = ownerOf(held);
  if (host === hostname() && pid !== undefined && (pid === process.pid || !isAlive(pid))) return true;
  const touched = await stat(path).catch(() => undefined);
  return touched !== undefined && Date.now() - touched.mtimeMs > 1000 * STALE_SECONDS;
};

const ownerOf = (held: string): Partial<Owner> => {
  try {
    return JSON.parse(held) as Owner;
  } catch {
    return {}; // being written
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Another process may have been quicker: then the lock is a new one by now, and goes back. */
const removeStale = async (path: string, held: string): Promise<void> => {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await textOf(aside)) === held) await rm(aside, { force: true });
  else await rename(aside, path);
};
