import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { root, venvPython } from '../setup/programs';

const browserProgram = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((program) => program !== undefined && existsSync(program));

const NOTEBOOK = '01-introduction.ipynb';

/** Starts `npm run lab` on a folder; gives the address that it prints, token included. */
const startLab = async (folder: string): Promise<{ lab: ChildProcess; url: string }> => {
  const lab = spawn(
    process.execPath,
    ['setup/lab.mjs', '--no-browser', `--ServerApp.root_dir=${folder}`, '--ServerApp.port=0'],
    {
      cwd: root,
      env: { ...process.env, LABOR_LLM_PROFILE: 'smoke', LABOR_LLM_OUTPUT: folder },
      detached: true, // a group of its own, so that server and kernel end with it
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /http:\/\/(?:localhost|127\.0\.0\.1):\d+\/lab\?token=\w+/.exec(said);
      if (found) resolve(found[0]);
    };
    lab.stdout.on('data', listen);
    lab.stderr.on('data', listen);
    lab.on('exit', (code) => reject(new Error(`JupyterLab ended with ${code}:\n${said}`)));
  });
  return { lab, url };
};

describe('a notebook in JupyterLab, in a browser', function () {
  this.timeout(300_000);
  let folder: string;
  let lab: ChildProcess | undefined;
  let browser: Browser | undefined;
  let page: Page;

  before(async function () {
    if (venvPython() === undefined || browserProgram === undefined) {
      console.log(
        venvPython() === undefined
          ? '      skipped: no Python environment (.venv) is set up'
          : '      skipped: no Chromium (install one, or name it in CHROMIUM)',
      );
      this.skip();
    }
    folder = mkdtempSync(join(root, '.setup', 'lab-')); // inside, where imports of labor-llm are found
    copyFileSync(join(root, 'notebooks', NOTEBOOK), join(folder, NOTEBOOK));
    const started = await startLab(folder);
    lab = started.lab;
    browser = await chromium.launch({ executablePath: browserProgram, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(started.url.replace('/lab?', `/lab/tree/${NOTEBOOK}?`));
  });

  after(async () => {
    await browser?.close();
    if (lab?.pid !== undefined) process.kill(-lab.pid, 'SIGKILL');
    if (folder) rmSync(folder, { recursive: true, maxRetries: 3 });
  });

  it('runs all cells with our kernel, by the menu', async () => {
    await page.getByText('TypeScript (labor-llm)').first().waitFor({ timeout: 60_000 });
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
    // JupyterLab goes to the last cell, whose number appears when it has run
    const last = page.locator('.jp-CodeCell .jp-InputPrompt').last();
    await last.filter({ hasText: /^\[\d+\]:$/ }).waitFor({ timeout: 240_000 });
    const failed = page.locator('[data-mime-type="application/vnd.jupyter.stderr"]');
    assert.equal(await failed.count(), 0);
    assert.ok(existsSync(join(folder, 'figures')), `no figures among ${readdirSync(folder).join(', ')}`);
  });

  it('shows a Plotly figure that answers to the mouse', async () => {
    const bar = page.locator('.jp-OutputArea .js-plotly-plot .barlayer .point').first();
    const middle = async (): Promise<{ x: number; y: number }> => {
      const box = await bar.boundingBox();
      return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : { x: -1, y: -1 };
    };
    // cells above grow as they are drawn, and push the figure down
    for (let turn = 0; turn < 20; turn++) {
      const { y } = await middle();
      if (y > 100 && y < 800) break;
      await bar.evaluate((element) => element.closest('.js-plotly-plot')?.scrollIntoView({ block: 'center' }));
      await sleep(500);
    }
    const { x, y } = await middle();
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y, { steps: 4 });
    const label = page.locator('.js-plotly-plot .hoverlayer .hovertext');
    await label.waitFor({ timeout: 10_000 });
    assert.match((await label.textContent()) ?? '', /\d/);
    const picture = process.env['LABOR_LLM_SCREENSHOT']; // where to keep what the browser shows
    if (picture !== undefined) await page.screenshot({ path: picture });
  });
});
