import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { describeSurvey, readSurvey, splitSurvey, type Survey } from 'labor-llm/careers';

const read = (name: string): Promise<Survey> =>
  readSurvey(join(__dirname, '../../data', name, `${name}.csv.gz`), { warn: (line) => assert.fail(line) });

/** Rows by year, by title, ...: what `key` gives for each observation. */
const tally = (survey: Survey, key: (row: Survey['careers'][number]['observations'][number]) => string) => {
  const counts: Record<string, number> = {};
  for (const { observations } of survey.careers) {
    for (const row of observations) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  }
  return counts;
};

const groupsOf = (survey: Survey) => tally(survey, ({ occupation }) => survey.occupations[occupation] ?? '');

describe('shipped data', () => {
  it('young-women: the rows of nlswork that have an occupation, by year and by code, as pandas counts them', async () => {
    // 28,534 rows and 4,711 persons in the package, less 121 rows without occ_code
    const survey = await read('young-women-groups');
    const { persons, observations } = describeSurvey(survey);
    assert.deepEqual([persons, observations], [4699, 28534 - 121]);
    assert.deepEqual(
      Object.values(tally(survey, ({ year }) => String(year))),
      [1361, 1229, 1684, 1850, 1683, 1975, 2133, 2169, 1944, 1835, 2077, 1980, 2081, 2149, 2263],
    );
    assert.deepEqual(
      survey.occupations.map((title) => groupsOf(survey)[title]),
      [3008, 1494, 10974, 1323, 438, 4309, 571, 4300, 6, 144, 194, 7, 1645],
    );
  });

  it('young-men: 545 men in each of the years 1980 to 1987, by occupation as pandas counts them', async () => {
    const survey = await read('young-men-groups');
    assert.equal(survey.careers.length, 545);
    assert.ok(survey.careers.every(({ observations }) => observations.length === 8));
    assert.deepEqual(
      Object.entries(tally(survey, ({ year }) => String(year))),
      [1980, 1981, 1982, 1983, 1984, 1985, 1986, 1987].map((year) => [String(year), 545]),
    );
    assert.deepEqual(
      survey.occupations.map((title) => groupsOf(survey)[title]),
      [453, 399, 486, 233, 934, 881, 509, 401, 64],
    );
  });

  for (const name of ['young-women', 'young-men']) {
    it(`${name}: the divided titles are the same rows, each within the group that the list says`, async () => {
      const [divided, plain] = [await read(name), await read(`${name}-groups`)];
      const pairs = new Set<string>();
      divided.careers.forEach((career, i) => {
        const other = plain.careers[i];
        assert.equal(career.person, other?.person);
        career.observations.forEach(({ year, occupation, education, region }, t) => {
          const row = other?.observations[t];
          assert.deepEqual([year, education, region], [row?.year, row?.education, row?.region]);
          pairs.add(`${divided.occupations[occupation]} < ${plain.occupations[row?.occupation ?? -1]}`);
        });
      });
      // one group a title: as many pairs as titles
      assert.equal(pairs.size, divided.occupations.length);
    });

    it(`${name}: every declared title occurs, and 10 times or more in train unless it is a whole group`, async () => {
      for (const survey of [await read(name), await read(`${name}-groups`)]) {
        const { occupations } = describeSurvey(survey);
        assert.equal(occupations.occurring, occupations.declared);
      }
      const survey = await read(name);
      const inTrain = groupsOf(splitSurvey(survey).train);
      const plain = (await read(`${name}-groups`)).occupations;
      const rare = survey.occupations.filter(
        (title) => !plain.includes(title) && !title.endsWith(', other industries') && (inTrain[title] ?? 0) < 10,
      );
      assert.deepEqual(rare, []);
    });
  }
});
