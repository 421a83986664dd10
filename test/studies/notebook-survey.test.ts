import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { notebookSurvey, paperPopulations } from 'labor-llm/studies';
import { root } from '../setup/programs';

describe('notebookSurvey', () => {
  it('draws the NLSY97-like survey for "synthetic", as large as the profile says and the same for a seed', async () => {
    const { survey, description } = await notebookSurvey('synthetic', 'smoke', 3);
    assert.equal(survey.careers.length, 300);
    assert.deepEqual([survey.origin?.population, survey.origin?.seed], ['nlsy97', 3]);
    assert.match(description, /Synthetic NLSY97.*synthetic labor market.*born 1980-1984/);
    assert.deepEqual((await notebookSurvey('synthetic', 'smoke', 3)).survey, survey);
    assert.notDeepEqual((await notebookSurvey('synthetic', 'smoke', 4)).survey.careers, survey.careers);
  });

  it('reads a shipped panel by its name and any file by its path, whole', async () => {
    const { survey, description } = await notebookSurvey('young-men', 'smoke');
    assert.equal(survey.careers.length, 545);
    assert.match(description, /young-men: careers read from a file/);
    const path = join(root, 'data', 'young-men', 'young-men.csv.gz');
    assert.deepEqual((await notebookSurvey(path, 'smoke')).survey, survey);
  });

  it('says what may be asked for where there is no such survey', async () => {
    await assert.rejects(notebookSurvey('old-women', 'smoke'), /no survey "old-women".*young-men.*"synthetic"/);
  });
});

describe('paperPopulations', () => {
  it('draws as many persons of each, the resumes without states and the rest by the settings', () => {
    const { psid81, resumes } = paperPopulations('smoke', 1, { delta: 2 });
    assert.deepEqual([psid81.careers.length, resumes.careers.length], [300, 300]);
    assert.equal(resumes.origin?.settings.delta, 2);
    const titles = resumes.careers.flatMap(({ observations }) =>
      observations.map((o) => resumes.occupations[o.occupation]),
    );
    assert.ok(!titles.includes('Unemployed') && !titles.includes('In education'));
  });
});
