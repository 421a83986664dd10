/** Other programs: started, listened to, and named in the lock so that a later run can end what a killed one left. */
import { spawn, spawnSync } from 'node:child_process';
import { SetupError } from './errors.mjs';
import { noteChild } from './lock.mjs';

const lastLines = (text, count) => text.trimEnd().split('\n').slice(-count).join('\n');

/**
 * Runs a program to its end and gives all it printed.
 *
 * @param onLine called with each line as it comes
 * @throws SetupError with the last lines printed, if it cannot be started or does not end well
 */
export const run = (command, args, { cwd, env, onLine } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      shell: process.platform === 'win32' && /\.cmd$/.test(command),
    });
    const forget = noteChild(child.pid, args);
    let output = '';
    let pending = '';
    const listen = (chunk) => {
      output += chunk;
      const lines = (pending + chunk).split(/[\r\n]+/);
      pending = lines.pop();
      if (onLine) lines.forEach((line) => onLine(line));
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.on('error', (error) => {
      forget();
      reject(new SetupError(`${command} could not be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      forget();
      if (code === 0) resolve(output);
      else {
        const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
        reject(new SetupError(`${command} ${args[0] ?? ''} ${how}`, { details: lastLines(output, 20) }));
      }
    });
  });

/** What a short command prints, trimmed; undefined where it is not there or fails. */
export const ask = (command, args, { cwd } = {}) => {
  const shell = process.platform === 'win32' && /\.cmd$/.test(command);
  const { status, stdout } = spawnSync(command, args, { cwd, shell, encoding: 'utf8', windowsHide: true });
  return status === 0 ? stdout.trim() : undefined;
};

/**
 * Hands this terminal to a program until it ends; gives its exit code.
 *
 * @param shared others have the terminal as well: the program prints lines only, and is given none
 * @param signal ends the program in order
 */
export const handOver = (command, args, { cwd, env, shared = false, signal } = {}) =>
  new Promise((resolve, reject) => {
    const stdio = shared ? ['ignore', 'pipe', 'inherit'] : 'inherit';
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio });
    child.stdout?.pipe(process.stdout, { end: false });
    const end = () => child.kill('SIGTERM');
    signal?.addEventListener('abort', end, { once: true });
    // Ctrl-C reaches the child as well: it decides what that means, and we wait for it.
    const wait = () => {};
    process.on('SIGINT', wait);
    child.on('error', reject);
    child.on('close', (code, endedBy) => {
      process.off('SIGINT', wait);
      signal?.removeEventListener('abort', end);
      resolve(endedBy ? 130 : code);
    });
  });
