import { strict as assert } from 'node:assert';
import type { Career } from 'labor-llm/careers';
import type { OccupationModel, Query } from 'labor-llm/models';
import {
  covariateWorth,
  historyWorth,
  ShortHistory,
  swappedCovariates,
  varyingCovariates,
  withoutCovariates,
  type PartsLog,
} from 'labor-llm/studies';
import { career } from './made-up';

const resultOf = async <Result>(study: AsyncGenerator<PartsLog, Result>): Promise<Result> => {
  for (;;) {
    const item = await study.next();
    if (item.done === true) return item.value;
  }
};

/** A model whose probability of what came follows from the query. */
const modelOf = (probability: (query: Query, occupation: number) => number): OccupationModel => ({
  name: 'made up',
  surveys: [{ survey: 'made up', titles: ['a', 'b'] }],
  logProbabilities: async (queries, occupations) =>
    Float64Array.from(queries, (query, i) => Math.log(probability(query, occupations[i] as number))),
  distributions: async (queries) =>
    queries.map((query) => ({
      logProbabilities: Float64Array.from([0, 1], (j) => Math.log(probability(query, j))),
      keptMass: 1,
    })),
  save: async () => {},
  dispose: () => {},
});

const careers: readonly Career[] = Array.from({ length: 40 }, (_, i) =>
  career(`p${i}`, i % 2 === 0 ? [0, 0] : [1, 1], {
    sex: i % 2 === 0 ? 'female' : 'male',
    region: ['north', 'south'][i % 3 === 0 ? 0 : 1],
    ethnicity: 'any',
  }),
);

describe('covariates dropped and swapped', () => {
  it('leave everything else as it is', () => {
    const [dropped, swapped] = [withoutCovariates(careers, ['sex']), swappedCovariates(careers, ['sex'], 1)];
    for (const changed of [dropped, swapped]) {
      assert.deepEqual(
        changed.map((one) => ({ ...one, sex: undefined })),
        careers.map((one) => ({ ...one, sex: undefined })),
      );
    }
    assert.ok(dropped.every(({ sex }) => sex === undefined));
  });

  it('swapped are those of others: as often in all, and nobody keeps the own but by chance', () => {
    const count = (of: readonly Career[]): number => of.filter(({ sex }) => sex === 'female').length;
    const numbered = careers.map((one, i) => ({ ...one, region: String(i) }));
    const swapped = swappedCovariates(numbered, ['region', 'sex'], 1);
    assert.equal(count(swapped), count(careers));
    assert.ok(swapped.every(({ region }, i) => region !== String(i)));
    assert.equal(new Set(swapped.map(({ region }) => region)).size, careers.length);
  });

  it('are worth what the model makes of them, and nothing where it does not look', async () => {
    const model = modelOf(({ covariates: { sex } }, occupation) =>
      sex === undefined ? 0.5 : (sex === 'female') === (occupation === 0) ? 0.9 : 0.1,
    );
    assert.deepEqual(varyingCovariates(careers), ['sex', 'region']);
    const worth = await resultOf(covariateWorth(model, careers, 1));
    assert.deepEqual(
      worth.map(({ covariate }) => covariate),
      ['sex', 'region', 'all'],
    );
    const [sex, region] = worth;
    assert.ok(Math.abs((sex?.dropped.value ?? NaN) - 1.8) < 1e-12);
    assert.ok((sex?.swapped.value ?? 0) > (sex?.dropped.value ?? 0));
    assert.deepEqual([region?.dropped.value, region?.swapped.value], [1, 1]);
  });

  it('take the education of every year from the donor', () => {
    const schooled = ['low', 'high'].map((education, i) => {
      const one = career(`q${i}`, [0, 0, 0].slice(i));
      return { ...one, observations: one.observations.map((row) => ({ ...row, education })) };
    });
    const swapped = swappedCovariates(schooled, ['education'], 1);
    assert.deepEqual(
      swapped.map(({ observations }) => observations.map(({ education }) => education)),
      [
        ['high', 'high', 'high'],
        ['low', 'low'],
      ],
    );
  });
});

describe('ShortHistory', () => {
  it('tells a model of the last observations only; of none where none are known', async () => {
    const lengths: number[] = [];
    const model = modelOf(({ history }) => {
      lengths.push(history.length);
      return 0.5;
    });
    const past = career('p', [0, 1, 0, 1]).observations;
    const query = { covariates: { survey: 'made up' }, history: past, year: 2004, education: undefined } as Query;
    for (const known of [0, 1, 3, 9]) await new ShortHistory(model, known).distributions([query]);
    assert.deepEqual(
      lengths.filter((_, i) => i % 2 === 0),
      [0, 1, 3, 4],
    );
  });

  it('takes nothing from a model that knows the last observation only, and all from one without any', async () => {
    const last = modelOf(({ history }, occupation) =>
      history.length === 0 ? 0.5 : history.at(-1)?.occupation === occupation ? 0.8 : 0.2,
    );
    const worth = await resultOf(historyWorth(last, careers, [0, 1, 5, null]));
    const [none, one, five, all] = worth.map(({ perplexity }) => perplexity.value as number);
    assert.deepEqual([one, five], [all, all]);
    assert.ok(Math.abs((none ?? NaN) - 2) < 1e-12 && (one ?? NaN) < 2);
    assert.deepEqual(
      worth.slice(1).map(({ ratio }) => ratio.value),
      [1, 1, 1],
    );
    assert.ok(Math.abs((worth[0]?.ratio.value ?? NaN) - (none ?? NaN) / (all ?? NaN)) < 1e-12);
  });
});
