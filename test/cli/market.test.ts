import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Runs `labor-llm` as a process of its own. */
const laborLlm = (...args: readonly string[]) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'lib/bin/labor-llm.js'), ...args]);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

describe('labor-llm market', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labor-llm-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('draws a survey with its occupations and its manifest, which check, the oracle and evaluate take', async () => {
    const data = join(folder, 'nlsy97.csv.gz');
    const drawn = await laborLlm(
      'market',
      '--population',
      'nlsy97',
      '--persons',
      '120',
      '--seed',
      '3',
      '--rho',
      '0.2',
      '--out',
      data,
    );
    assert.equal(drawn.code, 0, drawn.stderr);
    assert.match(drawn.stdout, /^120 careers, [\d,]+ rows, lie in .*nlsy97.csv.gz/);
    assert.deepEqual(await readdir(folder), ['nlsy97.csv.gz', 'nlsy97.market.json', 'occupations.csv']);
    const { population, persons, seed, settings } = JSON.parse(
      await readFile(join(folder, 'nlsy97.market.json'), 'utf8'),
    );
    assert.deepEqual([population, persons, seed, settings.rho, settings.form], ['nlsy97', 120, 3, 0.2, 'types']);
    const checked = await laborLlm('check', data);
    assert.equal(checked.code, 0, checked.stdout);
    assert.match(checked.stdout, /345 declared/);
    const oracle = join(folder, 'oracle');
    const fit = await laborLlm('fit', '--model', 'oracle', '--data', data, '--out', oracle);
    assert.equal(fit.code, 0, fit.stderr);
    const { stdout, stderr } = await laborLlm('evaluate', '--model', oracle, '--data', data, '--json');
    const { model, perplexity } = JSON.parse(stdout || stderr);
    assert.equal(model, 'oracle');
    assert.ok(perplexity > 3 && perplexity < 12, `${perplexity}`);
  });

  it('refuses an oracle for data that no market drew, and says what to do', async () => {
    const data = join(ROOT, 'data/young-men-groups/young-men-groups.csv.gz');
    const { code, stderr } = await laborLlm('fit', '--model', 'oracle', '--data', data, '--out', join(folder, 'none'));
    assert.equal(code, 1);
    assert.match(stderr, /"young-men-groups" was not drawn from a synthetic market.*`labor-llm market` makes data/);
  });

  it('refuses what is no population, no file and no number', async () => {
    const market = (...args: string[]) => laborLlm('market', ...args, '--out', join(folder, 'x.csv'));
    assert.match((await market('--population', 'psid')).stderr, /it is one of psid81, nlsy79, nlsy97, resumes/);
    assert.match((await market('--population', 'psid81', '--rho', 'much')).stderr, /--rho is "much": give a number/);
    assert.match(
      (await market('--population', 'psid81', '--rho', '2')).stderr,
      /rho .* is 2: give a number from 0 to 1/,
    );
    const { code, stderr } = await laborLlm('market', '--population', 'psid81', '--out', folder);
    assert.equal(code, 2);
    assert.match(stderr, /name a file that ends in .csv or .csv.gz/);
  });
});
