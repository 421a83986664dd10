/**
 * The store of fitted models: a folder a fit, named by a hash of everything that the fit depends on, so that what has been
 * fitted once is not fitted again, and what any of it has changed for is never taken for it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Survey } from '../careers';
import { fitModel, hashSurveys, hasModelCard, type FitLog, type FitOptions, type OccupationModel } from '../models';
import { projectFolder, toEnd, writeFileAtomic } from '../support';
import { LOCK, tryLock } from './fit-lock';
import { StudyError } from './study-error';

/** What is told of a model to be fitted besides its name and the surveys. */
export type StoredOptions = Omit<FitOptions, 'folder' | 'resume' | 'signal' | 'provenance'>;

/** `store.json` of a folder: what the fit is of. */
export interface StoreRecord {
  readonly model: string;
  readonly surveys: readonly string[];
  readonly options: StoredOptions;
  /** SHA-256 of the surveys, and of the library's code and compiled kernels. */
  readonly dataHash: string;
  readonly codeHash: string;
  readonly backend: string;
  /** When the fit began, ISO 8601. */
  readonly began: string;
  /** Wall clock of the fit so far, over all its parts. */
  readonly seconds: number;
}

export interface StoreEntry extends StoreRecord {
  readonly key: string;
  readonly folder: string;
  /** Whether the model is whole; otherwise its fit was stopped and can be gone on with. */
  readonly isFitted: boolean;
  /** Whether the code is the one that would fit it today. */
  readonly isCurrent: boolean;
  readonly bytes: number;
}

const RECORD = 'store.json';
const LOG = 'log.json';
const KEY_LENGTH = 16;

/** A kill loses no more of the clock than this. */
const SECONDS_BETWEEN_RECORDS = 10;

/** data/fitted; LABOR_LLM_OUTPUT names another folder than the project's, for tests and trials. */
export const storeFolder = (): string => {
  const base = process.env['LABOR_LLM_OUTPUT'];
  return join(base === undefined || base === '' ? projectFolder : resolve(projectFolder, base), 'data', 'fitted');
};

/** What a fit has left in the store, with how it came to be. */
export interface Kept<Result> {
  readonly result: Result;
  readonly folder: string;
  /** Whether it was in the store already. */
  readonly wasFitted: boolean;
  /** Wall clock of the fit, over all its parts. */
  readonly seconds: number;
  /** What the fit logged, step by step, also where it was done before. */
  readonly logs: readonly FitLog[];
}

/** A fitted model with how it came to be. */
export interface Stored extends Omit<Kept<OccupationModel>, 'result'> {
  readonly model: OccupationModel;
}

/**
 * Fits a model into the store, or loads it from there. A fit that was stopped goes on. The folder holds what `fitModel`
 * writes, and so does for every command that takes a fitted model's folder.
 */
export async function* fitStored(
  name: string,
  surveys: readonly Survey[],
  options: StoredOptions & Pick<FitOptions, 'signal' | 'provenance'>,
  store = storeFolder(),
): AsyncGenerator<FitLog, Stored> {
  const { signal, provenance, ...stored } = options;
  const begun = {
    model: name,
    surveys: surveys.map((survey) => survey.name),
    options: stored,
    dataHash: hashSurveys(surveys),
  };
  const fit = (folder: string): AsyncGenerator<FitLog, OccupationModel> =>
    fitModel(name, surveys, {
      ...stored,
      folder,
      resume: true,
      signal,
      ...(provenance === undefined ? {} : { provenance }),
    });
  const { result, ...kept } = yield* fitInStore(begun, fit, signal, store);
  return { model: result, ...kept };
}

/**
 * Runs a fit in the folder that is its own, named by a hash of what `begun` says, of the code and of the base's files.
 * Where another process is at the same fit, its steps are told, and what it leaves is loaded.
 *
 * @param fit leaves a whole model in the folder, or goes on there with one that was stopped
 */
export async function* fitInStore<Result>(
  begun: Pick<StoreRecord, 'model' | 'surveys' | 'options' | 'dataHash'>,
  fit: (folder: string) => AsyncGenerator<FitLog, Result>,
  signal?: AbortSignal,
  store = storeFolder(),
): AsyncGenerator<FitLog, Kept<Result>> {
  // loaded here, so that what only lists the store does not load TensorFlow
  const { chosenBackend } = await import('../tensors/index.js');
  const made = { ...begun, codeHash: codeHash(), backend: chosenBackend().name };
  const base = folderHash(begun.options.base) ?? '';
  // by what is in it: where a base lies differs from clone to clone
  const options = { ...made.options, base: undefined };
  const key = createHash('sha256')
    .update(JSON.stringify({ ...made, options, base }))
    .digest('hex')
    .slice(0, KEY_LENGTH);
  const folder = join(store, key);
  const release = yield* lockOrFollow(folder, signal);
  try {
    return yield* fitLocked(folder, made, fit, signal);
  } finally {
    await release();
  }
}

/** Waits for the lock, and tells meanwhile what its holder logs. @returns what releases it */
async function* lockOrFollow(
  folder: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<FitLog, () => Promise<void>> {
  for (let told = 0; ;) {
    const release = await tryLock(folder);
    if (release !== undefined) return release;
    signal?.throwIfAborted();
    const logs = await readLogs(folder);
    yield* logs.slice(told);
    told = logs.length;
    await sleep(500);
  }
}

async function* fitLocked<Result>(
  folder: string,
  made: Omit<StoreRecord, 'began' | 'seconds'>,
  fit: (folder: string) => AsyncGenerator<FitLog, Result>,
  signal: AbortSignal | undefined,
): AsyncGenerator<FitLog, Kept<Result>> {
  const record = (await readRecord(folder)) ?? { ...made, began: new Date().toISOString(), seconds: 0 };
  const wasFitted = await hasModelCard(folder);
  const started = performance.now();
  const logs = await readLogs(folder);
  const keep = async (seconds: number): Promise<void> => {
    if (logs.length > 0) await writeFileAtomic(join(folder, LOG), `${JSON.stringify(logs)}\n`);
    await writeFileAtomic(join(folder, RECORD), `${JSON.stringify({ ...record, seconds })}\n`);
  };
  const seconds = (): number => record.seconds + (performance.now() - started) / 1000;
  if (!wasFitted) await keep(record.seconds);
  const steps = fit(folder);
  try {
    for (let kept = started; ;) {
      const item = await steps.next();
      if (item.done === true) {
        const total = wasFitted ? record.seconds : seconds();
        if (!wasFitted) await keep(total);
        return { result: item.value, folder, wasFitted, seconds: total, logs };
      }
      // after a kill the fit goes on from its checkpoint, which may lie behind the log
      while ((logs.at(-1)?.step ?? 0) >= item.value.step) logs.pop();
      logs.push(item.value);
      yield item.value;
      if (performance.now() - kept < 1000 * SECONDS_BETWEEN_RECORDS) continue;
      await keep(seconds());
      kept = performance.now();
    }
  } catch (error) {
    if (signal?.aborted) await keep(seconds());
    // a fit that failed before it had kept anything leaves no folder behind
    else if ((await readdir(folder).catch(() => [])).every((file) => [RECORD, LOCK].includes(file))) {
      await rm(folder, { recursive: true, force: true });
    }
    throw error;
  }
}

/** A fit into the store, run to its end. */
export const storedModel = (fit: AsyncGenerator<FitLog, Stored>, onLog?: (log: FitLog) => void): Promise<Stored> =>
  toEnd(fit, onLog);

/** What is in the store, the oldest first. */
export const listStore = async (store = storeFolder()): Promise<readonly StoreEntry[]> => {
  const keys = await readdir(store).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const code = codeHash();
  const entries: StoreEntry[] = [];
  for (const key of keys) {
    const folder = join(store, key);
    const record = await readRecord(folder);
    if (record === undefined) continue;
    const isFitted = await hasModelCard(folder);
    entries.push({
      ...record,
      key,
      folder,
      isFitted,
      isCurrent: record.codeHash === code,
      bytes: await bytesIn(folder),
    });
  }
  return entries.sort((a, b) => (a.began < b.began ? -1 : 1));
};

/** Which entries a pruning takes away: those of other code than today's, those of stopped fits, or all. */
export type Pruning = 'outdated' | 'unfinished' | 'all';

/** @returns what was taken away */
export const pruneStore = async (which: Pruning, store = storeFolder()): Promise<readonly StoreEntry[]> => {
  const entries = (await listStore(store)).filter(
    ({ isCurrent, isFitted }) => which === 'all' || (which === 'outdated' ? !isCurrent : !isFitted),
  );
  for (const { folder } of entries) await rm(folder, { recursive: true });
  return entries;
};

const readRecord = async (folder: string): Promise<StoreRecord | undefined> => {
  const path = join(folder, RECORD);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as StoreRecord;
  } catch {
    throw new StudyError(`${path} is not the record of a stored model: delete its folder.`, { folder });
  }
};

/** The log kept so far; what cannot be read is none, since nothing but a curve depends on it. */
const readLogs = async (folder: string): Promise<FitLog[]> => {
  const text = await readFile(join(folder, LOG), 'utf8').catch(() => '[]');
  try {
    return JSON.parse(text) as FitLog[];
  } catch {
    return [];
  }
};

const bytesIn = async (folder: string): Promise<number> => {
  const sizes = filesUnder(folder).map(async (path) => (await stat(path)).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

/** The rooms on which a fit depends: a change to tables, figures or commands leaves fitted models as they are. */
const fitRooms = ['careers', 'resumes', 'tokens', 'tensors', 'decoder', 'training', 'models', 'support'];

const codeHashes = new Map<string, string>();

/** SHA-256 of what is compiled of the rooms on which a fit depends, of others besides, and of the kernels' source. */
export const codeHash = (...others: readonly string[]): string => {
  const key = others.join();
  let hash = codeHashes.get(key);
  if (hash === undefined) {
    const library = join(projectFolder, 'lib');
    const folders = [...fitRooms, ...others].map((room) => join(library, 'dist', room));
    const files = [...folders, join(library, 'native')].flatMap((folder) => filesUnder(folder));
    hash = hashFiles(files.filter((path) => !path.endsWith('.d.ts') && !path.endsWith('.map')));
    codeHashes.set(key, hash);
  }
  return hash;
};

/** SHA-256 of all files of a folder but texts about them (.md) and a lock; null where there is none. */
export const folderHash = (folder: string | undefined): string | null =>
  folder === undefined || !existsSync(folder)
    ? null
    : hashFiles(filesUnder(folder).filter((path) => !path.endsWith('.md') && !basename(path).startsWith(LOCK)));

const filesUnder = (folder: string): readonly string[] =>
  statSync(folder).isFile()
    ? [folder]
    : readdirSync(folder)
        .sort()
        .flatMap((name) => filesUnder(join(folder, name)));

const hashFiles = (paths: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path)).update('\0');
  return hash.digest('hex');
};
