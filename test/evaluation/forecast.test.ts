import { strict as assert } from 'node:assert';
import type { Career, OccupationIndex } from 'labor-llm/careers';
import {
  forecast,
  forecastable,
  ForecastTotals,
  scoreCareers,
  type Forecast,
  type ForecastOptions,
} from 'labor-llm/evaluation';
import { EmpiricalModel, type OccupationModel, type Query } from 'labor-llm/models';
import { toyCareer, toySurvey, toyTitles } from '../models/toy-survey';
import { assertClose } from '../support/closeness';

const all = async (
  model: OccupationModel,
  careers: readonly Career[],
  options: Partial<ForecastOptions> = {},
): Promise<Forecast[]> => {
  const forecasts: Forecast[] = [];
  for await (const one of forecast(model, careers, { from: 2002, paths: 200, seed: 1, ...options }))
    forecasts.push(one);
  return forecasts;
};

describe('forecast', () => {
  const survey = toySurvey({ persons: 200 });
  const model = EmpiricalModel.fit([survey], { seed: 1 });
  const J = toyTitles.length;
  // known to 2002, where everybody but p1 is a cook, then three years more
  const careers = [toyCareer('p0', [3, 0, 0, 1, 1, 2]), toyCareer('p1', [0, 0, 4, 4, 4, 4])];
  const [first] = careers as [Career];

  /** [J][J] the chain's transition matrix. */
  const matrix = async (): Promise<Float64Array[]> => {
    const known = first.observations[0] as Career['observations'][0];
    const queries = toyTitles.map((_, occupation): Query => ({
      covariates: first,
      history: [{ ...known, occupation: occupation as OccupationIndex }],
      year: 2003,
      education: undefined,
    }));
    return (await model.distributions(queries)).map(({ logProbabilities }) => logProbabilities.map(Math.exp));
  };

  it('is, for a Markov chain, the power of its transition matrix: exact for a year, to Monte Carlo error beyond', async () => {
    const paths = 20_000;
    const forecasts = await all(model, careers, { paths });
    const chain = await matrix();
    for (const { career, years } of forecasts) {
      let expected = new Float64Array(J);
      expected[career.observations[2]?.occupation as number] = 1;
      years.forEach(({ scored, shares, probabilities }, index) => {
        expected = expected.map((_, to) =>
          chain.reduce((sum, row, from) => sum + (expected[from] as number) * (row[to] as number), 0),
        );
        if (index === 0) assertClose(probabilities, expected, 1e-12);
        for (let j = 0; j < J; j++) {
          const p = expected[j] as number;
          const error = Math.sqrt((p * (1 - p)) / paths);
          assert.ok(Math.abs((shares[j] as number) - p) < 4.5 * error, `share ${shares[j]} of ${p}`);
          assert.ok(
            Math.abs((probabilities[j] as number) - p) < 4.5 * error,
            `probability ${probabilities[j]} of ${p}`,
          );
        }
        assertClose([scored.logProbability], [Math.log(probabilities[scored.occupation] as number)], 1e-12);
      });
      assert.deepEqual(
        years.map(({ scored }) => [scored.year, scored.step]),
        [
          [2003, 1],
          [2004, 2],
          [2005, 3],
        ],
      );
    }
  });

  it('scores the first year as evaluate does', async () => {
    const scored = await scoreCareers(model, [first], { distributions: true });
    const [one] = await all(model, [first]);
    const { logProbability, distribution, transition } = one?.years[0]?.scored ?? {};
    assert.equal(logProbability, scored[3]?.logProbability);
    assert.deepEqual([distribution, transition], [scored[3]?.distribution, scored[3]?.transition]);
  });

  it('gives the same numbers for the same seed, whoever else is forecast, and others for another', async () => {
    const [alone] = await all(model, [first]);
    const [together] = await all(model, careers, { blockSize: 1 });
    const [reversed] = (await all(model, [...careers].reverse())).reverse();
    assert.deepEqual(alone, together);
    assert.deepEqual(alone, reversed);
    const [other] = await all(model, [first], { seed: 2 });
    assert.notDeepEqual(alone?.years[0]?.shares, other?.years[0]?.shares);
    assert.deepEqual(alone?.years[0]?.probabilities, other?.years[0]?.probabilities);
  });

  /** A model that notes what it was asked. */
  const noting = (asked: (readonly Query[])[]): OccupationModel => ({
    name: 'noting',
    surveys: model.surveys,
    logProbabilities: (queries, occupations) => model.logProbabilities(queries, occupations),
    distributions: (queries) => {
      asked.push(queries);
      return model.distributions(queries);
    },
    save: async () => {},
    dispose: () => {},
  });

  it("asks about all persons' year at once, each path that differs once, and ends where the person does", async () => {
    const asked: (readonly Query[])[] = [];
    await all(noting(asked), [...careers, toyCareer('p2', [0, 0, 0, 1])], { paths: 50 });
    assert.equal(asked.length, 3); // not a fourth one behind the data
    assert.equal(asked[0]?.length, 3);
    assert.deepEqual(
      asked.map((queries) => [...new Set(queries.map(({ year }) => year))]),
      [[2003], [2004], [2005]],
    );
    for (const queries of asked) {
      const keys = queries.map(({ history, covariates }) =>
        JSON.stringify([history.map(({ occupation }) => occupation), covariates]),
      );
      assert.ok(queries.length <= 150 && new Set(keys).size === queries.length);
    }
  });

  it('sees nothing of what came later but the years, and education unless it is held', async () => {
    const changed: Career = {
      ...first,
      observations: first.observations.map((observation, index) =>
        index < 3
          ? observation
          : { ...observation, occupation: 5 as OccupationIndex, education: 'doctorate', region: 'west' },
      ),
    };
    const [before] = await all(model, [first]);
    const [after] = await all(model, [changed]);
    before?.years.forEach(({ shares, probabilities }, index) => {
      assert.deepEqual(after?.years[index]?.shares, shares);
      assert.deepEqual(after?.years[index]?.probabilities, probabilities);
    });
    const educations = async (holdEducation: boolean) => {
      const asked: (readonly Query[])[] = [];
      await all(noting(asked), [changed], { holdEducation });
      const ofHistory = asked
        .at(-1)?.[0]
        ?.history.slice(3)
        .map(({ education }) => education);
      return [...new Set([...asked.flat().map(({ education }) => education), ...(ofHistory ?? [])])];
    };
    assert.deepEqual(await educations(true), ['high school']);
    assert.deepEqual(await educations(false), ['doctorate']);
  });

  it('refuses persons of whom nothing is known, and paths that are none', async () => {
    await assert.rejects(all(model, [first], { from: 1999 }), /"p0" has no observation up to 1999/);
    await assert.rejects(all(model, [first], { paths: 0 }), /0 paths/);
  });

  it('takes those who were observed by the year and in the last year of the data', () => {
    const late = {
      ...toyCareer('late', [0]),
      observations: toyCareer('late', [0, 0, 0, 0, 0, 0]).observations.slice(4),
    };
    const able = forecastable([...careers, toyCareer('lost', [0, 0, 0, 0]), late], 2002);
    assert.deepEqual(
      able.map(({ person }) => person),
      ['p0', 'p1'],
    );
    assert.deepEqual(forecastable(careers, 2005), []);
  });

  it('adds up to shares of all persons by year, beside what came', async () => {
    const totals = new ForecastTotals();
    const forecasts = await all(model, careers);
    forecasts.forEach((one) => totals.add(one));
    const [next] = totals.totals();
    assert.deepEqual([next?.year, next?.persons], [2003, 2]);
    assert.deepEqual([...(next?.observed ?? [])], [0, 1 / 2, 0, 0, 1 / 2, 0, 0]);
    const mean = toyTitles.map(
      (_, j) => forecasts.reduce((sum, { years }) => sum + (years[0]?.shares[j] as number), 0) / 2,
    );
    assertClose(next?.shares ?? [], mean, 1e-12);
  });
});
