import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Career, OccupationIndex, Survey } from 'labor-llm/careers';
import { scoreCareers } from 'labor-llm/evaluation';
import { queriesOf, type FitLog } from 'labor-llm/models';
import { tf, type NamedArray } from 'labor-llm/tensors';
import type { CareerModel } from '../../lib/dist/models/career.js';
import type { CareerName } from '../../lib/dist/models/career-settings.js';
import { fitCareer } from '../../lib/dist/models/fit-career.js';
import { onEachBackend } from '../support/backends';
import { fitToEnd } from './contract';
import { toyCareer, toySurvey, toyTitles } from './toy-survey';

const small = { width: 16, layers: 1, heads: 2, feedForward: 32, batchTokens: 128 };

const fitSmall = async (
  name: CareerName,
  surveys: readonly Survey[],
  options: { config?: Record<string, unknown>; steps?: number; base?: string } = {},
): Promise<{ model: CareerModel; logs: FitLog[] }> => {
  const { config = {}, steps = 6, ...rest } = options;
  const logs: FitLog[] = [];
  const fitting = fitCareer(name, surveys, { seed: 1, steps, config: { ...small, ...config }, ...rest });
  for (;;) {
    const item = await fitting.next();
    if (item.done === true) return { model: item.value, logs };
    logs.push(item.value);
  }
};

const arrayOf = (model: CareerModel, name: string): NamedArray =>
  model.network.parameters.toArrays().find((array) => array.name === name) as NamedArray;

const rowOf = ({ shape, data }: NamedArray, row: number): number[] => {
  const width = shape[1] as number;
  return [...data.subarray(row * width, (row + 1) * width)];
};

onEachBackend('CAREER', () => {
  describe('fitting', () => {
    it('learns: the loss falls well below that of a uniform guess, and stays are expected', async () => {
      const { model, logs } = await fitSmall('career', [toySurvey()], {
        config: { peak: 2e-2, dropout: 0 },
        steps: 80,
      });
      assert.ok((logs.at(-1) as FitLog).loss < 0.75 * Math.log(toyTitles.length), `loss ${logs.at(-1)?.loss}`);
      const [, query] = queriesOf(toyCareer('q', [2, 2]));
      assert.ok(query);
      const [distribution] = await model.distributions([query]);
      assert.ok(Math.exp(distribution?.logProbabilities[2] as number) > 0.5);
      model.dispose();
    });

    it('keeps all mass on declared occupations, but as in the paper, where special symbols take some', async () => {
      const queries = queriesOf(toyCareer('q', [2, 2, 3]));
      const kept: number[] = [];
      for (const name of ['career', 'career-paper'] as const) {
        const { model } = await fitSmall(name, [toySurvey()]);
        kept.push(...(await model.distributions(queries)).map(({ keptMass }) => keptMass));
        model.dispose();
      }
      assert.deepEqual(kept.slice(0, 3), [1, 1, 1]);
      assert.ok(
        kept.slice(3).every((mass) => mass > 0.2 && mass < 0.999),
        `${kept.slice(3)}`,
      );
    });

    it('pools surveys: titles that two have are one, and each answers over its own list', async () => {
      const other = toySurvey({ name: 'other', seed: 2 });
      const titles = ['Farmers', ...toyTitles.slice(0, 6)];
      const { model } = await fitSmall('career', [toySurvey(), { ...other, occupations: titles }]);
      assert.equal(model.network.coding.tables.titles.length, toyTitles.length + 1);
      for (const survey of ['toy', 'other']) {
        for (const { logProbabilities } of await model.distributions(queriesOf(toyCareer('q', [0, 1, 1], survey)))) {
          const sum = logProbabilities.reduce((total, logP) => total + Math.exp(logP), 0);
          assert.ok(Math.abs(sum - 1) < 1e-5, `${survey}: ${sum}`);
        }
      }
      model.dispose();
    });

    it('is certain where a survey has one occupation, also beside another survey', async () => {
      const tiny = (name: string): Survey => ({
        name,
        occupations: ['Pilots'],
        careers: Array.from({ length: 5 }, (_, index) => toyCareer(`t${index}`, [0, 0, 0], name)),
      });
      const { model } = await fitSmall('career', [toySurvey(), tiny('tiny')]);
      const scored = await scoreCareers(model, [toyCareer('q', [0, 0, 0], 'tiny')]);
      assert.ok(scored.every(({ logProbability }) => Math.abs(logProbability) < 1e-6));
      model.dispose();
    });

    it('passes over few persons more often, and never takes more steps than it may', async () => {
      for (const [limits, least, most] of [
        [{ epochs: 1, leastUpdates: 9, updates: 100 }, 9, 20],
        [{ epochs: 50, leastUpdates: 0, updates: 7 }, 7, 7],
      ] as const) {
        const fitting = fitCareer('career', [toySurvey()], { seed: 1, config: { ...small, ...limits } });
        let item = await fitting.next();
        while (item.done !== true) item = await fitting.next();
        const { steps } = item.value.training;
        assert.ok(steps >= least && steps <= most, `${steps} steps`);
        item.value.dispose();
      }
    });

    it('refuses what is no setting, or no value of one', async () => {
      const refused = (config: Record<string, unknown>) => fitSmall('career', [toySurvey()], { config });
      await assert.rejects(refused({ widht: 3 }), /no setting "widht".*width/);
      await assert.rejects(refused({ positions: 'rotary' }), /positions of CAREER is "rotary".*learned, sinusoidal/);
      await assert.rejects(refused({ covariates: ['income'] }), /"income".*year, education/);
      await assert.rejects(refused({ covariates: 'year,income' }), /"income".*year, education/);
      await assert.rejects(refused({ covariates: 3 }), /covariates of CAREER is 3: give a list/);
      await assert.rejects(refused({ width: 10, heads: 4 }), /width 10 does not split into 4 heads/);
    });

    it('takes a list as the command line gives it', async () => {
      const tables = async (covariates: string): Promise<readonly string[]> => {
        const { model } = await fitSmall('career', [toySurvey()], { steps: 1, config: { covariates } });
        const names = model.network.parameters.toArrays().map(({ name }) => name);
        model.dispose();
        return names.filter((name) => name.startsWith('covariates.'));
      };
      assert.deepEqual(await tables('sex,age'), ['covariates.sex.weight', 'covariates.age.weight']);
      assert.deepEqual(await tables('none'), []);
    });

    it('leaves no tensor behind', async () => {
      const before = tf.memory().numTensors;
      const { model } = await fitSmall('career', [toySurvey()], { config: { attentionDropout: 0.1 } });
      await model.distributions(queriesOf(toyCareer('q', [2, 2, 3])));
      model.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  });

  describe('from a base', () => {
    let folder: string;
    let base: CareerModel;
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'career-'));
      // as resumes are: other years, titles in another order, nothing known of sex and ethnicity
      const resumes = toySurvey({ name: 'resumes', seed: 4 });
      const known = resumes.careers.map((career): Career => ({
        ...career,
        sex: undefined,
        ethnicity: undefined,
        observations: career.observations.map((observation) => ({
          ...observation,
          year: observation.year + 3,
          occupation: (5 - observation.occupation) as OccupationIndex,
        })),
      }));
      const titles = [...toyTitles.slice(0, 6).reverse(), 'Astronauts'];
      base = (await fitSmall('career', [{ ...resumes, occupations: titles, careers: known }])).model;
      await base.save(folder);
    });
    after(async () => {
      base.dispose();
      await rm(folder, { recursive: true });
    });

    it("is taken over by the authors' configuration too, with its special symbols and its own output rows", async () => {
      const still = { config: { peak: 0, weightDecay: 0, averaging: 0 }, steps: 1 };
      const { model: before } = await fitSmall('career-paper', [toySurvey({ name: 'resumes', seed: 4 })]);
      const there = await mkdtemp(path.join(tmpdir(), 'career-paper-'));
      await before.save(there);
      const { model } = await fitSmall('career-paper', [toySurvey()], { ...still, base: there });
      const { model: fresh } = await fitSmall('career-paper', [toySurvey()], still);
      for (const name of ['layers.0.up.weight', 'output.weight', 'occupations.weight']) {
        assert.deepEqual(arrayOf(model, name).data, arrayOf(before, name).data, name);
        assert.notDeepEqual(arrayOf(fresh, name).data, arrayOf(before, name).data, name);
      }
      for (const one of [before, model, fresh]) one.dispose();
      await rm(there, { recursive: true });
    });

    it('takes over layers, and rows by title and by level; what is new is fresh', async () => {
      // no step is taken that changes anything
      const still = { config: { peak: 0, weightDecay: 0, averaging: 0 }, steps: 1 };
      const { model } = await fitSmall('career', [toySurvey()], { ...still, base: folder });
      const { model: fresh } = await fitSmall('career', [toySurvey()], still);
      const same = (name: string, row: number, source: CareerModel, sourceRow: number): void =>
        assert.deepEqual(rowOf(arrayOf(model, name), row), rowOf(arrayOf(source, name), sourceRow), `${name}, ${row}`);
      assert.deepEqual(arrayOf(model, 'layers.0.up.weight').data, arrayOf(base, 'layers.0.up.weight').data);
      for (const [title, from] of [
        ['Cooks', 5],
        ['Managers, "other"', 0],
      ] as const) {
        const to = toyTitles.indexOf(title);
        same('occupations.weight', 1 + to, base, 1 + from);
        assert.equal(arrayOf(model, 'output.bias').data[to], arrayOf(base, 'output.bias').data[from]);
      }
      same('stay.weight', 0, base, 0);
      assert.equal(arrayOf(model, 'output.bias').data[toyTitles.length], arrayOf(base, 'output.bias').data[7]);
      same('occupations.weight', 0, base, 0); // no occupation yet
      same('occupations.weight', 7, fresh, 7); // 'Never seen'
      const [years, baseYears] = [model, base].map((one) => one.network.coding.tables.levels.year) as [
        string[],
        string[],
      ];
      same('covariates.year.weight', years.indexOf('2005'), base, baseYears.indexOf('2005'));
      same('covariates.year.weight', years.indexOf('2000'), fresh, years.indexOf('2000'));
      same('covariates.sex.weight', 0, base, 0); // missing
      same('covariates.sex.weight', 1, fresh, 1);
      model.dispose();
      fresh.dispose();
    });

    it('refuses a base of another shape, and one of another model', async () => {
      const wider = fitSmall('career', [toySurvey()], { config: { width: 32 }, base: folder });
      await assert.rejects(wider, /the base's width is 16, this fit's 32/);
      const nobody = fitToEnd('empirical', [toySurvey()], { seed: 1, base: folder });
      await assert.rejects(nobody, /"empirical" cannot start from another/);
      const empirical = await mkdtemp(path.join(tmpdir(), 'empirical-'));
      (await fitToEnd('empirical', [toySurvey()], { seed: 1, folder: empirical })).dispose();
      await assert.rejects(fitSmall('career', [toySurvey()], { base: empirical }), /holds no CAREER.*"empirical"/);
      await rm(empirical, { recursive: true });
    });
  });
});
