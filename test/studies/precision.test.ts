import { strict as assert } from 'node:assert';
import { queriesOf, type LaborLlm, type OccupationModel } from 'labor-llm/models';
import { atPrecision, precisions, withPrecision, type Precision } from 'labor-llm/studies';
import { fitToEnd } from '../models/contract';
import { smallDecoder } from '../models/tiny-decoder';
import { toySurvey } from '../models/toy-survey';

const at = (precision: Precision, values: readonly number[], shape = [values.length]): readonly number[] => [
  ...atPrecision({ name: 'x', shape, data: Float32Array.from(values) }, precision).data,
];

describe('atPrecision', () => {
  it('rounds to bfloat16: eight binary digits, ties to the even one', () => {
    const tiny = 2 ** -8;
    assert.deepEqual(at('bfloat16', [Math.PI, 1 + tiny, 1 + 3 * tiny, -1 - 3 * tiny, 0]), [
      3.140625,
      1,
      1 + 4 * tiny,
      -1 - 4 * tiny,
      0,
    ]);
  });

  it('rounds to float16: eleven digits, none smaller than 2^-24, none larger than 65504', () => {
    assert.deepEqual(at('float16', [Math.PI, 2 ** -24, 2 ** -25, 1.5 * 2 ** -24, 65519, 65520, -0.1]), [
      3.140625,
      2 ** -24,
      0,
      2 ** -23,
      65504,
      Infinity,
      -0.0999755859375,
    ]);
  });

  it('keeps 255 levels a row in int8, 15 in int4, the largest entry as it is', () => {
    const row = [127, -64, 0.4, 3.6];
    assert.deepEqual(at('int8', [...row, 254, 1, 3, -5], [2, 4]), [127, -64, 0, 4, 254, 2, 4, -4]);
    assert.deepEqual(at('int4', [7, -3.4, 0.4, 0.6], [1, 4]), [7, -3, 0, 1]);
  });

  it('leaves gains as they are for integers, and everything for float32', () => {
    assert.deepEqual(at('int8', [0.5, 0.25]), [0.5, 0.25]);
    assert.deepEqual(at('float32', [0.5, 0.25], [1, 2]), [0.5, 0.25]);
  });
});

describe('withPrecision', () => {
  it('moves the answers less the more bits there are, and gives the weights back', async () => {
    const survey = toySurvey();
    const fit = fitToEnd('labor-llm', [survey], { seed: 1, steps: 30, config: { ...smallDecoder, peak: 5e-3 } });
    const model = (await fit) as LaborLlm;
    const queries = survey.careers.slice(0, 5).flatMap(queriesOf);
    const occupations = survey.careers.slice(0, 5).flatMap((c) => c.observations.map(({ occupation }) => occupation));
    const ask = (): ReturnType<OccupationModel['logProbabilities']> => model.logProbabilities(queries, occupations);
    const own = await ask();
    const distances: number[] = [];
    for (const precision of precisions) {
      const answers = await withPrecision(model, precision, ask);
      distances.push(Math.max(...answers.map((log, i) => Math.abs(log - own[i]!))));
    }
    const [float32, bfloat16, float16, int8, int4] = distances as [number, number, number, number, number];
    assert.equal(float32, 0);
    assert.ok(float16 > 0 && float16 < bfloat16 && bfloat16 < int4 && int8 < int4, distances.join());
    assert.deepEqual(await ask(), own);
    await assert.rejects(
      withPrecision(model, 'int4', () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.deepEqual(await ask(), own);
    model.dispose();
  });
});
