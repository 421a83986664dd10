import { strict as assert } from 'node:assert';
import { queriesOf, type LaborLlm } from 'labor-llm/models';
import { attentionToYears } from 'labor-llm/studies';
import { tf } from 'labor-llm/tensors';
import { fitToEnd } from '../models/contract';
import { smallDecoder } from '../models/tiny-decoder';
import { toyCareer, toySurvey, toyTitles } from '../models/toy-survey';

describe('attentionToYears', () => {
  const query = queriesOf(toyCareer('one', [0, 4, 1, 2])).at(-1)!;
  let model: LaborLlm;
  before(async () => {
    model = (await fitToEnd('labor-llm', [toySurvey()], {
      seed: 1,
      steps: 5,
      config: { ...smallDecoder, reminders: false },
    })) as LaborLlm;
  });
  after(() => model.dispose());

  it('shares out 1 in every head of every layer among header, years and the year that is asked about', async () => {
    const { lines, shares } = await attentionToYears(model, query, toyTitles);
    assert.deepEqual(lines, ['header', '2000', '2001', '2002', '2003 (asked)']);
    assert.equal(shares.length, smallDecoder.num_hidden_layers);
    for (const head of shares.flat()) {
      assert.equal(head.length, lines.length);
      assert.ok(Math.abs(head.reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
    }
  });

  it('counts the tokens of each line where attention is even', async () => {
    const { decoder, tokenizer } = model;
    const queries = decoder.parameters.get('model.layers.0.self_attn.q_proj.weight');
    const own = queries.clone();
    queries.assign(tf.zerosLike(queries) as typeof own);
    const { shares } = await attentionToYears(model, query, toyTitles);
    queries.assign(own);
    own.dispose();
    const lengthOf = (text: string): number => tokenizer.encode(text).length;
    const [cooks, private_] = [lengthOf(' Cooks\n'), lengthOf(' Cooks, private household\n')];
    const [, first, , third] = shares[0]![0]!;
    const line = lengthOf('2000 (high school):'); // as many as in 2002
    assert.ok(Math.abs(third! / first! - (line + private_) / (line + cooks)) < 1e-4, `${third} to ${first}`);
  });
});
