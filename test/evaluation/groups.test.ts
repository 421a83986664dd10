import { strict as assert } from 'node:assert';
import { by, byStep, characteristics, perplexity } from 'labor-llm/evaluation';
import { scoredWith } from './scored';

describe('by', () => {
  it('puts each observation into the group that the key says, groups by name and the missing last', () => {
    const scored = [
      scoredWith(1 / 2, { education: undefined }),
      scoredWith(1 / 4, { education: 'phd' }),
      scoredWith(1 / 8, { education: 'college' }),
      scoredWith(1 / 32, { education: 'college' }),
    ];
    const groups = by(scored, characteristics.education);
    assert.deepEqual([...groups.keys()], ['college', 'phd', 'missing']);
    assert.deepEqual(
      [...groups.values()].map((group) => perplexity(group)?.toFixed(9)),
      ['16.000000000', '4.000000000', '2.000000000'],
    );
  });

  it('tells steps of one, two, and three or more years apart, and leaves first observations out', () => {
    const scored = [undefined, 1, 2, 3, 9, 1].map((step) => scoredWith(1 / 2, { step }));
    assert.deepEqual(
      [...by(scored, byStep)].map(([name, group]) => [name, group.length]),
      [
        ['1 year', 2],
        ['2 years', 1],
        ['3 years or more', 2],
      ],
    );
  });

  it('puts every age into a band of ten years', () => {
    const band = (age: number | undefined) => characteristics.age(scoredWith(1, { age }));
    assert.deepEqual([14, 24, 25, 34, 35, 54, 55, 80, undefined].map(band), [
      '24 and below',
      '24 and below',
      '25 to 34',
      '25 to 34',
      '35 to 44',
      '45 to 54',
      '55 and above',
      '55 and above',
      'missing',
    ]);
  });
});
