import { strict as assert } from 'node:assert';
import { queriesOf, type LaborLlm } from 'labor-llm/models';
import { Random } from 'labor-llm/support';
import { frequentOccupations, occupationStates, principalPlane } from 'labor-llm/studies';
import { fitToEnd } from '../models/contract';
import { smallDecoder } from '../models/tiny-decoder';
import { toyCareer, toySurvey } from '../models/toy-survey';

describe('principalPlane', () => {
  const random = new Random(3);
  const draws = Array.from({ length: 200 }, () => [random.normal(), random.normal(), random.normal()] as const);

  it('finds the two longest axes of a cloud, wherever it lies and however it is turned', () => {
    // 5, 2 and 0.1 along three axes at right angles: (3, 4, 0) / 5, (-4, 3, 0) / 5, (0, 0, 1)
    const rows = draws.map(([a, b, c]) => [10 + 3 * a - 1.6 * b, -7 + 4 * a + 1.2 * b, 0.1 * c]);
    const { points, variance } = principalPlane(rows);
    const mean = draws.reduce((sum, [a]) => sum + a / draws.length, 0);
    const first = points.map(([x]) => x);
    const sign = Math.sign(first.reduce((sum, x, n) => sum + x * draws[n]![0], 0));
    first.forEach((x, n) => assert.ok(Math.abs(sign * x - 5 * (draws[n]![0] - mean)) < 0.6, `row ${n}`));
    assert.ok(Math.abs(variance[0] - 25 / 29.01) < 0.05 && Math.abs(variance[0] + variance[1] - 1) < 1e-2);
  });

  it('keeps the distances of points that lie in a plane', () => {
    const rows = draws.slice(0, 30).map(([a, b]) => [a, b, a + b, a - b]);
    const { points, variance } = principalPlane(rows);
    assert.ok(Math.abs(variance[0] + variance[1] - 1) < 1e-9);
    const apart = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((x, i) => x - b[i]!));
    points.forEach((point, n) => {
      assert.ok(Math.abs(apart(point, points[0]!) - apart(rows[n]!, rows[0]!)) < 1e-3, `row ${n}`);
    });
  });

  it('puts rows that are all the same in one place', () => {
    assert.deepEqual(
      principalPlane([
        [1, 2],
        [1, 2],
      ]),
      {
        points: [
          [0, 0],
          [0, 0],
        ],
        variance: [0, 0],
      },
    );
  });
});

describe('occupationStates', () => {
  it('are those of a past that is one year in the occupation', async () => {
    const model = (await fitToEnd('labor-llm', [toySurvey()], { seed: 1, steps: 2, config: smallDecoder })) as LaborLlm;
    const query = queriesOf(toyCareer('one', [0, 4, 1, 2])).at(-1)!;
    const states = await occupationStates(model, query, [2, 0]);
    const past = { ...query.history.at(-1)!, occupation: 0 as (typeof query.history)[0]['occupation'] };
    assert.deepEqual(states[1], await model.embeddings([{ ...query, history: [past] }]));
    assert.equal(states[0]?.length, smallDecoder.hidden_size);
    model.dispose();
  });
});

describe('frequentOccupations', () => {
  it('are those with most observations, none without', () => {
    const survey = { ...toySurvey(), careers: [toyCareer('a', [3, 3, 3, 1, 1, 5]), toyCareer('b', [1, 1, 2])] };
    assert.deepEqual(frequentOccupations(survey, 2), [1, 3]);
    assert.deepEqual(frequentOccupations(survey, 10), [1, 3, 2, 5]);
  });
});
