import { strict as assert } from 'node:assert';
import { queriesOf, isModelName } from 'labor-llm/models';
import { renderPrompt } from 'labor-llm/resumes';
import { inputsOf, linesOfWork, profileNames, relatedWorkFit } from 'labor-llm/studies';
import { toyCareer, toySurvey, toyTitles } from '../models/toy-survey';

const survey = toySurvey();
const query = queriesOf(toyCareer('one', [0, 4, 0, 0, 2])).at(-1)!;
const inputs = inputsOf(survey, query);

describe('inputsOf', () => {
  it('gives transitions the last code, and no more', () => {
    assert.equal(inputs.empirical, '#0');
    assert.equal(inputsOf(survey, { ...query, history: [] }).empirical, 'no occupation yet');
  });

  it('gives the logit its hand-made features: one observation before the last in the same occupation, four observed', () => {
    const features = inputs['multinomial-logit'].split('\n');
    for (const feature of [
      'last occupation: Cooks',
      'second-last occupation: Cooks',
      'decades in the last occupation = 0.1',
      'decades observed = 0.4',
      'education: high school',
    ]) {
      assert.ok(features.includes(feature), feature);
    }
  });

  it('gives the bag of jobs the same for the earlier occupations in another order', () => {
    const other = queriesOf(toyCareer('two', [0, 0, 4, 0, 2])).at(-1)!;
    assert.match(inputs['bag-of-jobs'], /^last: #0\nearlier: #0 2 times, #4 once\n/);
    assert.equal(inputsOf(survey, other)['bag-of-jobs'], inputs['bag-of-jobs']);
    assert.notEqual(inputsOf(survey, other).career, inputs.career);
  });

  it('gives CAREER a line a year with the occupation of the year before, the predicted year last', () => {
    const lines = inputs.career.split('\n');
    assert.equal(lines.length, 5);
    assert.match(lines[0] ?? '', /^last none, held none, year 2000, high school, age 20, step none/);
    assert.match(lines[4] ?? '', /^last #0, held 2, formerly #4, year 2004, high school, age 24, step 1/);
  });

  it('gives LABOR-LLM the prompt', () => {
    assert.equal(inputs['labor-llm'], renderPrompt(query, toyTitles));
  });

  it('gives nobody the occupation to predict', () => {
    assert.ok(Object.values(inputs).every((input) => !input.includes('#2') && !input.includes('Registered nurses')));
  });
});

describe('linesOfWork', () => {
  it('names models that there are, and plans fits of no others', () => {
    const names = new Set<string>(linesOfWork.map(({ model }) => model));
    assert.ok([...names].every((name) => isModelName(name)));
    for (const size of profileNames) assert.ok(Object.keys(relatedWorkFit[size]).every((name) => names.has(name)));
  });
});
