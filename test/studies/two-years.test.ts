import { strict as assert } from 'node:assert';
import type { OccupationIndex } from 'labor-llm/careers';
import type { Distribution, OccupationModel, Query } from 'labor-llm/models';
import { twoYearsAhead } from 'labor-llm/studies';
import { toyCareer } from '../models/toy-survey';

/** Stays with probability 0.9 a year: over two years it says 0.9² + 0.1² directly, or what it is told to. */
const chain = (overTwo: number, asked: Query[] = []): OccupationModel => {
  const row = (query: Query): Float64Array => {
    asked.push(query);
    const last = query.history.at(-1);
    const stay = query.year - (last?.year ?? 0) === 2 ? overTwo : 0.9;
    return Float64Array.from([0, 1], (j) => Math.log(j === last?.occupation ? stay : 1 - stay));
  };
  return {
    name: 'chain',
    surveys: [{ survey: 'toy', titles: ['a', 'b'] }],
    logProbabilities: async (queries, occupations) =>
      Float64Array.from(queries, (query, i) => row(query)[occupations[i] as number] as number),
    distributions: async (queries) =>
      queries.map((query): Distribution => ({ logProbabilities: row(query), keptMass: 1 })),
    save: async () => {},
    dispose: () => {},
  };
};

describe('twoYearsAhead', () => {
  const careers = [toyCareer('p', [0, 0, 1, 1]), toyCareer('q', [1, 1, 1]), toyCareer('r', [0, 1])];
  const options = { cover: 1, seed: 1 };

  it('is one number both ways for a model whose two years are its years compounded', async () => {
    const result = await twoYearsAhead(chain(0.82), careers, options);
    assert.deepEqual([result.persons, result.observations], [2, 3]);
    // p: 0 → 1 and 0 → 1; q: 1 → 1
    const expected = Math.exp(-(2 * Math.log(0.18) + Math.log(0.82)) / 3);
    assert.ok(Math.abs((result.direct.value ?? NaN) - expected) < 1e-12);
    assert.ok(Math.abs((result.compounded.value ?? NaN) - expected) < 1e-12);
    assert.ok(Math.abs(result.difference.value ?? NaN) < 1e-12);
    assert.ok(Math.abs((result.correlation.value ?? NaN) - 1) < 1e-9);
    assert.ok(Math.abs(result.leftOut) < 1e-12);
  });

  it('tells the two ways apart where a model says something else directly', async () => {
    const { direct, compounded, difference, probabilities } = await twoYearsAhead(chain(0.5), careers, options);
    assert.ok(Math.abs((direct.value ?? NaN) - 2) < 1e-12);
    assert.ok(Math.abs((difference.value ?? NaN) - ((compounded.value ?? NaN) - 2)) < 1e-12);
    for (const [i, expected] of [0.18, 0.18, 0.82].entries()) {
      assert.ok(Math.abs((probabilities[i]?.[1] ?? NaN) - expected) < 1e-12);
      assert.ok(Math.abs((probabilities[i]?.[0] ?? NaN) - 0.5) < 1e-12);
    }
  });

  it('holds the education of the last known year, and sees no observation after it', async () => {
    const asked: Query[] = [];
    const later = (career: (typeof careers)[0]) => ({
      ...career,
      observations: career.observations.map((one, t) => ({ ...one, education: `level ${t}` })),
    });
    await twoYearsAhead(chain(0.82, asked), careers.map(later), options);
    assert.ok(asked.length > 0);
    for (const { history, year, education } of asked) {
      const known = history.filter((one) => one.education === `level ${one.year - 2000}`);
      const last = known.at(-1) as (typeof history)[0];
      assert.ok(education === last.education || education === history.at(-1)?.education);
      assert.ok(year <= last.year + 2);
      // the year in between is not the one that came, but each that may come, with the education held
      for (const between of history.slice(known.length)) assert.equal(between.education, last.education);
    }
  });

  it('pairs years by the calendar: a gap of two is one step, a missing year between does not matter', async () => {
    const [{ observations, ...rest }] = careers as [(typeof careers)[0]];
    const gap = { ...rest, observations: observations.filter(({ year }) => year !== 2001) };
    const { observations: count } = await twoYearsAhead(chain(0.82), [gap], options);
    assert.equal(count, 1);
  });

  it('says that there is nothing to ask where no year lies two after another', async () => {
    const short = toyCareer('s', [0 as OccupationIndex, 1]);
    await assert.rejects(twoYearsAhead(chain(0.82), [short], options), /two years apart/);
  });
});
