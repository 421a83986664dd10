/** The browser of the tests that look at pages: whichever Chromium the machine has. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const program = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

/** What a skipped test says where there is none; undefined where there is one. */
export const noBrowser = program === undefined ? 'no Chromium (install one, or name it in CHROMIUM)' : undefined;

export const launchBrowser = (): Promise<Browser> => {
  if (program === undefined) throw new Error(noBrowser);
  return chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
};
