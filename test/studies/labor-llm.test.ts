import { strict as assert } from 'node:assert';
import { partOf, splitSurvey } from 'labor-llm/careers';
import type { FitLog, LaborLlm } from 'labor-llm/models';
import { fitModel } from 'labor-llm/models';
import { fittedSteps, laborLlmPlan, profileNames, wholeCareers, withTrainPersons } from 'labor-llm/studies';
import { smallDecoder } from '../models/tiny-decoder';
import { toySurvey } from '../models/toy-survey';

describe('withTrainPersons', () => {
  it('keeps so many train persons, and everybody else', () => {
    const survey = toySurvey({ persons: 100 });
    const fewer = withTrainPersons(survey, 7);
    assert.equal(splitSurvey(fewer).train.careers.length, 7);
    const others = ({ careers }: typeof survey) => careers.filter((career) => partOf(career) !== 'train');
    assert.deepEqual(others(fewer), others(survey));
    assert.deepEqual(withTrainPersons(survey, Infinity), survey);
  });
});

describe('wholeCareers', () => {
  it('gives the first observations of the first persons', () => {
    const { careers } = toySurvey({ persons: 10 });
    const longest = Math.max(...careers.slice(0, 3).map(({ observations }) => observations.length));
    const plan = { ...laborLlmPlan.smoke, wholePersons: 3, wholeObservations: longest - 1 };
    const few = wholeCareers(careers, plan);
    assert.deepEqual(
      few.map(({ person, observations }) => [person, observations]),
      careers.slice(0, 3).map(({ person, observations }) => [person, observations.slice(0, longest - 1)]),
    );
    assert.equal(Math.max(...few.map(({ observations }) => observations.length)), longest - 1);
    assert.deepEqual(wholeCareers(careers, { ...plan, wholeObservations: Infinity }), careers.slice(0, 3));
  });
});

describe('fittedSteps', () => {
  it('says of a fit what its log said while it ran', async () => {
    const logs: FitLog[] = [];
    const fitting = fitModel('labor-llm', [toySurvey()], { seed: 1, config: { ...smallDecoder, epochs: 3 } });
    let item = await fitting.next();
    for (; item.done !== true; item = await fitting.next()) logs.push(item.value);
    const model = item.value as LaborLlm;
    const steps = fittedSteps(model);
    assert.deepEqual(
      steps.map(({ step, loss, learningRate }) => ({ step, loss, learningRate })),
      logs.map(({ step, loss, learningRate }) => ({ step, loss, learningRate })),
    );
    assert.deepEqual(
      steps.map(({ validationLoss }) => validationLoss),
      logs.map(({ validationLoss }) => validationLoss),
    );
    assert.equal(steps.at(-1)?.epoch, 3);
    model.dispose();
  });
});

describe('laborLlmPlan', () => {
  it('grows with the profile', () => {
    const sizes = profileNames.map((size) => Object.values(laborLlmPlan[size]) as number[]);
    sizes.slice(1).forEach((plan, p) => plan.forEach((n, i) => assert.ok(n > sizes[p]![i]!)));
  });
});
