import { strict as assert } from 'node:assert';
import type { OccupationIndex } from 'labor-llm/careers';
import { compoundedDistribution, compoundedProbability } from 'labor-llm/evaluation';
import { EmpiricalModel, queriesOf, type Query } from 'labor-llm/models';
import { assertClose } from '../support/closeness';
import { toySurvey } from '../models/toy-survey';

describe('compoundedDistribution', () => {
  const survey = toySurvey();
  const model = EmpiricalModel.fit([survey], { seed: 1 });
  const career = survey.careers.find(({ observations }) => observations.length > 2);
  const query = queriesOf(career as (typeof survey.careers)[0])[1] as Query;
  const ahead = { year: query.year + 1, education: query.education };

  /** P(b | a) for all b, after an occupation. */
  const rowOf = async (occupation: number): Promise<Float64Array> => {
    const last = { ...(query.history[0] as Query['history'][0]), occupation: occupation as OccupationIndex };
    const [distribution] = await model.distributions([{ ...query, history: [last] }]);
    return distribution?.logProbabilities.map(Math.exp) as Float64Array;
  };

  it('is the square of the transition matrix for a model that knows only the last occupation', async () => {
    const first = await rowOf(query.history[0]?.occupation as number);
    const expected = new Float64Array(first.length);
    for (const [b, p] of first.entries()) {
      (await rowOf(b)).forEach((q, c) => (expected[c] = (expected[c] as number) + p * q));
    }
    const { logProbabilities, keptMass, leftOut, asked } = await compoundedDistribution(model, query, ahead);
    assertClose(logProbabilities.map(Math.exp), expected, 1e-12);
    assert.ok(Math.abs(keptMass - 1) < 1e-12 && Math.abs(leftOut) < 1e-12);
    assert.equal(asked, 1 + first.length);
  });

  it('follows the most probable occupations alone where a part is asked for, and says what it left out', async () => {
    const whole = await compoundedDistribution(model, query, ahead);
    const part = await compoundedDistribution(model, query, ahead, { cover: 0.6 });
    assert.ok(part.asked < whole.asked, `${part.asked} of ${whole.asked}`);
    assert.ok(part.leftOut > 0 && part.leftOut <= 0.4);
    assert.ok(Math.abs(part.keptMass + part.leftOut - 1) < 1e-12);
    part.logProbabilities.forEach((logP, c) => assert.ok(logP <= (whole.logProbabilities[c] as number)));
  });

  it('refuses a year that does not follow, and a share that is none', async () => {
    await assert.rejects(compoundedDistribution(model, query, { ...ahead, year: query.year }), /give a later one/);
    await assert.rejects(compoundedDistribution(model, query, ahead, { cover: 0 }), /cover is 0/);
  });
});

describe('compoundedProbability', () => {
  const survey = toySurvey();
  const model = EmpiricalModel.fit([survey], { seed: 1 });
  const career = survey.careers.find(({ observations }) => observations.length > 2);
  const query = queriesOf(career as (typeof survey.careers)[0])[1] as Query;
  const ahead = { year: query.year + 1, education: query.education };

  it('is an entry of the compounded distribution where all occupations are followed', async () => {
    const whole = await compoundedDistribution(model, query, ahead);
    for (const occupation of [0, 3, 5] as OccupationIndex[]) {
      const { probability, leftOut, asked } = await compoundedProbability(model, query, ahead, occupation);
      assert.ok(Math.abs(probability - Math.exp(whole.logProbabilities[occupation] as number)) < 1e-12);
      assert.ok(Math.abs(leftOut) < 1e-12);
      assert.equal(asked, whole.asked);
    }
  });

  it('scales what a part of the occupations leads to up to the whole mass, and says what it left out', async () => {
    const part = await compoundedDistribution(model, query, ahead, { cover: 0.6 });
    const { probability, leftOut, asked } = await compoundedProbability(model, query, ahead, 0 as OccupationIndex, {
      cover: 0.6,
    });
    assert.ok(Math.abs(leftOut - part.leftOut) < 1e-12 && asked === part.asked);
    assert.ok(Math.abs(probability - Math.exp(part.logProbabilities[0] as number) / (1 - part.leftOut)) < 1e-12);
  });
});
