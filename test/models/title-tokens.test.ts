import { strict as assert } from 'node:assert';
import type { OccupationIndex } from 'labor-llm/careers';
import { queriesOf, type LaborLlm } from 'labor-llm/models';
import { tf } from 'labor-llm/tensors';
import { onEachBackend } from '../support/backends';
import { fitToEnd } from './contract';
import { smallDecoder } from './tiny-decoder';
import { toyCareer, toySurvey, toyTitles } from './toy-survey';

onEachBackend('a title token by token', () => {
  const query = queriesOf(toyCareer('one', [0, 4, 0, 2])).at(-1)!;
  const everyTitle = toyTitles.map((_, j) => j as OccupationIndex);
  let model: LaborLlm;
  before(async () => {
    model = (await fitToEnd('labor-llm', [toySurvey()], { seed: 1, steps: 5, config: smallDecoder })) as LaborLlm;
  });
  after(() => model.dispose());

  it('adds up to the answer, newline included', async () => {
    const before = tf.memory().numTensors;
    const titles = model.titleTokens(query, everyTitle);
    assert.equal(tf.memory().numTensors, before);
    const whole = await model.logProbabilities(
      everyTitle.map(() => query),
      everyTitle,
    );
    titles.forEach(({ ids, logProbabilities }, j) => {
      // the last job of the history is the first title
      assert.equal(model.tokenizer.decode(ids), j === 0 ? ' the same\n' : ` ${toyTitles[j]}\n`);
      const sum = logProbabilities.reduce((a, b) => a + b, 0);
      // who stays may also write the title, which is no token of these
      if (j === 0) assert.ok(sum < (whole[j] as number) && sum > (whole[j] as number) - 1);
      else assert.ok(Math.abs(sum - (whole[j] as number)) < 1e-4, toyTitles[j]);
    });
  });

  it('is not declared where there is no such occupation', () => {
    assert.throws(() => model.titleTokens(query, [99 as OccupationIndex]), /99/);
  });

  it('begins with what the decoder finds probable next, which is all tokens', () => {
    const before = tf.memory().numTensors;
    const next = model.nextTokens(query, Infinity);
    assert.equal(tf.memory().numTensors, before);
    assert.ok(Math.abs(next.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-4);
    next.slice(1).forEach(({ probability }, i) => assert.ok(probability <= next[i]!.probability));
    const [{ ids, logProbabilities }] = model.titleTokens(query, [2 as OccupationIndex]) as [
      ReturnType<LaborLlm['titleTokens']>[0],
    ];
    const first = next.find(({ id }) => id === ids[0]);
    assert.ok(Math.abs(first!.probability - Math.exp(logProbabilities[0] as number)) < 1e-5);
  });
});
