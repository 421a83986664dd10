import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { splitSurvey } from 'labor-llm/careers';
import { surveyCsv, toySurvey, toyTitles } from '../models/toy-survey';

const ROOT = join(__dirname, '../..');
const PROGRAM = join(ROOT, 'lib/bin/labor-llm.js');
const PANEL = join(ROOT, 'data/young-women/young-women.csv.gz');
const NLSY97 = join(ROOT, '../shared/data/nlsy97/nlsy97.csv.gz');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `labor-llm` as a process of its own. `onOutput` is called at the first output on stdout. */
const laborLlm = (
  args: readonly string[],
  onOutput?: (process: { kill(signal: 'SIGINT'): void }) => void,
  env: Readonly<Record<string, string>> = {},
) =>
  new Promise<Ended>((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout === '') onOutput?.(child);
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

const rowsOf = async (path: string): Promise<Record<string, string>[]> =>
  parse(await readFile(path, 'utf8'), { columns: true });

describe('labor-llm', function () {
  this.timeout(60_000);
  const survey = toySurvey({ persons: 120 });
  const parts = splitSurvey(survey);
  const observationsIn = (part: keyof typeof parts): number =>
    parts[part].careers.reduce((sum, { observations }) => sum + observations.length, 0);
  let folder: string;
  let data: string;
  let model: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labor-llm-'));
    data = join(folder, 'toy.csv');
    model = join(folder, 'fitted');
    await writeFile(data, surveyCsv(survey));
    await writeFile(join(folder, 'titles.txt'), `${toyTitles.join('\n')}\n`);
    const fit = ['fit', '--model', 'empirical', '--data', data, '--occupations', join(folder, 'titles.txt')];
    const { code, stderr } = await laborLlm([...fit, '--out', model]);
    assert.equal(code, 0, stderr);
  });
  after(() => rm(folder, { recursive: true }));

  describe('help and usage', () => {
    it('explains itself and each command, with an example', async () => {
      const overview = await laborLlm(['--help']);
      assert.equal(overview.code, 0);
      for (const command of [
        'check',
        'fit',
        'evaluate',
        'compare',
        'predict',
        'forecast',
        'all-models',
        'models',
        'publish',
        'doctor',
      ]) {
        assert.match(overview.stdout, new RegExp(`^  ${command} `, 'm'));
      }
      for (const command of ['fit', 'evaluate', 'compare', 'predict', 'forecast', 'all-models', 'models', 'publish']) {
        const { code, stdout } = await laborLlm([command, '--help']);
        assert.equal(code, 0);
        assert.match(stdout, /^Examples?\n  # .*\n  labor-llm /m);
      }
    });

    it('needs neither TensorFlow nor any data to do so', async () => {
      const script = `process.argv = ['node', 'labor-llm', 'fit', '--help']; require(${JSON.stringify(PROGRAM)});
        process.on('exit', () => console.error(Object.keys(require.cache).filter((f) => f.includes('tensorflow')).length));`;
      const loaded = await new Promise<string>((resolve) => {
        let text = '';
        const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
        child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
        child.on('close', () => resolve(text.trim()));
      });
      assert.equal(loaded, '0');
    });

    const refused: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
      ['no command', [], /Commands/],
      ['an unknown command', ['train'], /no command "train". There are: check, fit, evaluate/],
      ['an unknown option', ['evaluate', '--modle', 'x'], /no option --modle. There are: --model, --data/],
      ['a missing option', ['evaluate', '--model', 'x'], /--data is missing/],
      ['a missing value', ['evaluate', '--model', '--json'], /--model needs a value: --model DIR/],
      ['a value for a flag', ['evaluate', '--json=yes'], /--json takes no value/],
      ['an option given twice', ['evaluate', '--model', 'a', '--model', 'b'], /--model is given twice/],
      [
        'an unknown part',
        ['evaluate', '--model', 'x', '--data', 'y', '--split', 'dev'],
        /train, validation, test, all/,
      ],
      ['an unknown model', ['fit', '--model', 'bert', '--data', 'y', '--out', 'z'], /labor-llm, .*empirical/],
      [
        'a seed that is none',
        ['fit', '--model', 'empirical', '--data', 'y', '--out', 'z', '--seed', '1.5'],
        /--seed is "1.5"/,
      ],
      [
        'a setting without a value',
        ['fit', '--model', 'empirical', '--data', 'y', '--out', 'z', '--set', 'a'],
        /NAME=VALUE/,
      ],
      ['no minutes', ['fit', '--model', 'empirical', '--data', 'y', '--out', 'z', '--minutes', '0'], /above 0/],
      ['one folder to compare', ['compare', 'a', '--data', 'y'], /DIR is missing/],
      ['three folders to compare', ['compare', 'a', 'b', 'c', '--data', 'y'], /"c" is one argument too many/],
      ['a year that is none', ['predict', '--model', 'x', '--data', 'y', '--year', '20'], /from 1900 to 2100/],
    ];
    for (const [what, args, says] of refused) {
      it(`refuses ${what} with exit code 2 and says what there is`, async () => {
        const { code, stdout, stderr } = await laborLlm(args);
        assert.equal(code, 2);
        assert.equal(stdout, '');
        assert.match(stderr, says);
      });
    }
  });

  describe('fit', () => {
    const fit = (...args: string[]) => laborLlm(['fit', '--model', 'empirical', '--data', data, ...args]);

    it('does not write over what is there', async () => {
      const before = await readFile(join(model, 'model.json'), 'utf8');
      const { code, stderr } = await fit('--out', model, '--seed', '2');
      assert.equal(code, 2);
      assert.match(stderr, /is not empty: give --resume/);
      assert.equal(await readFile(join(model, 'model.json'), 'utf8'), before);
    });

    it('takes settings of the model by name, and lists them for an unknown one', async () => {
      const out = join(folder, 'set');
      assert.equal((await fit('--out', out, '--set', 'lambda=5')).code, 0);
      const card = JSON.parse(await readFile(join(out, 'model.json'), 'utf8')) as Record<string, unknown>;
      assert.equal((card['config'] as Record<string, unknown>)['lambda'], 5);
      assert.match((await fit('--out', join(folder, 'x'), '--set', 'lamda=5')).stderr, /no setting "lamda".*lambda/);
    });

    it('begins anew with --resume where there is nothing, and does nothing where all is done', async () => {
      const out = join(folder, 'resumed');
      assert.match((await fit('--out', out, '--resume')).stdout, /is fitted/);
      const again = await fit('--out', out, '--resume');
      assert.equal(again.code, 0);
      assert.match(again.stdout, /nothing left to do/);
    });

    it('takes the list beside the data, else the file’s own titles and says so', async () => {
      const alone = await fit('--out', join(folder, 'own'));
      assert.match(alone.stderr, /the 6 titles that occur in it/);
      const beside = join(folder, 'beside');
      await mkdir(beside);
      await writeFile(join(beside, 'toy.csv'), surveyCsv(survey));
      const list = ['occupation', ...toyTitles.map((title) => `"${title.replace(/"/g, '""')}"`), ''].join('\n');
      await writeFile(join(beside, 'occupations.csv'), list);
      const args = ['fit', '--model', 'empirical', '--data', join(beside, 'toy.csv'), '--out', join(beside, 'fitted')];
      assert.equal((await laborLlm(args)).code, 0);
      const card = JSON.parse(await readFile(join(beside, 'fitted/model.json'), 'utf8'));
      assert.deepEqual(card.surveys, [{ survey: 'toy', titles: toyTitles }]);
    });

    it('pools surveys, each under its own name, which evaluate then asks for', async () => {
      const out = join(folder, 'pooled');
      const second = join(folder, 'second.csv');
      await writeFile(second, surveyCsv(toySurvey({ persons: 80, seed: 2 })));
      const lists = ['--occupations', join(folder, 'titles.txt')];
      const pooled = await fit('--data', second, ...lists, '--survey', 'One', '--survey', 'Two', '--out', out);
      assert.equal(pooled.code, 0, pooled.stderr);
      const evaluate = ['evaluate', '--model', out, '--data', data, '--split', 'all'];
      const unnamed = await laborLlm(evaluate);
      assert.equal(unnamed.code, 2);
      assert.match(unnamed.stderr, /fitted on "One", "Two": say with --survey/);
      assert.match((await laborLlm([...evaluate, '--survey', 'Three'])).stderr, /--survey is "Three"/);
      const [one, two] = [
        await laborLlm([...evaluate, '--survey', 'One']),
        await laborLlm([...evaluate, '--survey', 'Two']),
      ];
      assert.equal(one.code, 0, one.stderr);
      assert.notEqual(one.stdout, two.stdout); // other counts
    });

    it('refuses names and lists that do not match the files, and a person who is in two of them', async () => {
      assert.match((await fit('--data', data, '--survey', 'One', '--out', 'x')).stderr, /2 --data and 1 --survey/);
      const lists = ['--occupations', join(folder, 'titles.txt')];
      const three = await fit(...lists, ...lists, ...lists, '--out', 'x');
      assert.match(three.stderr, /1 --data and 3 --occupations/);
      assert.match((await fit('--data', data, '--out', 'x')).stderr, /Person "p0" of the survey "toy" is in two/);
    });

    it('reports every fault of the data with exit code 1 and leaves no folder', async () => {
      const faulty = join(folder, 'faulty.csv');
      const [header, ...rows] = surveyCsv(survey).split('\n');
      await writeFile(faulty, [header, 'a,20x0,Cooks,,,,,', 'b,2000,,,,,,', ...rows].join('\n'));
      const out = join(folder, 'never');
      const { code, stderr } = await laborLlm(['fit', '--model', 'empirical', '--data', faulty, '--out', out]);
      assert.equal(code, 1);
      assert.match(stderr, /row 2, column year: "20x0"/);
      assert.match(stderr, /row 3, column occupation/);
      assert.ok(!existsSync(out));
    });
  });

  describe('evaluate', () => {
    const evaluate = (...args: string[]) => laborLlm(['evaluate', '--model', model, '--data', data, ...args]);

    it('prints one JSON object alone on stdout, on the test persons by default', async () => {
      const { code, stdout } = await evaluate('--json');
      assert.equal(code, 0);
      assert.equal(stdout.trim().split('\n').length, 1);
      const report = JSON.parse(stdout);
      assert.deepEqual(
        [report.model, report.split, report.persons, report.observations],
        ['empirical', 'test', parts.test.careers.length, observationsIn('test')],
      );
      assert.ok(report.interval[0] < report.perplexity && report.perplexity < report.interval[1]);
      assert.ok(report.standardError > 0);
      assert.deepEqual([report.perplexityRenormalised, report.keptMass], [null, null]);
      const { first, move, stay } = report.byTransition;
      assert.equal(first.observations, parts.test.careers.length);
      assert.equal(first.observations + move.observations + stay.observations, report.observations);
    });

    it('knows the kept mass with --distributions: all of it for this model', async () => {
      const report = JSON.parse((await evaluate('--json', '--distributions')).stdout);
      assert.equal(report.keptMass, 1);
      assert.ok(Math.abs(report.perplexityRenormalised - report.perplexity) < 1e-9);
    });

    it('says of states and moves how well they are foretold, and writes the shares of every occupation', async () => {
      const out = join(folder, 'shares.csv');
      const report = JSON.parse((await evaluate('--json', '--distributions', '--shares', out)).stdout);
      assert.deepEqual(
        report.outcomes.map(({ outcome, cases }: { outcome: string; cases: number }) => [outcome, cases]),
        [
          ['Not working', report.observations],
          ['In school', report.observations],
          ['move', report.observations - report.byTransition.first.observations],
        ],
      );
      // persons stay seven years in ten: the likeliest is what was
      assert.ok(report.topAccuracy.top1 > 0.6 && report.topAccuracy.top5 > report.topAccuracy.top1);
      const rows = await rowsOf(out);
      const ofAll = rows.filter((row) => row['characteristic'] === 'all');
      assert.deepEqual(
        ofAll.map((row) => row['occupation']),
        toyTitles,
      );
      for (const share of ['predicted', 'observed']) {
        const sum = ofAll.reduce((total, row) => total + Number(row[share]), 0);
        assert.ok(Math.abs(sum - 1) < 1e-9, `${share}: ${sum}`);
      }
      const { stdout } = await evaluate('--distributions');
      assert.match(stdout, /^In school +0\.\d+ +0\.\d+ to 0\.\d+ /m);
      assert.match(stdout, /^at work -> Not working /m);
    });

    it('prints steps and education besides, and the weighted perplexity where there are weights', async () => {
      const { stdout } = await evaluate();
      for (const row of ['1 year', 'college', 'high school'])
        assert.match(stdout, new RegExp(`^  ${row} +[\\d.]+ `, 'm'));
      assert.doesNotMatch(stdout, /survey weights/);
      const weighted = join(folder, 'weighted.csv');
      const [header, ...rows] = surveyCsv(survey).trimEnd().split('\n');
      await writeFile(
        weighted,
        [`${header},weight`, ...rows.map((row, index) => `${row},${1 + (index % 3)}`)].join('\n'),
      );
      const args = ['evaluate', '--model', model, '--data', weighted];
      assert.match((await laborLlm(args)).stdout, /^With survey weights: [\d.]+, 95 % interval/m);
      const report = JSON.parse((await laborLlm([...args, '--json'])).stdout);
      assert.ok(Math.abs(report.weighted.perplexity - report.perplexity) > 1e-6);
      assert.deepEqual(Object.keys(report.weighted.byStep), Object.keys(report.byStep));
      const comparing = await laborLlm(['compare', model, model, '--data', weighted]);
      assert.match(comparing.stdout, /^weighted +0\.000/m);
      const forecasting = [
        'forecast',
        '--model',
        model,
        '--data',
        weighted,
        '--from',
        '2005',
        '--paths',
        '5',
        '--json',
      ];
      const foretold = JSON.parse((await laborLlm([...forecasting, '--split', 'all'])).stdout);
      assert.ok(Math.abs(foretold.weighted.perplexity - foretold.perplexity) > 1e-6);
    });

    it('refuses to write shares that it has not computed', async () => {
      const { code, stderr } = await evaluate('--shares', join(folder, 'no.csv'));
      assert.equal(code, 2);
      assert.match(stderr, /--shares needs --distributions/);
    });

    it('prints which persons, and each transition type with its interval, for a reader', async () => {
      const { stdout } = await evaluate('--split', 'train');
      assert.match(stdout, new RegExp(`on ${parts.train.careers.length} train persons`));
      for (const row of ['all', 'first', 'move', 'stay']) {
        assert.match(stdout, new RegExp(`^${row} +[\\d.]+ +[\\d.]+ to [\\d.]+ +\\d+$`, 'm'));
      }
    });

    it('takes the validation persons where there are no test persons, and refuses a part without persons', async () => {
      const file = join(folder, 'development.csv');
      const careers = [...parts.train.careers, ...parts.validation.careers];
      await writeFile(file, surveyCsv({ ...survey, careers }));
      const report = await laborLlm(['evaluate', '--model', model, '--data', file, '--json']);
      assert.equal(JSON.parse(report.stdout).split, 'validation');
      const none = await laborLlm(['evaluate', '--model', model, '--data', file, '--split', 'test', '--json']);
      assert.equal(none.code, 1);
      assert.equal(none.stdout, '');
      assert.match(none.stderr, /no test persons \(\d+ train, \d+ validation, 0 test/);
    });

    it('writes every observation into a file whose mean gives the perplexity back', async () => {
      const out = join(folder, 'observations.csv');
      const report = JSON.parse((await evaluate('--split', 'all', '--observations', out, '--json')).stdout);
      const rows = await rowsOf(out);
      assert.deepEqual(Object.keys(rows[0] ?? {}), [
        'person_id',
        'year',
        'occupation',
        'transition',
        'log_probability',
      ]);
      assert.equal(rows.length, report.observations);
      const mean = rows.reduce((sum, row) => sum + Number(row['log_probability']), 0) / rows.length;
      assert.ok(Math.abs(Math.exp(-mean) - report.perplexity) < 1e-9);
      assert.deepEqual(new Set(rows.map((row) => row['occupation'])), new Set(toyTitles.slice(0, -1)));
      assert.deepEqual(new Set(rows.map((row) => row['transition'])), new Set(['first', 'move', 'stay']));
    });

    it('refuses an occupation that the model does not declare, by name, with exit code 1', async () => {
      const file = join(folder, 'undeclared.csv');
      await writeFile(file, surveyCsv(survey).replace('In school', 'In scholl'));
      const out = join(folder, 'none.csv');
      const args = ['evaluate', '--model', model, '--data', file, '--observations', out, '--json'];
      const { code, stdout, stderr } = await laborLlm(args);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /"In scholl" is not among the 7 declared occupations/);
      assert.ok(!existsSync(out));
    });

    it('accepts an occupation that is declared and was never seen', async () => {
      const file = join(folder, 'unseen.csv');
      await writeFile(file, surveyCsv(survey).replaceAll('In school', 'Never seen'));
      const { code, stdout } = await laborLlm(['evaluate', '--model', model, '--data', file, '--json']);
      assert.equal(code, 0);
      assert.ok(Number.isFinite(JSON.parse(stdout).perplexity));
    });

    it('does not write its output over the data', async () => {
      const { code, stderr } = await evaluate('--observations', data);
      assert.equal(code, 2);
      assert.match(stderr, /written over the data/);
    });

    it('says what to do where there is no model or no data', async () => {
      const noModel = await laborLlm(['evaluate', '--model', folder, '--data', data]);
      assert.equal(noModel.code, 1);
      assert.match(noModel.stderr, /there is no model.json/);
      const noData = await laborLlm(['evaluate', '--model', model, '--data', join(folder, 'missing.csv')]);
      assert.equal(noData.code, 1);
      assert.match(noData.stderr, /missing\.csv/);
      assert.doesNotMatch(noModel.stderr + noData.stderr, /^ +at /m); // no stack
    });
  });

  describe('compare', () => {
    it('gives both perplexities and the paired difference', async () => {
      // fitted on the same persons with another history: their first rows only
      const file = join(folder, 'first-rows.csv');
      const careers = survey.careers.map((career) => ({ ...career, observations: career.observations.slice(0, 1) }));
      await writeFile(file, surveyCsv({ ...survey, careers }));
      const other = join(folder, 'other');
      const list = ['--occupations', join(folder, 'titles.txt'), '--survey', 'toy'];
      const fitted = await laborLlm(['fit', '--model', 'empirical', '--data', file, ...list, '--out', other]);
      assert.equal(fitted.code, 0, fitted.stderr);
      const args = ['compare', model, other, '--data', data, '--split', 'all'];
      const { code, stdout } = await laborLlm([...args, '--json']);
      assert.equal(code, 0);
      const { first, second, difference, observations } = JSON.parse(stdout);
      assert.equal(observations, survey.careers.flatMap((career) => career.observations).length);
      const alone = await laborLlm(['evaluate', '--model', model, '--data', data, '--split', 'all', '--json']);
      assert.equal(first.perplexity, JSON.parse(alone.stdout).perplexity);
      assert.ok(Math.abs(difference.perplexity - (first.perplexity - second.perplexity)) < 1e-12);
      // persons stay put seven years in ten, which the second has never seen
      assert.ok(difference.interval[1] < 0);
      assert.match((await laborLlm(args)).stdout, /the first is better/);
    });

    it('finds no difference between a model and itself', async () => {
      const { stdout } = await laborLlm(['compare', model, model, '--data', data]);
      assert.match(stdout, /neither is shown to be better/);
    });
  });

  describe('predict', () => {
    it('writes a distribution for every person that sums to 1, in the year after the last', async () => {
      const out = join(folder, 'next.csv');
      const args = ['predict', '--model', model, '--data', data, '--distribution', out, '--top', '2'];
      const { code, stdout } = await laborLlm(args);
      assert.equal(code, 0);
      const rows = await rowsOf(out);
      assert.deepEqual(Object.keys(rows[0] ?? {}), ['person_id', 'year', 'occupation', 'probability']);
      assert.equal(rows.length, survey.careers.length * toyTitles.length);
      for (const { person, observations } of survey.careers) {
        const own = rows.filter((row) => row['person_id'] === person);
        assert.deepEqual(
          own.map((row) => row['occupation']),
          toyTitles,
        );
        const sum = own.reduce((total, row) => total + Number(row['probability']), 0);
        assert.ok(Math.abs(sum - 1) < 1e-9, `${person}: ${sum}`);
        assert.equal(Number(own[0]?.['year']), (observations.at(-1)?.year ?? NaN) + 1);
      }
      assert.equal(stdout.match(/^  0\.\d{4}  /gm)?.length, survey.careers.length * 2);
    });

    it('predicts a year from the rows before it alone', async () => {
      const cut = join(folder, 'cut.csv');
      const careers = survey.careers
        .map((career) => ({ ...career, observations: career.observations.filter(({ year }) => year < 2003) }))
        .filter(({ observations }) => observations.length > 0);
      await writeFile(cut, surveyCsv({ ...survey, careers }));
      const args = ['predict', '--model', model, '--year', '2003', '--education', 'college', '--data'];
      const [whole, short] = [await laborLlm([...args, data]), await laborLlm([...args, cut])];
      assert.equal(whole.code, 0, whole.stderr);
      assert.equal(whole.stdout, short.stdout);
      assert.match(whole.stdout, /^p\d+, 2003 \(college\), after 200[0-2]: /m);
    });

    it('notes an education that no row has, and refuses a year before a birth', async () => {
      const args = ['predict', '--model', model, '--data', data];
      const odd = await laborLlm([...args, '--education', 'colege']);
      assert.equal(odd.code, 0);
      assert.match(odd.stderr, /"colege"; rows have: college, high school/);
      const early = await laborLlm([...args, '--year', '1950']);
      assert.equal(early.code, 2);
      assert.match(early.stderr, /was born in 19\d\d/);
    });

    it('stops at Ctrl-C with exit code 130, without half a file', async () => {
      const many = join(folder, 'many.csv');
      await writeFile(many, surveyCsv(toySurvey({ persons: 5000 })));
      const out = join(folder, 'many-next.csv');
      const args = ['predict', '--model', model, '--data', many, '--survey', 'toy', '--distribution', out];
      const { code, stderr } = await laborLlm(args, (process) => process.kill('SIGINT'));
      assert.equal(code, 130);
      assert.match(stderr, /Stopping/);
      assert.deepEqual(
        (await readdir(folder)).filter((name) => name.startsWith('many-next')),
        [],
      );
    });
  });

  describe('forecast', () => {
    const forecast = (...args: string[]) =>
      laborLlm(['forecast', '--model', model, '--data', data, '--split', 'all', '--paths', '50', ...args]);

    it('writes the share of paths in each occupation, by person and by year, the same for the same seed', async () => {
      const [out, byYear] = [join(folder, 'paths.csv'), join(folder, 'years.csv')];
      const { code, stdout, stderr } = await forecast('--from', '2003', '--out', out, '--by-year', byYear);
      assert.equal(code, 0, stderr);
      const last = survey.careers.filter(({ observations }) => observations.at(-1)?.year === 2007);
      assert.match(stdout, new RegExp(`^empirical: ${last.length} persons after 2003, 50 paths each`));
      const rows = await rowsOf(out);
      assert.deepEqual(Object.keys(rows[0] ?? {}), ['person_id', 'year', 'occupation', 'share', 'probability']);
      assert.equal(rows.length, last.length * 4 * toyTitles.length);
      for (const what of ['share', 'probability']) {
        const sum = rows.reduce((total, row) => total + Number(row[what]), 0);
        assert.ok(Math.abs(sum - last.length * 4) < 1e-9 * rows.length, `${what}: ${sum}`);
      }
      const years = await rowsOf(byYear);
      assert.deepEqual([...new Set(years.map((row) => row['year']))], ['2004', '2005', '2006', '2007']);
      const again = join(folder, 'again.csv');
      await forecast('--from', '2003', '--out', again);
      assert.equal(await readFile(again, 'utf8'), await readFile(out, 'utf8'));
      await forecast('--from', '2003', '--out', again, '--seed', '2', '--hold-education');
      assert.notEqual(await readFile(again, 'utf8'), await readFile(out, 'utf8'));
    });

    it('prints one JSON object: perplexity by year, and states and moves', async () => {
      const result = JSON.parse((await forecast('--from', '2005', '--json')).stdout);
      assert.deepEqual([result.from, result.paths, result.seed, result.split], [2005, 50, 1, 'all']);
      assert.deepEqual(
        result.byYear.map(({ year }: { year: number }) => year),
        [2006, 2007],
      );
      assert.ok(result.byYear[0].perplexity < result.byYear[1].perplexity);
      assert.ok(result.outcomes.some(({ outcome }: { outcome: string }) => outcome === 'In school'));
    });

    it('says what to do where there is nobody to forecast', async () => {
      const { code, stderr } = await forecast('--from', '2007');
      assert.equal(code, 1);
      assert.match(stderr, /None of the 120 persons .*give an earlier --from/);
    });
  });

  describe('all-models and models', () => {
    const output = (): string => join(folder, 'output');
    const run = (...args: string[]) =>
      laborLlm(args, undefined, { LABOR_LLM_OUTPUT: output(), LABOR_LLM_PROFILE: 'smoke' });

    it('prints the table, writes it beside its numbers, and lists and prunes what was fitted', async () => {
      const beside = join(folder, 'all');
      await mkdir(beside);
      await writeFile(join(beside, 'toy.csv'), surveyCsv(survey));
      await writeFile(
        join(beside, 'occupations.csv'),
        ['occupation', ...toyTitles.map((title) => `"${title.replace(/"/g, '""')}"`), ''].join('\n'),
      );
      const args = ['all-models', '--data', join(beside, 'toy.csv'), '--models', 'empirical,uniform', '--minutes', '1'];
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^All models on toy: 128 observations of 28 test persons/);
      assert.match(stdout, /^empirical +\d/m);
      const results = join(output(), 'data/results/smoke/toy');
      const parts = ['all-models', 'education', 'outcomes', 'representativeness', 'subgroups', 'transitions'];
      const tables = parts.flatMap((part) => [`${part}.md`, `${part}.tex`]);
      assert.deepEqual((await readdir(results)).sort(), ['all-models.json', ...tables]);
      const { manifest, rows } = JSON.parse(await readFile(join(results, 'all-models.json'), 'utf8'));
      assert.equal(manifest.command, 'npm run all-models -- --data toy.csv --models empirical,uniform --minutes 1');
      const alone = await laborLlm(['evaluate', '--model', model, '--data', data, '--json']);
      assert.ok(Math.abs(rows[0].report.perplexity - JSON.parse(alone.stdout).perplexity) < 1e-9);
      const list = await run('models');
      assert.match(list.stdout, /^empirical +toy +seed 1, minutes 1 .* fitted +/m);
      assert.match(list.stdout, /^2 models/m);
      assert.match((await run('models', '--prune', 'outdated')).stdout, /nothing to prune/);
      assert.match((await run('models', '--prune', 'all')).stdout, /taken away: 2 models/);
      assert.equal((await run('models', '--json')).stdout, '[]\n');
    });

    it('refuses a model that there is not, and a survey', async () => {
      const wrong = await run('all-models', '--data', data, '--models', 'empirical,bert');
      assert.equal(wrong.code, 1);
      assert.match(wrong.stderr, /no model "bert"/);
      assert.match((await run('all-models', '--data', 'old-women')).stderr, /young-women/);
    });
  });

  it('says its version', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'lib/package.json'), 'utf8'));
    assert.equal((await laborLlm(['--version'])).stdout, `${version}\n`);
  });

  it('fits and evaluates the shipped panel', async function () {
    if (!existsSync(PANEL)) return this.skip();
    const out = join(folder, 'panel');
    assert.equal((await laborLlm(['fit', '--model', 'empirical', '--data', PANEL, '--out', out])).code, 0);
    const { code, stdout, stderr } = await laborLlm(['evaluate', '--model', out, '--data', PANEL, '--json']);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).split, 'test');
  });

  it('prints 8.022 for the empirical model on NLSY97', async function () {
    if (!existsSync(NLSY97)) {
      console.log('      skipped: ../shared/data/nlsy97 is not here');
      return this.skip();
    }
    const out = join(folder, 'nlsy97');
    assert.equal((await laborLlm(['fit', '--model', 'empirical', '--data', NLSY97, '--out', out])).code, 0);
    const report = JSON.parse((await laborLlm(['evaluate', '--model', out, '--data', NLSY97, '--json'])).stdout);
    assert.deepEqual(
      [report.split, report.observations, report.perplexity.toFixed(3)],
      ['validation', 16_007, '8.022'],
    );
  });
});
