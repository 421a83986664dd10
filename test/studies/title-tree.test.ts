import { strict as assert } from 'node:assert';
import type { OccupationIndex } from 'labor-llm/careers';
import { queriesOf, type LaborLlm } from 'labor-llm/models';
import { branchingTitles, titleTree } from 'labor-llm/studies';
import { fitToEnd } from '../models/contract';
import { smallDecoder } from '../models/tiny-decoder';
import { toyCareer, toySurvey } from '../models/toy-survey';

describe('titleTree', () => {
  const titles = ['Sales workers', 'Sales engineers', 'Cooks', 'In school', 'Not working', 'Managers', 'Never seen'];
  const survey = { ...toySurvey(), occupations: titles };
  const query = queriesOf(toyCareer('one', [0, 4, 3, 2])).at(-1)!;
  const everyTitle = titles.map((_, j) => j as OccupationIndex);
  let model: LaborLlm;
  before(async () => {
    model = (await fitToEnd('labor-llm', [survey], {
      seed: 1,
      steps: 5,
      config: { ...smallDecoder, wholeTitles: false },
    })) as LaborLlm;
  });
  after(() => model.dispose());

  it('reaches each title with the probability that the model gives it', async () => {
    const nodes = titleTree(model, query, everyTitle);
    const [answer] = await model.distributions([query]);
    const ends = nodes.filter(({ occupation }) => occupation !== undefined);
    assert.equal(ends.length, titles.length);
    for (const { occupation, reached } of ends) {
      assert.ok(Math.abs(Math.log(reached) - answer!.logProbabilities[occupation!]!) < 1e-4, titles[occupation!]);
    }
  });

  it('shares what titles begin with, and each branch has its part of what reached the one before', () => {
    const nodes = titleTree(model, query, [0, 1] as OccupationIndex[]);
    assert.equal(nodes.filter(({ parent }) => parent < 0).length, 1, 'both titles begin with "Sales"');
    nodes.forEach(({ parent, depth, probability, reached }, n) => {
      assert.ok(parent < n);
      const before = nodes[parent];
      assert.equal(depth, (before?.depth ?? 0) + 1);
      assert.ok(Math.abs(reached - (before?.reached ?? 1) * probability) < 1e-9);
    });
    assert.equal(nodes.filter(({ text }) => text === '⏎').length, 2, 'each title ends in a newline');
  });
});

describe('branchingTitles', () => {
  it('takes the most probable title, then those that have a relative, each with it, then the others', () => {
    const titles = ['Cooks', 'Nurses', 'Cooks, private', 'Sailors', 'Cooks, other'];
    const probabilities = [0.3, 0.4, 0.05, 0.15, 0.1];
    assert.deepEqual(branchingTitles(titles, probabilities, 3), [1, 0, 4]);
    assert.deepEqual(branchingTitles(titles, probabilities, 9), [1, 0, 4, 2, 3]);
  });
});
