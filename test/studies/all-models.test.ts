import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitSurvey } from 'labor-llm/careers';
import { compareScores, scoreCareers } from 'labor-llm/evaluation';
import { loadModel } from 'labor-llm/models';
import { allModelsTable, paperOrderTable, tableLatex, tableMarkdown, tableText } from 'labor-llm/report';
import { allModels, listStore, paperOrder, type AllModels, type AllModelsOptions } from 'labor-llm/studies';
import { tinyDecoder } from '../models/tiny-decoder';
import { toySurvey } from '../models/toy-survey';

describe('allModels', function () {
  this.timeout(120_000);
  const survey = toySurvey({ persons: 120 });
  let store: string;
  let result: AllModels;
  const run = (options: Partial<AllModelsOptions> = {}) =>
    allModels(survey, {
      models: ['uniform', 'labor-llm', 'empirical', 'in-context'],
      seed: 1,
      steps: 4,
      configs: { 'labor-llm': tinyDecoder, 'in-context': { nothing: 1 } },
      store,
      ...options,
    });
  before(async () => {
    store = await mkdtemp(join(tmpdir(), 'labor-llm-all-models-'));
    result = await run();
  });
  after(() => rm(store, { recursive: true }));

  it('scores every model on the same held-out observations, the least perplexed first', () => {
    const { test } = splitSurvey(survey);
    assert.deepEqual([result.split, result.persons], ['test', test.careers.length]);
    const scored = result.rows.filter(({ report }) => report !== null);
    assert.equal(scored.length, 3);
    assert.equal(result.rows[0]?.model, 'empirical');
    for (const { report } of scored) assert.equal(report?.observations, result.observations);
    const perplexities = scored.map(({ report }) => report?.perplexity as number);
    assert.deepEqual(
      [...perplexities].sort((a, b) => a - b),
      perplexities,
    );
    assert.ok(Math.abs((scored.find(({ model }) => model === 'uniform')?.report?.perplexity ?? NaN) - 7) < 1e-9);
  });

  it('has differences to LABOR-LLM, as compare has them', async () => {
    assert.equal(result.reference, 'labor-llm');
    const entries = await listStore(store);
    const scoresOf = async (name: string) => {
      const model = await loadModel(entries.find(({ model }) => model === name)?.folder as string);
      const scores = await scoreCareers(model, splitSurvey(survey).test.careers, { distributions: true });
      model.dispose();
      return scores;
    };
    const { difference } = compareScores(await scoresOf('empirical'), await scoresOf('labor-llm'));
    const [empirical] = result.rows;
    assert.ok(Math.abs((empirical?.difference?.value ?? NaN) - (difference.value ?? Infinity)) < 1e-9);
    assert.equal(result.rows.find(({ model }) => model === 'labor-llm')?.difference, null);
  });

  it('compares within transitions and educations too, each on its own observations', async () => {
    const row = result.rows.find(({ model }) => model === 'empirical');
    const groups = row?.groups ?? [];
    assert.deepEqual(
      groups.map(({ characteristic, group }) => `${characteristic}: ${group}`),
      ['transition: first', 'transition: move', 'transition: stay', 'education: college', 'education: high school'],
    );
    for (const { characteristic, group, observations, perplexity, difference } of groups) {
      const { byTransition, byEducation } = row?.report ?? assert.fail();
      const own = characteristic === 'transition' ? byTransition[group as 'first'] : byEducation[group];
      assert.equal(observations, own?.observations);
      assert.ok(Math.abs((perplexity.value ?? NaN) - (own?.perplexity ?? NaN)) < 1e-9);
      const [low, high] = perplexity.interval ?? [NaN, NaN];
      assert.ok(low < (perplexity.value ?? NaN) && (perplexity.value ?? NaN) < high);
      const other = result.rows.find(({ model }) => model === 'labor-llm')?.groups.find((one) => one.group === group);
      assert.ok(
        Math.abs((difference?.value ?? NaN) - ((perplexity.value ?? NaN) - (other?.perplexity.value ?? 0))) < 1e-9,
      );
      assert.equal(other?.difference, null);
    }
  });

  it('asks for the whole distributions of some persons alone, and for the perplexity of all', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'labor-llm-some-'));
    const [some] = (await run({ models: ['empirical'], distributionPersons: 5, store: elsewhere })).rows;
    await rm(elsewhere, { recursive: true });
    const [whole] = result.rows;
    assert.equal(some?.report?.observations, whole?.report?.observations);
    assert.ok(Math.abs((some?.report?.perplexity ?? NaN) - (whole?.report?.perplexity ?? NaN)) < 1e-9);
    const first = splitSurvey(survey).test.careers.slice(0, 5);
    const cases = first.reduce((sum, { observations }) => sum + observations.length, 0);
    assert.equal(some?.report?.outcomes?.[0]?.cases, cases);
    assert.equal(some?.report?.representativeness?.shares[0]?.observations, cases);
  });

  it('is told of each fit apart, where fits differ', async () => {
    await run({ models: ['labor-llm'], fits: { 'labor-llm': { steps: 2 } } });
    const steps = (await listStore(store)).filter(({ model }) => model === 'labor-llm').map(({ options }) => options);
    assert.deepEqual(
      steps.map(({ steps: own, config }) => [own, config]),
      [
        [4, tinyDecoder],
        [2, tinyDecoder],
      ],
    );
  });

  it("reads embeddings off LABOR-LLM's decoder as it is after fine-tuning, unless it is told another base", async () => {
    const models = ['embedding-logit', 'labor-llm'];
    const elsewhere = await mkdtemp(join(tmpdir(), 'labor-llm-embedding-'));
    const configs = { 'labor-llm': tinyDecoder, 'embedding-logit': { maxIterations: 1 } };
    const basesOf = async () =>
      (await listStore(elsewhere))
        .filter(({ model }) => model === 'embedding-logit')
        .map(({ options }) => options.base);
    const found = await run({ models, configs, store: elsewhere });
    const own = (await listStore(elsewhere)).find(({ model }) => model === 'labor-llm')?.folder;
    assert.deepEqual(await basesOf(), [own]);
    const { rows, options } = allModelsTable('toy', found);
    assert.match(tableText(rows, options), /^embedding-logit reads the states of LABOR-LLM's decoder/m);
    const foreign = join(__dirname, '../fixtures/decoder/foreign');
    await run({ models, configs, store: elsewhere, bases: { 'embedding-logit': foreign } });
    assert.ok((await basesOf()).includes(foreign));
    await rm(elsewhere, { recursive: true });
  });

  it('has AUCs, accuracy, size, time and speed of each', () => {
    const row = result.rows.find(({ model }) => model === 'labor-llm');
    assert.deepEqual(
      row?.report?.outcomes?.map(({ outcome }) => outcome),
      ['Not working', 'In school', 'move'],
    );
    assert.ok((row?.parameters ?? 0) > 1000);
    for (const positive of [row?.fitSeconds, row?.scoredPerSecond, row?.distributionsPerSecond]) {
      assert.ok((positive ?? 0) > 0);
    }
    assert.equal(result.rows.find(({ model }) => model === 'uniform')?.report?.outcomes?.at(-1)?.auc.value, 0.5);
  });

  it('counts the weights of models whose card does not: a logit has one for each feature and occupation that occurs', async () => {
    const configs = { 'multinomial-logit': { stages: 1 } };
    const { rows } = await run({ models: ['multinomial-logit', 'empirical'], configs });
    const of = (name: string) => rows.find(({ model }) => model === name)?.parameters;
    assert.ok(
      (of('multinomial-logit') ?? 0) > 6 && (of('multinomial-logit') ?? 0) % 6 === 0,
      `${of('multinomial-logit')}`,
    );
    assert.equal(of('empirical'), null);
  });

  it('says in its row why a model cannot be had', () => {
    const row = result.rows.at(-1);
    assert.deepEqual([row?.model, row?.report], ['in-context', null]);
    assert.match(row?.reason ?? '', /nothing|base/);
    const { rows, options } = allModelsTable('toy', result);
    assert.match(tableText(rows, options), /^in-context: not available here\. .+/m);
  });

  it('does not fit or ask again what is in the store, and finds the same', async () => {
    const doing: string[] = [];
    const again = await run({ onProgress: (model, what) => doing.push(`${model}: ${what}`) });
    assert.deepEqual(again, JSON.parse(JSON.stringify(result)));
    assert.deepEqual(doing, []);
    const { folder } = (await listStore(store)).find(({ model }) => model === 'empirical') as { folder: string };
    const path = join(folder, 'evaluation.json');
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), key: 'of yesterday' }));
    const asked: string[] = [];
    await run({ onProgress: (model, what) => asked.push(`${model}: ${what}`) });
    assert.ok(asked.length > 0 && asked.every((line) => line.startsWith('empirical: scored')));
  });

  it('begins a model from the base that is named for it, and learns of education when it is told to', async () => {
    const { folder } = (await listStore(store)).find(({ model }) => model === 'labor-llm') as { folder: string };
    const models = ['off-the-shelf', 'empirical'];
    const { rows } = await run({ models, bases: { 'off-the-shelf': folder }, education: 'lagged' });
    assert.ok(
      rows.every(({ reason }) => reason === null),
      rows.map(({ reason }) => reason).join(),
    );
    const shelf = (await listStore(store)).find(({ model }) => model === 'off-the-shelf');
    assert.deepEqual(shelf?.options, { seed: 1, steps: 4, base: folder, education: 'lagged' });
    await assert.rejects(run({ bases: { bert: folder } }), /no model "bert"/);
  });

  it('prints a table with a row a model, for a terminal, for Markdown and for LaTeX', () => {
    const { rows, options } = allModelsTable('toy', result);
    const text = tableText(rows, options);
    for (const name of ['uniform', 'labor-llm', 'empirical']) {
      assert.match(text, new RegExp(`^${name} +[\\d.,e+]+ \\([\\d.,e+]+ to [\\d.,e+]+\\)`, 'm'));
    }
    for (const column of ['AUC In school', 'minus that of labor-llm', 'fit, s', 'distributions/s']) {
      assert.ok(text.includes(column), column);
    }
    assert.ok(tableMarkdown(rows, options).includes('| uniform |'));
    assert.ok(tableLatex(rows, options).includes('uniform &'));
  });

  it('closes with the oracle of a synthetic market, which is no model that could be best', () => {
    const [best, ...others] = result.rows.filter(({ report }) => report !== null);
    const rows = [...others, { ...(best as (typeof others)[0]), model: 'oracle' }];
    const table = allModelsTable('toy', { ...result, rows });
    const lines = tableMarkdown(table.rows, table.options).split('\n');
    assert.match(lines.find((line) => line.startsWith('| oracle')) ?? '', /^\| oracle \| \d/);
    assert.match(lines.find((line) => line.startsWith(`| ${others[0]?.model}`)) ?? '', /\| \*\*\d/);
  });

  it('computes perplexity alone where nothing else is wanted, and refuses names that are none', async () => {
    const plain = await run({ models: ['uniform', 'empirical'], distributions: false });
    assert.equal(plain.rows[0]?.report?.outcomes, null);
    assert.equal(plain.reference, 'empirical');
    const { rows, options } = allModelsTable('toy', plain);
    assert.doesNotMatch(tableText(rows, options), /AUC|distributions/);
    await assert.rejects(run({ models: ['bert'] }), /no model "bert"\. There are: labor-llm/);
  });
});

describe('paperOrder', () => {
  const estimate = (value: number, interval: [number, number]) => ({ value, standardError: 1, interval });

  it('puts what was found beside the paper, also where they disagree or it cannot be told', () => {
    const found = paperOrder((lower, higher) => {
      if (lower === 'labor-llm' && higher === 'career') return estimate(0.2, [0.1, 0.3]);
      if (lower === 'career' && higher === 'empirical') return estimate(-2, [-3, -1]);
      if (lower === 'labor-llm' && higher === 'numeric') return estimate(-0.1, [-0.3, 0.1]);
      return undefined;
    });
    assert.deepEqual(
      found.map(({ lower, higher, found: verdict }) => [lower, higher, verdict]),
      [
        ['labor-llm', 'career', 'disagrees'],
        ['career', 'empirical', 'agrees'],
        ['labor-llm', 'numeric', 'cannot be told'],
      ],
    );
    const { rows, options } = paperOrderTable('toy', {
      split: 'test',
      persons: 1,
      observations: 1,
      reference: null,
      rows: [],
      order: found,
    });
    assert.match(
      tableText(rows, options),
      /labor-llm +career +on PSID 8\.18 against 8\.58.* 0\.200 \(0\.100 to 0\.300\) +disagrees/,
    );
  });
});
