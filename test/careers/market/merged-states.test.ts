import { strict as assert } from 'node:assert';
import { MERGED_STATES, surveyOf, withMergedStates } from 'labor-llm/careers';

describe('withMergedStates', () => {
  const drawn = surveyOf('nlsy97', { persons: 40, seed: 3 });
  const merged = withMergedStates(drawn);
  const titlesOf = ({ occupations, careers }: typeof drawn): readonly string[] =>
    careers.flatMap(({ observations }) => observations.map(({ occupation }) => occupations[occupation] as string));

  it('tells every career with the two states of NLSY97, and all jobs as they were', () => {
    const before = titlesOf(drawn);
    const states = new Map([
      ['In education', 'In school'],
      ['Not in labor force', 'Not working'],
      ['Unemployed', 'Not working'],
    ]);
    assert.ok([...states.keys()].every((state) => before.includes(state)));
    assert.deepEqual(
      titlesOf(merged),
      before.map((title) => states.get(title) ?? title),
    );
  });

  it('declares each title once, the two states among them, and has no oracle', () => {
    assert.equal(new Set(merged.occupations).size, merged.occupations.length);
    assert.equal(merged.occupations.length, drawn.occupations.length - 1);
    assert.ok(MERGED_STATES.every((state) => merged.occupations.includes(state)));
    assert.equal(merged.origin, undefined);
  });
});
