import { strict as assert } from 'node:assert';
import { readSurvey, splitSurvey, type OccupationIndex, type Survey } from 'labor-llm/careers';
import { evaluate } from 'labor-llm/evaluation';
import { MarginalModel, queriesOf, UniformModel } from 'labor-llm/models';
import { trainPerson } from './contract';
import { toyCareer } from './toy-survey';

const [X, Y, Z] = [0, 1, 2] as [OccupationIndex, OccupationIndex, OccupationIndex];
const small: Survey = {
  name: 'small',
  occupations: ['x', 'y', 'z'],
  careers: [toyCareer(trainPerson('a'), [X, X, Y], 'small'), toyCareer(trainPerson('b'), [X], 'small')],
};
const [first, second] = queriesOf(toyCareer('q', [Y, Z], 'small'));
assert.ok(first && second);

describe('MarginalModel', () => {
  it('has the smoothed shares worked out by hand, whatever the history', async () => {
    const model = MarginalModel.fit([small], { seed: 1 });
    const [start, after] = await model.distributions([first, second]);
    const expected = [3.5 / 5.5, 1.5 / 5.5, 0.5 / 5.5].map(Math.log);
    assert.deepEqual([...(start?.logProbabilities ?? [])], expected);
    assert.deepEqual(after, start);
  });

  it('has no settings, and says so', () => {
    assert.throws(() => MarginalModel.fit([small], { seed: 1, config: { lambda: 1 } }), /no setting "lambda".*none/);
  });
});

describe('UniformModel', () => {
  it('has perplexity J on any survey: 72 on the shipped panel of 72 titles', async () => {
    const survey = await readSurvey('data/young-women/young-women.csv.gz');
    const model = UniformModel.fit([survey], { seed: 1 });
    const { report } = await evaluate(model, splitSurvey(survey).test.careers, { split: 'test' });
    assert.ok(Math.abs((report.perplexity ?? NaN) - 72) < 1e-9, `${report.perplexity}`);
  });

  it('gives each of a survey’s own occupations the same, where several are pooled', async () => {
    const other: Survey = { name: 'other', occupations: ['p'], careers: [toyCareer(trainPerson('c'), [0], 'other')] };
    const model = UniformModel.fit([small, other], { seed: 1 });
    const [query] = queriesOf(toyCareer('q', [0], 'other'));
    assert.ok(query);
    const [ofThree, ofOne] = await model.logProbabilities([first, query], [X, X]);
    assert.equal(ofThree, -Math.log(3));
    assert.ok(ofOne === 0); // or -0
  });
});
