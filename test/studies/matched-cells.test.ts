import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBucket, splitSurvey } from 'labor-llm/careers';
import { compareScores, scoreCareers } from 'labor-llm/evaluation';
import { loadModel, readModelCard } from 'labor-llm/models';
import {
  matchedCellsPlot,
  matchedCellsTable,
  matchedDifferencesTable,
  matchedSurveysTable,
  tableText,
} from 'labor-llm/report';
import { listStore, matchedCells, matchedCellsPlan, type MatchedCells, type PartsLog } from 'labor-llm/studies';
import { toySurvey } from '../models/toy-survey';

describe('matchedCells', function () {
  this.timeout(180_000);
  const survey = toySurvey({ persons: 150 });
  let store: string;
  let result: MatchedCells;
  let folders: Readonly<Record<'labor-llm' | 'career', string>>;
  const run = async (inner = false) => {
    const study = matchedCells(survey, { plan: matchedCellsPlan.smoke, store, inner });
    const logs: PartsLog[] = [];
    let item = await study.next();
    for (; item.done !== true; item = await study.next()) logs.push(item.value);
    return { ...item.value, logs };
  };
  before(async () => {
    store = await mkdtemp(join(tmpdir(), 'labor-llm-matched-cells-'));
    ({ result, folders } = await run());
  });
  after(() => rm(store, { recursive: true }));

  it('has four cells, each of both seeds, all of the same persons', () => {
    assert.deepEqual(
      result.cells.map(({ model, beginning, seeds }) => [model, beginning, seeds.map(({ seed }) => seed)]),
      ['labor-llm', 'career'].flatMap((model) =>
        ['from nothing', 'pre-trained'].map((beginning) => [model, beginning, [1, 2]]),
      ),
    );
    const { test, train } = splitSurvey(survey);
    assert.deepEqual(
      [result.split, result.persons, result.trainPersons],
      ['test', test.careers.length, train.careers.length],
    );
  });

  it("takes a cell's perplexity as the geometric mean of its seeds'", () => {
    for (const { perplexity, seeds } of result.cells) {
      const logs = seeds.map((seed) => Math.log(seed.perplexity.value ?? NaN));
      assert.ok(Math.abs(Math.log(perplexity.value ?? NaN) - ((logs[0] ?? 0) + (logs[1] ?? 0)) / 2) < 1e-9);
    }
  });

  it('names the folders of the two headline models, whose difference is that of the first seed', async () => {
    const { careers } = splitSurvey(survey).test;
    const scored = [];
    for (const folder of [folders['labor-llm'], folders.career]) {
      const model = await loadModel(folder);
      scored.push(await scoreCareers(model, careers));
      assert.equal((await readModelCard(folder)).fitted.seed, 1);
      model.dispose();
    }
    const [ours, others] = scored as [Awaited<ReturnType<typeof scoreCareers>>, (typeof scored)[number]];
    const found = result.differences.find(({ first, second }) => {
      return first.model === 'labor-llm' && second.model === 'career' && first.beginning === result.headline;
    });
    const { value, interval } = compareScores(ours, others).difference;
    assert.ok(Math.abs((found?.seeds[0]?.value ?? NaN) - (value ?? Infinity)) < 1e-9);
    assert.deepEqual(found?.seeds[0]?.interval, interval);
    const moves = found?.groups.find(({ group }) => group === 'move');
    assert.equal(moves?.observations, ours.filter(({ transition }) => transition === 'move').length);
    const total = found?.groups.filter(({ characteristic }) => characteristic === 'step');
    assert.equal(
      total?.reduce((sum, { observations }) => sum + observations, 0),
      ours.filter(({ step }) => step !== undefined).length,
    );
  });

  it('lets nobody but train persons take part in a fit', async () => {
    for (const { folder, surveys } of await listStore(store)) {
      if (!surveys.includes('toy')) continue;
      const { fitted, training } = await readModelCard(folder);
      assert.equal(fitted.persons, splitSurvey(survey).train.careers.length);
      assert.deepEqual((training as { validation: unknown }).validation, []);
    }
  });

  it('pre-trains both on the same careers, and begins from that', async () => {
    const entries = await listStore(store);
    const bases = entries.filter(({ surveys }) => !surveys.includes('toy'));
    assert.deepEqual(bases.map(({ model }) => model).sort(), ['career', 'labor-llm']);
    assert.equal(new Set(bases.map(({ dataHash }) => dataHash)).size, 1);
    for (const arm of ['labor-llm', 'career'] as const) {
      const base = entries.find(({ folder }) => folder === folders[arm])?.options.base;
      assert.equal(base, bases.find(({ model }) => model === arm)?.folder);
    }
  });

  it('goes on with what is fitted and asked', async () => {
    const again = await run();
    assert.deepEqual(again.logs, []);
    assert.deepEqual(again.result, result);
  });

  it('asks on the inner fold about train persons alone, fitted on the others of them', async () => {
    const inner = (await run(true)).result;
    const chosen = survey.careers.filter((career) => hashBucket(career) >= 56 && hashBucket(career) < 70);
    const fit = survey.careers.filter((career) => hashBucket(career) < 56);
    assert.deepEqual([inner.split, inner.persons, inner.trainPersons], ['inner', chosen.length, fit.length]);
  });

  it('is written as tables and a figure that name the cells', () => {
    const cells = matchedCellsTable('toy', result);
    assert.match(tableText(cells.rows, cells.options), /career +pre-trained +\d+\.\d{3} \(\d/);
    const differences = matchedDifferencesTable('toy', result);
    assert.match(tableText(differences.rows, differences.options), /labor-llm pre-trained +career pre-trained/);
    assert.match(JSON.stringify(matchedCellsPlot('toy', result)), /move observations/);
  });

  it('stands beside other surveys as a row for each beginning: CAREER, LABOR-LLM, and the difference', () => {
    const { rows } = matchedSurveysTable({ here: result, there: result });
    assert.deepEqual(
      rows.map(({ survey, beginning }) => [survey, beginning]),
      ['here', 'there'].flatMap((name) => ['from nothing', 'pre-trained'].map((beginning) => [name, beginning])),
    );
    for (const row of rows) {
      const gap = Number(row['labor-llm']) - Number(row['career']);
      assert.ok(Math.abs(gap - Number(row['difference'])) < 1e-9, `${gap}, not ${row['difference']}`);
      assert.ok(Number(row['low']) <= gap && gap <= Number(row['high']));
    }
  });
});
