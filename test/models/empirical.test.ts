import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readSurvey,
  splitSurvey,
  type Career,
  type Observation,
  type OccupationIndex,
  type Survey,
} from 'labor-llm/careers';
import { evaluate } from 'labor-llm/evaluation';
import { EmpiricalModel, fitModel, loadModel, ModelError, queriesOf, readModelCard } from 'labor-llm/models';
import { fitToEnd, trainPerson } from './contract';
import { toyCareer, toySurvey } from './toy-survey';

const NLSY97 = join(__dirname, '../../../shared/data/nlsy97/nlsy97.csv.gz');
const [X, Y, Z] = [0, 1, 2] as [OccupationIndex, OccupationIndex, OccupationIndex];

/** Four train observations: x x y of one person, x of another. */
const small = (name = 'small', occupations: readonly string[] = ['x', 'y', 'z']): Survey => ({
  name,
  occupations,
  careers: [toyCareer(trainPerson('a'), [X, X, Y], name), toyCareer(trainPerson('b'), [X], name)],
});

/** P(to | from), from undefined being a career's beginning. */
const probability = async (
  model: EmpiricalModel,
  from: OccupationIndex | undefined,
  to: OccupationIndex,
  survey = 'small',
): Promise<number> => {
  const query = queriesOf(toyCareer('q', from === undefined ? [to] : [from, to], survey)).at(-1);
  assert.ok(query);
  return Math.exp((await model.logProbabilities([query], [to]))[0] ?? NaN);
};

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

describe('EmpiricalModel', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labor-llm-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('has the probabilities worked out by hand', async () => {
    const model = EmpiricalModel.fit([small()], { seed: 1 });
    // n = 3, 1, 0 of N = 4, J = 3: u = 3.5/5.5, 1.5/5.5, 0.5/5.5; start -> x twice, x -> x once, x -> y once
    close(await probability(model, undefined, X), (2 + (30 * 3.5) / 5.5) / 32);
    close(await probability(model, undefined, Z), (30 * 0.5) / 5.5 / 32);
    close(await probability(model, X, X), (1 + (30 * 3.5) / 5.5) / 32);
    close(await probability(model, X, Y), (1 + (30 * 1.5) / 5.5) / 32);
    close(await probability(model, Y, X), 3.5 / 5.5); // nobody ever left y: the marginal
    close(await probability(model, Z, Z), 0.5 / 5.5);
  });

  it('takes another lambda, and refuses settings that it does not have', async () => {
    const model = EmpiricalModel.fit([small()], { seed: 1, config: { lambda: 2 } });
    close(await probability(model, X, Y), (1 + (2 * 1.5) / 5.5) / 4);
    const refused = (config: Record<string, unknown>) => () => EmpiricalModel.fit([small()], { seed: 1, config });
    assert.throws(refused({ lamda: 2 }), /no setting "lamda". It has: lambda/);
    assert.throws(refused({ lambda: -1 }), /lambda is -1/);
  });

  it('gives unseen transitions nothing without smoothing, and an occupation never left the marginal', async () => {
    const model = EmpiricalModel.fit([small()], { seed: 1, config: { lambda: 0 } });
    close(await probability(model, X, Y), 1 / 2);
    assert.equal(await probability(model, X, Z), 0);
    assert.equal(await probability(model, undefined, Y), 0);
    close(await probability(model, Y, X), 3.5 / 5.5);
    const { report } = await evaluate(model, [toyCareer('q', [X, Z], 'small')], { split: 'test' });
    assert.equal(report.perplexity, Infinity);
    assert.equal(report.interval, null);
  });

  it('has rows by step length, shrunk to the chain over all steps', async () => {
    // x -> x in a year, x -> y in two years, x -> y in four
    const person = (prefix: string, to: OccupationIndex, years: number): Career => {
      const [one, two] = toyCareer(trainPerson(prefix), [X, to], 'small').observations;
      const observations = [one, { ...two, year: 2000 + years }] as Observation[];
      return { ...toyCareer(trainPerson(prefix), [], 'small'), observations };
    };
    const survey = { ...small(), careers: [person('a', X, 1), person('b', Y, 2), person('c', Y, 4)] };
    const model = EmpiricalModel.fit([survey], { seed: 1, config: { lambda: 2, byStep: true } });
    // n = 4, 2, 0 of N = 6, J = 3
    const all = [1 + (2 * 4.5) / 7.5, 2 + (2 * 2.5) / 7.5, (2 * 0.5) / 7.5].map((mass) => mass / 5);
    const [, query] = queriesOf(person('q', X, 1));
    assert.ok(query);
    const shareOf = async (year: number, to: OccupationIndex) =>
      Math.exp((await model.logProbabilities([{ ...query, year }], [to]))[0] ?? NaN);
    close(await shareOf(2001, X), (1 + 2 * all[0]!) / 3);
    close(await shareOf(2002, X), (2 * all[0]!) / 3);
    close(await shareOf(2003, Y), (1 + 2 * all[1]!) / 3); // three years and four are one
    close(await shareOf(2009, Z), (2 * all[2]!) / 3);
    close(await probability(model, undefined, X), (3 + (2 * 4.5) / 7.5) / 5); // the first has no step length
    const unsmoothed = EmpiricalModel.fit([survey], { seed: 1, config: { lambda: 0, byStep: true } });
    const twoYears = { ...query, history: [{ ...query.history[0]!, occupation: Y }], year: 2002 };
    close(Math.exp((await unsmoothed.logProbabilities([twoYears], [X]))[0] ?? NaN), 4.5 / 7.5);
  });

  it('keeps step lengths and settings in its folder', async () => {
    const config = { lambda: 3, byStep: true };
    const model = await fitToEnd('empirical', [toySurvey()], { seed: 1, folder, config });
    const queries = toySurvey().careers.flatMap(queriesOf);
    assert.deepEqual(await (await loadModel(folder)).distributions(queries), await model.distributions(queries));
    await assert.rejects(
      fitToEnd('empirical', [toySurvey()], { seed: 1, folder, resume: true, config: { lambda: 3 } }),
      /other settings/,
    );
  });

  it('keeps the counts of pooled surveys apart, each over its own list', async () => {
    const other: Survey = {
      name: 'other',
      occupations: ['p', 'q'],
      careers: [toyCareer(trainPerson('a'), [Y, Y], 'other')],
    };
    const pooled = EmpiricalModel.fit([small(), other], { seed: 1 });
    const alone = EmpiricalModel.fit([small()], { seed: 1 });
    close(await probability(pooled, X, Y), await probability(alone, X, Y));
    close(await probability(pooled, undefined, Y, 'other'), (1 + (30 * 2.5) / 3) / 31);
    await pooled.save(folder);
    close(await probability(await EmpiricalModel.load(folder), undefined, Y, 'other'), (1 + (30 * 2.5) / 3) / 31);
    assert.throws(() => EmpiricalModel.fit([small(), small('small', ['x', 'y'])], { seed: 1 }), /both|Two .* "small"/);
  });

  it('counts train persons only', async () => {
    const survey = toySurvey();
    const { train } = splitSurvey(survey);
    assert.ok(train.careers.length < survey.careers.length);
    const [all, some] = [survey, train].map((one) => EmpiricalModel.fit([one], { seed: 1 }));
    const queries = train.careers.flatMap(queriesOf);
    assert.deepEqual(await all?.distributions(queries), await some?.distributions(queries));
    assert.equal(all?.fitted.persons, train.careers.length);
  });

  it('refuses as many answers as there are no queries for', async () => {
    const model = EmpiricalModel.fit([small()], { seed: 1 });
    await assert.rejects(model.logProbabilities(queriesOf(toyCareer('q', [X], 'small')), [X, Y]), ModelError);
  });

  it('writes what it was fitted on into model.json, and the same bytes twice', async () => {
    const fit = () => fitToEnd('empirical', [small()], { seed: 3, folder, provenance: { files: ['small.csv'] } });
    await fit();
    const first = await readFile(join(folder, 'model.json'), 'utf8');
    await fit();
    assert.equal(await readFile(join(folder, 'model.json'), 'utf8'), first);
    assert.deepEqual(await readdir(folder), ['model.json']);
    const { fitted, surveys } = await readModelCard(folder);
    assert.deepEqual(surveys, [{ survey: 'small', titles: ['x', 'y', 'z'] }]);
    const { dataHash, persons, observations, seed, provenance } = fitted;
    assert.match(dataHash, /^[0-9a-f]{64}$/);
    assert.deepEqual([persons, observations, seed, provenance], [2, 4, 3, { files: ['small.csv'] }]);
  });

  it('has nothing to do where a resumed folder holds it already, and refuses one of other data', async () => {
    const logs = async (survey: Survey, resume: boolean): Promise<number> => {
      const steps = fitModel('empirical', [survey], { seed: 1, folder, resume });
      let count = 0;
      while ((await steps.next()).done !== true) count += 1;
      return count;
    };
    assert.equal(await logs(small(), true), 1); // nothing there: anew
    assert.equal(await logs(small(), true), 0);
    await assert.rejects(logs({ ...small(), careers: small().careers.slice(1) }, true), /other data/);
  });

  it('has perplexity 8.022 on the validation persons of NLSY97', async function () {
    if (!existsSync(NLSY97)) {
      console.log('      skipped: ../shared/data/nlsy97 is not here');
      return this.skip();
    }
    const survey = await readSurvey(NLSY97);
    const model = EmpiricalModel.fit([survey], { seed: 1 });
    const { report } = await evaluate(model, splitSurvey(survey).validation.careers, { split: 'validation' });
    assert.equal(report.observations, 16_007);
    assert.equal(report.perplexity?.toFixed(3), '8.022');
  });
});

describe('the registry of models', () => {
  it('names the known models where there is none of a name', async () => {
    await assert.rejects(fitToEnd('bert', [small()]), /no model "bert". There are: labor-llm, .*empirical/);
  });

  it('says what to do where a folder holds no model, or one that cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'labor-llm-'));
    try {
      await assert.rejects(loadModel(folder), /there is no model.json.*--resume/);
      await writeFile(join(folder, 'model.json'), '{"name":"empirical"');
      await assert.rejects(loadModel(folder), /not the description of a fitted model/);
      await writeFile(join(folder, 'model.json'), '{"name":"bert","surveys":[],"fitted":{}}');
      await assert.rejects(loadModel(folder), /no model "bert"/);
      await assert.rejects(
        fitToEnd('empirical', [small()], { seed: 1, folder, resume: true }),
        /holds the model "bert"/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
