import { strict as assert } from 'node:assert';
import { scoreCareers } from 'labor-llm/evaluation';
import { UniformModel } from 'labor-llm/models';
import { perplexityCells, perplexityColumns, tableText } from 'labor-llm/report';
import { toyCareer, toySurvey, toyTitles } from '../models/toy-survey';

describe('perplexityCells', () => {
  const model = UniformModel.fit([toySurvey()], { seed: 1 });

  it('has as many as there are titles in every column, with its interval, where all are equally likely', async () => {
    const careers = ['p', 'q'].map((person) => toyCareer(person, [0, 0, 1]));
    const cells = perplexityCells(await scoreCareers(model, careers));
    const columns = ['perplexity', 'first', 'move', 'stay'];
    const ends = columns.flatMap((column) => [column, `${column} low`, `${column} high`]);
    assert.deepEqual(Object.keys(cells), ends);
    for (const value of Object.values(cells)) assert.ok(Math.abs(Number(value) - toyTitles.length) < 1e-9);
    const text = tableText([{ model: 'uniform', ...cells }], perplexityColumns);
    assert.match(text, /all observations +first ones +moves +stays/);
    assert.equal(text.match(/7\.00 \(7\.00 to 7\.00\)/g)?.length, columns.length);
  });

  it('has none of what was not observed', async () => {
    const cells = perplexityCells(await scoreCareers(model, [toyCareer('p', [2]), toyCareer('q', [2])]));
    assert.deepEqual([cells['move'], cells['move low'], cells['stay']], [null, null, null]);
  });
});
