import { strict as assert } from 'node:assert';
import { splitSurvey } from 'labor-llm/careers';
import { EmpiricalModel, queriesOf } from 'labor-llm/models';
import { toySurvey } from 'labor-llm/studies';

describe('toySurvey', () => {
  const three = toySurvey(['aab', 'abb', 'aaa']);

  it('has a train person for each word and an occupation for each letter', () => {
    assert.deepEqual(three.occupations, ['a', 'b']);
    const { train } = splitSurvey(three);
    assert.deepEqual(
      train.careers.map(({ observations }) => observations.map(({ year, occupation }) => [year, occupation])),
      [
        [
          [2000, 0],
          [2001, 0],
          [2002, 1],
        ],
        [
          [2000, 0],
          [2001, 1],
          [2002, 1],
        ],
        [
          [2000, 0],
          [2001, 0],
          [2002, 0],
        ],
      ],
    );
    assert.equal(new Set(train.careers.map(({ person }) => person)).size, 3);
  });

  // by hand: of five steps from a three lead to a; of nine observations six are a, and half a one is added to each occupation
  it('is counted as by hand', async () => {
    const query = queriesOf(three.careers[2] as (typeof three.careers)[0])[1];
    for (const [lambda, expected] of [
      [0, 3 / 5],
      [2, (3 + 2 * (6.5 / 10)) / (5 + 2)],
    ] as const) {
      const model = EmpiricalModel.fit([three], { seed: 1, config: { lambda } });
      const [answer] = await model.distributions(query === undefined ? [] : [query]);
      assert.ok(Math.abs(Math.exp(answer?.logProbabilities[0] ?? NaN) - expected) < 1e-12);
    }
  });
});
