import { strict as assert } from 'node:assert';
import type { OccupationModel } from 'labor-llm/models';
import { backPlot, whereToPlot } from 'labor-llm/report';
import { jobLosses, pathsAfterLoss, shareGaps, type PathShare } from 'labor-llm/studies';
import { career, survey } from './made-up';

const titles = ['Cooks', 'Nurses', 'Unemployed', 'In education'];

/** Everybody stays where they are. */
const staying = (occupations: readonly string[]): OccupationModel => ({
  name: 'staying',
  surveys: [{ survey: 'made up', titles: occupations }],
  logProbabilities: async () => new Float64Array(),
  distributions: async (queries) =>
    queries.map(({ history }) => ({
      logProbabilities: Float64Array.from(occupations, (_, j) => (history.at(-1)?.occupation === j ? 0 : -Infinity)),
      keptMass: 1,
    })),
  save: async () => {},
  dispose: () => {},
});

describe('jobLosses', () => {
  const careers = [
    career('lost', [0, 2, 1, 0]),
    career('lost too', [1, 2, 2, 1]),
    career('student', [3, 2, 0, 0]),
    career('never', [0, 0, 1, 1]),
    career('lost later', [0, 0, 2, 0]),
    career('not seen again', [0, 2]),
  ];
  const of = survey(titles, ...careers);

  it('are those from a job into unemployment in the year with the most, of persons who are seen again', () => {
    const { year, losers, event } = jobLosses(of, careers);
    assert.equal(year, 2001);
    assert.deepEqual(
      losers.map(({ career: { person } }) => person),
      ['lost', 'lost too'],
    );
    assert.equal(event, 'went from a job to the state "Unemployed"');
  });

  it('are, in a survey of years in work, to leave an occupation', () => {
    const { losers, event, categories } = jobLosses(survey(['a', 'b'], career('p', [0, 1, 1]), career('q', [0, 0])), [
      career('p', [0, 1, 1]),
      career('q', [0, 0]),
    ]);
    assert.deepEqual([losers.length, event], [1, 'left the occupation']);
    assert.deepEqual(categories, ['the occupation before', 'another occupation']);
  });

  it('are an error where there is none', () => {
    assert.throws(() => jobLosses(of, [career('never', [0, 0])]), /nobody loses a job and is seen again/);
  });

  it('have paths from the career as it is, from the same with the loss taken out, and what came', async () => {
    const losses = jobLosses(of, careers);
    const paths = await pathsAfterLoss(staying(titles), losses, { paths: 3, seed: 1 });
    const share = (scenario: string, year: number, category: string): number | null | undefined =>
      paths.find((one) => one.scenario === scenario && one.year === year && one.category === category)?.share.value;
    for (const year of [2002, 2003]) {
      assert.equal(share('after the loss', year, 'Unemployed'), 1);
      assert.equal(share('had they stayed', year, 'the occupation before'), 1);
    }
    assert.deepEqual(
      losses.categories.map((category) => share('observed', 2002, category)),
      [0, 0.5, 0.5, 0],
    );
    assert.deepEqual(
      losses.categories.map((category) => share('observed', 2003, category)),
      [1, 0, 0, 0],
    );
    assert.match(backPlot('made up', losses, paths).alt, /observed: from 0\.00 at 1 to 1\.00 at 2/);
    assert.match(
      whereToPlot('made up', losses, paths).alt,
      /observed the occupation before 1\.000, another occupation 0/,
    );
  });

  it('look no further ahead than asked, at no more persons than asked', () => {
    const { losers } = jobLosses(of, careers, 1, 1);
    assert.deepEqual(
      losers.map(({ career: { observations } }) => observations.length),
      [3],
    );
  });
});

describe('shareGaps', () => {
  const at = (scenario: PathShare['scenario'], category: string, value: number): PathShare => ({
    ...{ scenario, category, year: 2002, persons: 16 },
    share: { value, standardError: null, interval: null },
  });
  const paths = [
    ...[at('after the loss', 'a', 0.5), at('observed', 'a', 0.75), at('had they stayed', 'a', 0)],
    ...[at('after the loss', 'b', 0.2), at('observed', 'b', 0)],
    ...[at('after the loss', 'c', 0), at('observed', 'c', 1 / 16)],
  ];

  it('are in binomial errors of the predicted share, so that nobody and everybody count', () => {
    const found = Object.fromEntries(shareGaps(paths, 10).map(({ category, errors }) => [category, errors]));
    assert.equal(found['a'], -0.25 / (0.5 / 4)); // two errors of an eighth
    assert.ok(Math.abs((found['b'] ?? NaN) - 0.2 / (0.4 / 4)) < 1e-12);
    // half a path of 160: p = 1/320
    assert.ok(Math.abs((found['c'] ?? NaN) + 1 / 16 / (Math.sqrt(319) / 320 / 4)) < 1e-12);
  });

  it('come with the largest first, and leave out what was not observed', () => {
    assert.deepEqual(
      shareGaps([...paths, at('after the loss', 'd', 0.5)], 10).map(({ category }) => category),
      ['c', 'a', 'b'],
    );
  });
});
