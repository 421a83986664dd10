import { strict as assert } from 'node:assert';
import { type OccupationIndex, type Survey } from 'labor-llm/careers';
import { queriesOf, type FitLog } from 'labor-llm/models';
import { tf } from 'labor-llm/tensors';
import { fitBagOfJobs } from '../../lib/dist/models/bag-of-jobs.js';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';
import { trainPerson } from './contract';
import { toyCareer, toySurvey, toyTitles } from './toy-survey';

const fit = async (surveys: readonly Survey[], config: Record<string, unknown> = {}, steps = 6) => {
  const logs: FitLog[] = [];
  const fitting = fitBagOfJobs(surveys, { seed: 1, steps, config: { width: 8, batchTokens: 128, ...config } });
  for (;;) {
    const item = await fitting.next();
    if (item.done === true) return { model: item.value, logs };
    logs.push(item.value);
  }
};

type Model = Awaited<ReturnType<typeof fit>>['model'];

/** The last year's log-probabilities of a career, by the formula, with nothing but loops. */
const byHand = (model: Model, career: ReturnType<typeof toyCareer>): number[] => {
  const { coding, parameters, settings } = model.network;
  const { width: C, logitLimit } = settings;
  const occupations = career.observations.map(({ occupation }) => occupation);
  const { last, levels, previous } = coding.sequence(career, career.observations, occupations);
  const rowOf = (name: string, row: number): number[] =>
    Array.from(
      parameters
        .get(name)
        .dataSync()
        .slice(row * C, (row + 1) * C),
    );
  const end = last.length - 1;
  const series = [
    ['occupation', last],
    ['year', levels.year],
    ['education', levels.education],
  ] as const;
  const parts = series.flatMap(([name, rows]) => rowOf(`${name}.last.weight`, rows[end] as number));
  for (const [name, rows] of series) {
    const mean = new Array<number>(C).fill(0);
    for (let t = 0; t < end; t++) {
      rowOf(`${name}.earlier.weight`, rows[t] as number).forEach((x, c) => (mean[c] = (mean[c] as number) + x / end));
    }
    parts.push(...mean);
  }
  for (const name of ['ethnicity', 'sex', 'region'] as const) {
    parts.push(...rowOf(`${name}.weight`, levels[name][end] as number));
  }
  const output = parameters.get('output.weight').dataSync();
  const logits = Array.from({ length: coding.outputs + 1 }, (_, k) => {
    const logit = parts.reduce((sum, x, c) => sum + x * (output[k * parts.length + c] as number), 0);
    return Math.min(Math.max(logit, -logitLimit), logitLimit);
  });
  const stay = 1 / (1 + Math.exp(-(logits.pop() as number)));
  const own = previous[end] as number;
  const others = logits.reduce((sum, logit, j) => sum + (j === own ? 0 : Math.exp(logit)), 0);
  return logits.map((logit, j) => {
    if (j === own) return Math.log(stay);
    return Math.log((own < 0 ? 1 : 1 - stay) * (Math.exp(logit) / others));
  });
};

onEachBackend('the bag of jobs', () => {
  it('says what the formula says, at a career’s first year and at its fifth', async () => {
    // logits that reach the clamp
    const { model } = await fit([toySurvey()], { logitLimit: 0.3, peak: 0.05 }, 20);
    for (const occupations of [[3], [0, 2, 2, 1, 1]]) {
      const career = toyCareer('q', occupations);
      const [answer] = (await model.distributions(queriesOf(career))).slice(-1);
      assertClose(answer?.logProbabilities ?? [], byHand(model, career), 1e-5, occupations.join());
    }
    model.dispose();
  });

  it('learns: after some epochs the loss is below that of a uniform guess', async () => {
    const { logs, model } = await fit([toySurvey()], { peak: 0.02 }, 60);
    assert.ok((logs.at(-1) as FitLog).loss < 0.8 * Math.log(toyTitles.length), `${logs.at(-1)?.loss}`);
    model.dispose();
  });

  it('gives the same losses for the same seed to the last bit', async () => {
    const losses = async () => {
      const { logs, model } = await fit([toySurvey()]);
      model.dispose();
      return logs.map(({ loss }) => loss);
    };
    assert.deepEqual(await losses(), await losses());
  });

  it('keeps the occupations of pooled surveys apart', async () => {
    const other: Survey = {
      name: 'other',
      occupations: ['Cooks', 'Elsewhere only'],
      careers: [toyCareer(trainPerson('a'), [0, 1, 1], 'other')],
    };
    const { model } = await fit([toySurvey(), other]);
    const [query] = queriesOf(toyCareer('q', [0], 'other'));
    assert.ok(query);
    const [answer] = await model.distributions([query]);
    assert.equal(answer?.logProbabilities.length, 2);
    const sum = answer.logProbabilities.reduce((total, logP) => total + Math.exp(logP), 0);
    assert.ok(Math.abs(sum - 1) < 1e-5, `${sum}`);
    const [one = NaN] = await model.logProbabilities([query], [1 as OccupationIndex]);
    assert.ok(Math.abs(one - (answer.logProbabilities[1] as number)) < 1e-5);
    model.dispose();
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const { model } = await fit([toySurvey()]);
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('lists the known settings for an unknown one', async () => {
    await assert.rejects(fit([toySurvey()], { layers: 2 }), /bag of jobs has no setting "layers".*width/);
  });
});
