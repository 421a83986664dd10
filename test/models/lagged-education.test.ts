import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Career } from 'labor-llm/careers';
import { fitModel, queriesOf, readModelCard, type OccupationModel, type Query } from 'labor-llm/models';
import { LaggedEducation, withLaggedEducation } from '../../lib/src/models/lagged-education';
import { inGroups } from '../../lib/src/models/queries';
import { fitToEnd } from './contract';
import { toyCareer, toySurvey } from './toy-survey';

const schooled: Career = {
  ...toyCareer('p', [0, 1, 1]),
  observations: toyCareer('p', [0, 1, 1]).observations.map((row, index) => ({
    ...row,
    education: ['high school', 'some college', 'college'][index],
  })),
};

/** The queries that a model inside is asked. */
const askedOf = async (queries: readonly Query[]): Promise<readonly Query[]> => {
  let asked: readonly Query[] = [];
  const spy: Partial<OccupationModel> = {
    logProbabilities: async (given) => {
      asked = given;
      return new Float64Array(given.length);
    },
  };
  await new LaggedEducation(spy as OccupationModel).logProbabilities(queries, []);
  return asked;
};

describe('education lagged one observation', () => {
  it('asks with the last observation’s education, and tells each before it the one before that', async () => {
    const asked = await askedOf(queriesOf(schooled));
    assert.deepEqual(
      asked.map(({ education }) => education),
      [undefined, 'high school', 'some college'],
    );
    assert.deepEqual(
      asked.map(({ history }) => history.map(({ education }) => education)),
      [[], [undefined], [undefined, 'high school']],
    );
  });

  it('asks about a survey what a model fitted on it was told', async () => {
    const [career] = withLaggedEducation({ name: 'toy', occupations: [], careers: [schooled] }).careers;
    assert.deepEqual(await askedOf(queriesOf(schooled)), queriesOf(career as Career));
  });

  it('leaves the queries of a career in one pass, and those of another history apart', async () => {
    assert.equal(inGroups(await askedOf(queriesOf(schooled))).length, 1);
    const other = { ...schooled, observations: schooled.observations.slice(1) };
    assert.equal(inGroups(await askedOf([schooled, other, schooled].flatMap(queriesOf))).length, 3);
  });

  it('is kept with the model, and a fit is not resumed at the other timing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'labor-llm-'));
    try {
      await fitToEnd('marginal', [toySurvey()], { seed: 1, folder, education: 'lagged' });
      assert.equal((await readModelCard(folder)).fitted.education, 'lagged');
      const again = fitModel('marginal', [toySurvey()], { seed: 1, folder, resume: true });
      await assert.rejects(again.next(), /learns of education "lagged", not "now"/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
