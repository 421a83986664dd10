import { strict as assert } from 'node:assert';
import { splitSurvey } from 'labor-llm/careers';
import { EmpiricalModel, fitModel, queriesOf, UniformModel } from 'labor-llm/models';
import { sensitivities } from 'labor-llm/studies';
import { toySurvey } from '../models/toy-survey';

const survey = toySurvey({ persons: 200 });
const queries = splitSurvey(survey)
  .test.careers.filter(({ observations }) => observations.length >= 5)
  .map((career) => queriesOf(career).at(-1)!);

const movedBy = async (model: Parameters<typeof sensitivities>[0]): Promise<string[]> =>
  (await sensitivities(model, survey, queries)).filter(({ distance }) => distance > 1e-9).map(({ change }) => change);

describe('sensitivities', () => {
  it('finds a model that looks at nothing to be moved by nothing', async () => {
    assert.deepEqual(await movedBy(UniformModel.fit([survey], { seed: 1 })), []);
  });

  it('finds transitions to be moved by the last occupation alone, and by years since the last where they know of steps', async () => {
    assert.deepEqual(await movedBy(EmpiricalModel.fit([survey], { seed: 1 })), ['last occupation']);
    const byStep = EmpiricalModel.fit([survey], { seed: 1, config: { byStep: true } });
    assert.deepEqual(await movedBy(byStep), ['last occupation', 'years since the last']);
  });

  it('finds the logit to be moved by its features, and not by the year of birth', async () => {
    const fit = fitModel('multinomial-logit', [survey], { seed: 1, config: { maxIterations: 20 } });
    let item = await fit.next();
    while (item.done !== true) item = await fit.next();
    const moved = await movedBy(item.value);
    for (const change of ['last occupation', 'second-last occupation', 'sex', 'ethnicity', 'education this year']) {
      assert.ok(moved.includes(change), change);
    }
    assert.ok(!moved.includes('year of birth'));
  });

  it('is the total variation: what leaves some occupations for others, and at most 1', async () => {
    const model = EmpiricalModel.fit([survey], { seed: 1 });
    const query = queries[0]!;
    const [found] = await sensitivities(model, survey, [query]);
    const frequent = [0, 1, 2, 3, 4, 5, 6]
      .map((code) => ({
        code,
        n: splitSurvey(survey)
          .train.careers.flatMap(({ observations }) => observations)
          .filter(({ occupation }) => occupation === code).length,
      }))
      .sort((a, b) => b.n - a.n);
    const last = query.history.at(-1)!;
    const next = frequent.find(({ code }) => code !== last.occupation)!;
    const history = [...query.history.slice(0, -1), { ...last, occupation: next.code as typeof last.occupation }];
    const [a, b] = (await model.distributions([query, { ...query, history }])).map(({ logProbabilities }) => [
      ...logProbabilities.map(Math.exp),
    ]);
    const lost = a!.reduce((sum, p, code) => sum + Math.max(0, p - b![code]!), 0);
    assert.equal(found?.change, 'last occupation');
    assert.ok(Math.abs((found?.distance ?? NaN) - lost) < 1e-12);
    assert.equal(found?.standardError, null);
  });

  it('leaves out what cannot be changed: the sex in a survey of women, the year of birth where it is not known', async () => {
    const careers = survey.careers.map((career) => ({ ...career, sex: 'female', birthYear: undefined }));
    const women = { ...survey, careers };
    const asked = queries.map((query) => ({
      ...query,
      covariates: { ...query.covariates, sex: 'female', birthYear: undefined },
    }));
    const changes = (await sensitivities(EmpiricalModel.fit([women], { seed: 1 }), women, asked)).map(
      ({ change }) => change,
    );
    assert.ok(!changes.includes('sex') && !changes.includes('year of birth'));
    assert.ok(changes.includes('ethnicity'));
  });

  it('refuses to measure on nobody', async () => {
    await assert.rejects(sensitivities(UniformModel.fit([survey], { seed: 1 }), survey, []), /no query/);
  });
});
