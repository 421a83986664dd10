import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeSurvey, readSurvey, splitSurvey } from 'labor-llm/careers';

const FILE = join(__dirname, '../../../shared/data/nlsy97/nlsy97.csv.gz');

describe('NLSY97', () => {
  before(function () {
    if (existsSync(FILE)) return;
    console.log('      NLSY97 is not at ../shared/data/nlsy97: reading it is not tested.');
    this.skip();
  });

  it('is read with the counts that its README states', async () => {
    const survey = await readSurvey(FILE, { name: 'NLSY97', warn: (line) => assert.fail(line) });
    const { persons, observations, occupations, parts, years } = describeSurvey(survey);
    assert.deepEqual([persons, observations], [7208, 131116]);
    assert.deepEqual([occupations.declared, occupations.occurring, occupations.occurringInTrain], [344, 336, 336]);
    assert.deepEqual([parts.train.persons, parts.validation.observations], [6330, 16007]);
    assert.deepEqual(years, { first: 1997, last: 2021 });
    assert.equal(splitSurvey(survey).test.careers.length, 0);
  });
});
