import { strict as assert } from 'node:assert';
import { splitSurvey } from 'labor-llm/careers';
import { EmpiricalModel, UniformModel } from 'labor-llm/models';
import { holdoutYear, surveyThrough, timeHoldout } from 'labor-llm/studies';
import { toySurvey } from '../models/toy-survey';

describe('a holdout in time', () => {
  const survey = toySurvey({ persons: 200 });
  const { careers } = splitSurvey(survey).test;

  it('fits on nothing after the year, and on nobody who had not come by then', () => {
    const known = surveyThrough({ ...survey, origin: {} as never }, 2002);
    assert.ok(known.careers.every(({ observations }) => observations.every(({ year }) => year <= 2002)));
    assert.equal(known.origin, undefined);
    assert.deepEqual([known.name, known.occupations], [survey.name, survey.occupations]);
    assert.deepEqual(surveyThrough(survey, 1999).careers, []);
    const first = survey.careers[0];
    assert.deepEqual(
      known.careers[0]?.observations,
      first?.observations.filter(({ year }) => year <= 2002),
    );
  });

  it('holds out the last two fifths of the years', () => {
    assert.equal(holdoutYear(survey), 2004); // of 2000 to 2007
    assert.throws(() => holdoutYear(surveyThrough(survey, 2000)), /no year after its first/);
  });

  it('scores the later years of held-out persons, all models on the same paths’ years', async () => {
    const known = surveyThrough(survey, 2004);
    const models = [UniformModel, EmpiricalModel].map((Model) => Model.fit([known], { seed: 1 }));
    const result = await timeHoldout(models, careers, { from: 2004, paths: 50, seed: 1 });
    const able = careers.filter(({ observations }) => observations.length === 8);
    assert.equal(result.persons, able.length);
    assert.equal(result.observations, 3 * able.length);
    const [uniform, empirical] = result.rows;
    assert.ok(Math.abs((uniform?.perplexity.value ?? NaN) - 7) < 1e-9);
    assert.equal(uniform?.difference, null);
    assert.ok((empirical?.perplexity.value ?? NaN) < 7);
    assert.ok((empirical?.difference?.value ?? NaN) < 0);
    assert.deepEqual(
      empirical?.byYear.map(({ year, persons }) => [year, persons]),
      [2005, 2006, 2007].map((year) => [year, able.length]),
    );
    // who stays with probability 0.7 a year is ever harder to foretell
    const [next, , last] = empirical?.byYear.map(({ perplexity }) => perplexity.value ?? NaN) ?? [];
    assert.ok((next ?? NaN) < (last ?? NaN));
    assert.deepEqual(
      empirical?.outcomes.map(({ outcome }) => outcome),
      ['Not working', 'In school', 'move'],
    );
  });

  it('forecasts no more persons than it is told, and says where nobody can be', async () => {
    const model = UniformModel.fit([survey], { seed: 1 });
    const { persons } = await timeHoldout([model], careers, { from: 2004, persons: 2, paths: 1, seed: 1 });
    assert.equal(persons, 2);
    await assert.rejects(timeHoldout([model], careers, { from: 1990, paths: 1, seed: 1 }), /hold out fewer years/);
  });
});
