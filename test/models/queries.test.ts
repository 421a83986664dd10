import { strict as assert } from 'node:assert';
import { queriesOf } from 'labor-llm/models';
import { toyCareer } from './toy-survey';

describe('queriesOf', () => {
  it('asks one question an observation, with the observations before it and none after', () => {
    const career = toyCareer('p', [2, 2, 3]);
    const queries = queriesOf(career);
    assert.deepEqual(
      queries.map(({ history }) => history),
      [[], career.observations.slice(0, 1), career.observations.slice(0, 2)],
    );
    assert.deepEqual(
      queries.map(({ year }) => year),
      [2000, 2001, 2002],
    );
  });

  it('holds nothing of the career beyond its covariates', () => {
    const [query] = queriesOf(toyCareer('p', [1, 2]));
    assert.deepEqual(Object.keys(query?.covariates ?? {}).sort(), [
      'birthYear',
      'ethnicity',
      'region',
      'sex',
      'survey',
    ]);
  });

  it('asks the same earlier questions whatever the later rows are', () => {
    assert.deepEqual(
      queriesOf(toyCareer('p', [1, 2, 3, 0])).slice(0, 2),
      queriesOf(toyCareer('p', [1, 2])).slice(0, 2),
    );
  });

  it('asks nothing of a person without observations', () => {
    assert.deepEqual(queriesOf(toyCareer('p', [])), []);
  });
});
