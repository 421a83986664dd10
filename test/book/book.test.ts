import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { root, runModule } from '../setup/programs';
import { launchBrowser, noBrowser } from '../support/browser';

const PLOTLY = 'application/vnd.plotly.v1+json';
const notebooks = ['.', 'solutions'].flatMap((folder) =>
  readdirSync(join(root, 'notebooks', folder))
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => join(folder, name).replace(/\.ipynb$/, '')),
);

const figuresIn = (notebook: string): number => {
  const { cells } = JSON.parse(readFileSync(join(root, 'notebooks', `${notebook}.ipynb`), 'utf8')) as {
    cells: readonly { outputs?: readonly { data?: Readonly<Record<string, unknown>> }[] }[];
  };
  return cells.flatMap(({ outputs = [] }) => outputs).filter(({ data }) => data?.[PLOTLY] !== undefined).length;
};

/** Why jupyter-book cannot be had here; undefined where it can. */
const noBook = (): string | undefined => {
  const ended = runModule(
    `import { book } from './setup/steps/book.mjs'; import { prepare, runCommand } from './setup/steps/index.mjs';
     await runCommand(() => prepare({ only: [book] }));`,
  );
  return ended.code === 0 ? undefined : ended.stderr.trim();
};

/** Builds the book where every request would go through a proxy that only counts. */
const build = async (output: string): Promise<{ code: number | null; said: string; connections: number }> => {
  let connections = 0;
  const proxy = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, ['setup/book.mjs', '--output', output], {
    cwd: root,
    env: { ...process.env, http_proxy: address, https_proxy: address, no_proxy: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  proxy.close();
  return { code, said, connections };
};

describe('the book', function () {
  this.timeout(600_000);
  let folder: string | undefined;
  let site: string;
  let browser: Browser | undefined;
  before(async function () {
    const missing = noBrowser ?? noBook();
    if (missing !== undefined) {
      console.log(`      skipped: ${missing}`);
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-book-test-'));
    site = join(folder, 'site');
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  /** Opens a page of the site; gives what it asked of others than the site's own files, and its errors. */
  const open = async (name: string, width: number): Promise<{ page: Page; faults: readonly string[] }> => {
    const page = await (browser as Browser).newPage({ viewport: { width, height: 900 } });
    const faults: string[] = [];
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) faults.push(`asks for ${request.url()}`);
    });
    page.on('requestfailed', (request) => faults.push(`did not get ${request.url()}`));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(pathToFileURL(join(site, `${name}.html`)).href, { timeout: 120_000 });
    return { page, faults };
  };

  it('is built from the committed notebooks, with every link leading somewhere, and fetches nothing', async () => {
    const { code, said, connections } = await build(site);
    assert.equal(code, 0, said);
    assert.equal(connections, 0);
    const pages = ['index', 'README', ...notebooks.map((name) => join('notebooks', name))];
    assert.deepEqual(
      pages.filter((page) => !existsSync(join(site, `${page}.html`))),
      [],
    );
  });

  for (const name of notebooks) {
    it(`draws the figures of ${name} and asks nobody for anything`, async () => {
      const { page, faults } = await open(join('notebooks', name), 1280);
      const plots = page.locator('.labor-llm-figure .js-plotly-plot .main-svg');
      const figures = figuresIn(name);
      if (figures > 0) await plots.nth(figures - 1).waitFor({ timeout: 60_000 });
      assert.equal(await page.locator('.labor-llm-figure .js-plotly-plot').count(), figures);
      const failed = page.locator('.output.stderr, .output.traceback');
      assert.equal(await failed.count(), 0);
      assert.deepEqual(faults, []);
      await page.close();
    });
  }

  it('sets formulas with its own MathJax', async () => {
    const { page, faults } = await open('notebooks/01-introduction', 1280);
    await page.locator('mjx-container svg').first().waitFor({ timeout: 60_000 });
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('fits a phone: wide figures, tables and code move in their own frames', async () => {
    for (const name of ['README', 'notebooks/01-introduction', 'notebooks/04-data']) {
      const { page } = await open(name, 390);
      if (name !== 'README') await page.locator('.js-plotly-plot .main-svg').first().waitFor({ timeout: 60_000 });
      const width = await page.evaluate('document.documentElement.scrollWidth');
      assert.equal(width, 390, name);
      await page.close();
    }
  });
});
