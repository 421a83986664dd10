/**
 * Notebooks as a reader has them: opened in JupyterLab in a browser and run by the menu. `npm test` drives two, one that fits
 * a language model and the one with the most figures; `npm run test-lab` drives them all, which takes as long again as running
 * them without a browser (notebooks.test.ts), and shows little more of each.
 */
import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { root, venvPython } from '../setup/programs';
import { launchBrowser, noBrowser } from '../support/browser';

const FEW = ['01-introduction', '04-data'];
const MOST_GIGABYTES = 2.5;
const PLOTLY = 'application/vnd.plotly.v1+json';

const all = readdirSync(join(root, 'notebooks'))
  .filter((name) => name.endsWith('.ipynb'))
  .map((name) => name.replace(/\.ipynb$/, ''));
const names = process.env['LABOR_LLM_TEST_LAB'] === 'all' ? all : FEW;

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly outputs?: readonly { readonly data?: Readonly<Record<string, unknown>> }[];
  }[];
}

const readNotebook = (name: string): Notebook =>
  JSON.parse(readFileSync(join(root, 'notebooks', `${name}.ipynb`), 'utf8')) as Notebook;

const figuresIn = ({ cells }: Notebook): number =>
  cells.flatMap(({ outputs = [] }) => outputs).filter(({ data }) => data?.[PLOTLY] !== undefined).length;

/** As it is before anybody has run it, so that what is seen has been run here. */
const withoutOutputs = (notebook: Notebook): string =>
  JSON.stringify({
    ...notebook,
    cells: notebook.cells.map((cell) =>
      cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell,
    ),
  });

/** Starts `npm run lab` on a folder; gives the address that it prints, token included. */
const startLab = async (folder: string): Promise<{ lab: ChildProcess; url: URL }> => {
  const settings = join(folder, 'settings', '@jupyterlab', 'notebook-extension');
  mkdirSync(settings, { recursive: true });
  // all cells are on the page, also those that are out of sight
  writeFileSync(join(settings, 'tracker.jupyterlab-settings'), JSON.stringify({ windowingMode: 'none' }));
  const lab = spawn(
    process.execPath,
    ['setup/lab.mjs', '--no-browser', `--ServerApp.root_dir=${folder}`, '--ServerApp.port=0'],
    {
      cwd: root,
      env: {
        ...process.env,
        LABOR_LLM_PROFILE: 'smoke',
        LABOR_LLM_OUTPUT: folder,
        JUPYTERLAB_SETTINGS_DIR: join(folder, 'settings'),
        JUPYTERLAB_WORKSPACES_DIR: join(folder, 'workspaces'),
      },
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
  return { lab, url: new URL(url) };
};

describe('a notebook in JupyterLab, in a browser', function () {
  this.timeout(600_000);
  let folder: string | undefined;
  let lab: ChildProcess | undefined;
  let url: URL;
  let browser: Browser | undefined;

  before(async function () {
    const missing = venvPython() === undefined ? 'no Python environment (.venv) is set up' : noBrowser;
    if (missing !== undefined) {
      console.log(`      skipped: ${missing}`);
      return this.skip();
    }
    folder = mkdtempSync(join(root, '.setup', 'lab-')); // inside, where imports of labor-llm are found
    for (const name of names) writeFileSync(join(folder, `${name}.ipynb`), withoutOutputs(readNotebook(name)));
    ({ lab, url } = await startLab(folder));
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    if (lab?.pid !== undefined) process.kill(-lab.pid, 'SIGKILL');
    if (folder !== undefined) rmSync(folder, { recursive: true, maxRetries: 3 });
  });

  /** Asks the server itself. */
  const api = async (path: string, method = 'GET'): Promise<unknown> => {
    const token = url.searchParams.get('token') ?? '';
    const response = await fetch(new URL(`/api/${path}`, url), { method, headers: { Authorization: `token ${token}` } });
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  };

  const sessionOf = async (name: string): Promise<{ id: string; kernel: string }> => {
    const sessions = (await api('sessions')) as readonly { id: string; path: string; kernel: { id: string } }[];
    const session = sessions.find(({ path }) => path.endsWith(`${name}.ipynb`));
    assert.ok(session, `no session of ${name}`);
    return { id: session.id, kernel: session.kernel.id };
  };

  /** Opens a notebook in a workspace of its own and runs all its cells by the menu, to the end or the first error. */
  const runAll = async (name: string): Promise<Page> => {
    const page = await (browser as Browser).newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(new URL(`/lab/workspaces/${name}/tree/${name}.ipynb${url.search}`, url).href, { timeout: 120_000 });
    // the list of running kernels, out of sight, has the name too
    const kernel = page.getByText('TypeScript (labor-llm)').filter({ visible: true });
    await kernel.first().waitFor({ timeout: 120_000 });
    await page.locator('.jp-CodeCell').first().waitFor({ timeout: 60_000 });
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
    const last = page.locator('.jp-CodeCell .jp-InputPrompt').last();
    const ended = last.filter({ hasText: /^\[\d+\]:$/ });
    await ended.or(failuresOn(page).first()).first().waitFor({ timeout: 540_000 });
    return page;
  };

  /** tslab says errors on stderr; a kernel that dies is a dialog. */
  const failuresOn = (page: Page) =>
    page.locator(
      '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"], .jp-Dialog',
    );

  for (const name of names) {
    it(`${name} runs to its end, draws its figures and keeps within memory`, async () => {
      const page = await runAll(name);
      assert.deepEqual(await failuresOn(page).allTextContents(), []);
      const figures = page.locator('.jp-OutputArea .jp-RenderedPlotly');
      const drawn = figures.filter({ has: page.locator('.main-svg') });
      const expected = figuresIn(readNotebook(name));
      if (expected > 0) await drawn.nth(expected - 1).waitFor({ state: 'attached', timeout: 60_000 });
      assert.deepEqual([await figures.count(), await drawn.count()], [expected, expected]);

      const { id, kernel } = await sessionOf(name);
      const gigabytes = memoryOf(`kernel-${kernel}.json`);
      if (gigabytes === undefined) console.log('      memory is not looked at: it is read from /proc');
      else assert.ok(gigabytes < MOST_GIGABYTES, `the kernel holds ${gigabytes.toFixed(2)} GB`);
      if (name === FEW[0]) return; // stays open for the mouse
      await page.close();
      await api(`sessions/${id}`, 'DELETE');
    });
  }

  it('shows Plotly figures that answer to the mouse', async () => {
    const page = (browser as Browser).contexts().flatMap((context) => context.pages())[0];
    assert.ok(page, `${FEW[0]} is not open`);
    const bar = page.locator('.jp-OutputArea .js-plotly-plot .barlayer .point').first();
    await bar.evaluate((element) => element.closest('.js-plotly-plot')?.scrollIntoView({ block: 'center' }));
    await sleep(500);
    const box = await bar.boundingBox();
    assert.ok(box && box.y > 100 && box.y < 800, `the bar is at ${box?.y}`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y, { steps: 4 });
    const label = page.locator('.js-plotly-plot .hoverlayer .hovertext');
    await label.waitFor({ timeout: 10_000 });
    assert.match((await label.textContent()) ?? '', /\d/);
    const picture = process.env['LABOR_LLM_SCREENSHOT']; // where to keep what the browser shows
    if (picture !== undefined) await page.screenshot({ path: picture });
  });
});

/** Resident memory of the process with this among its arguments, in GB; undefined where there is no /proc. */
const memoryOf = (argument: string): number | undefined => {
  const processes = (() => {
    try {
      return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    } catch {
      return [];
    }
  })();
  for (const id of processes) {
    try {
      if (!readFileSync(join('/proc', id, 'cmdline'), 'utf8').includes(argument)) continue;
      const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(join('/proc', id, 'status'), 'utf8')) ?? [];
      return kilobytes === undefined ? undefined : Number(kilobytes) / 1e6;
    } catch {
      // ended meanwhile
    }
  }
  return undefined;
};
