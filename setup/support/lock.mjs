/**
 * One set-up at a time in a folder. The lock is a file that names the process and is touched while it works;
 * one whose process is gone, or that nobody has touched for a minute, is taken over. A process killed outright leaves
 * the program it had started (npm, pip) running: the lock names that too, and it is ended before the work is begun again.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson, writeAtomically } from './files.mjs';

const touchEvery = 5_000;
const staleAfter = 60_000;

/** Paths of the locks that this process holds. */
const held = new Set();

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const commandOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    try {
      return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    } catch {
      return '';
    }
  }
};

const isStale = (path, owner) => {
  if (owner?.host === hostname() && !isAlive(owner.pid)) return true;
  try {
    return Date.now() - statSync(path).mtimeMs > staleAfter;
  } catch {
    return false; // gone meanwhile: the next attempt finds out
  }
};

/** Ends what a killed owner left running; its arguments must still be the noted ones, for pids are used again. */
const endLeftover = async (owner) => {
  const { pid, args } = owner?.child ?? {};
  if (!pid || owner.host !== hostname()) return;
  const isRunning = () => isAlive(pid) && commandOf(pid).includes(args.at(-1));
  if (!isRunning()) return;
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; isRunning() && waited < 50; waited++) await sleep(100);
  if (isRunning()) process.kill(pid, 'SIGKILL');
};

const tryAcquire = (path) => {
  try {
    writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname() }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
};

/** Takes a stale lock away, unless somebody else was quicker and it is a new one by now. */
const removeStale = async (path, owner) => {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readJson(aside)?.pid !== owner?.pid) renameSync(aside, path);
  else {
    rmSync(aside, { force: true });
    await endLeftover(owner);
  }
};

/** Runs the task while holding the lock at the path; waits for whoever holds it, saying so once. */
export const withLock = async (path, task) => {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !tryAcquire(path);) {
    const owner = readJson(path);
    if (isStale(path, owner)) {
      await removeStale(path, owner);
      continue;
    }
    if (!told) console.log(`another set-up is at work (process ${owner?.pid ?? 'unknown'}): waiting for it`);
    told = true;
    await sleep(500);
  }
  held.add(path);
  const timer = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // taken over after a long sleep of the machine: nothing to keep fresh
    }
  }, touchEvery);
  try {
    return await task();
  } finally {
    clearInterval(timer);
    held.delete(path);
    if (readJson(path)?.pid === process.pid) rmSync(path, { force: true });
  }
};

/** Notes a started program in the locks held; the function returned strikes it out again. */
export const noteChild = (pid, args) => {
  const write = (child) =>
    held.forEach((path) => writeAtomically(path, JSON.stringify({ pid: process.pid, host: hostname(), child })));
  write({ pid, args });
  return () => write(undefined);
};
