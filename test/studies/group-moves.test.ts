import { strict as assert } from 'node:assert';
import { groupMoves, occupationGroups } from 'labor-llm/studies';
import { career, survey } from './made-up';

describe('occupationGroups', () => {
  it('are those of occ1990dd where most titles are of it, a state without work for itself, the largest first', () => {
    const titles = ['Accountants and auditors', 'Actuaries', 'Bakers', 'Unemployed', 'Not working'];
    const { names, groupOf } = occupationGroups(survey(titles, career('1', [3, 3, 3, 0, 1, 2])));
    assert.equal(names[0], 'Unemployed');
    assert.ok(names.includes('Not working'), 'a title that the market does not have is its own group');
    assert.equal(names[groupOf[0] ?? -1], 'management related occupations');
    assert.equal(names[groupOf[1] ?? -1], 'professional specialty occupations');
    assert.equal(names[groupOf[2] ?? -1], 'precision production occupations');
  });

  it('are the titles of any other list, the rarest together where there are more than twenty', () => {
    const few = occupationGroups(survey(['weaver', 'spinner'], career('1', [1])));
    assert.deepEqual(few, { names: ['spinner', 'weaver'], groupOf: [1, 0] });
    const titles = Array.from({ length: 22 }, (_, j) => `trade ${String(j).padStart(2, '0')}`);
    const { names, groupOf } = occupationGroups(survey(titles, career('1', [21, 21, 20])));
    assert.equal(names.length, 20);
    assert.deepEqual(names.slice(0, 3), ['trade 21', 'trade 20', 'trade 00']);
    assert.equal(names[19], 'all others');
    assert.deepEqual([groupOf[16], groupOf[17], groupOf[19], groupOf[21]], [18, 19, 19, 0]);
  });
});

describe('groupMoves', () => {
  it('counts moves by group and no stays, as shares of what leaves a group where that is enough', () => {
    // occupations 0 and 1 are one group: a move within it counts, a stay does not
    const groups = { names: ['a', 'b'], groupOf: [0, 0, 1] };
    const one = survey(['x', 'y', 'z'], career('1', [0, 0, 1, 2, 2, 0]), career('2', [0, 1, 2]));
    const { counts, shares } = groupMoves(one, groups, 2);
    assert.deepEqual(counts, [
      [2, 2],
      [1, 0],
    ]);
    assert.deepEqual(shares, [
      [0.5, 0.5],
      [null, null],
    ]);
  });
});
