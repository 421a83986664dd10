import { strict as assert } from 'node:assert';
import { inOrderOfEducation } from 'labor-llm/evaluation';

describe('groups of education', () => {
  it('stand from the least to the most, unknown levels last, where groups of education stand', () => {
    const groups = [
      { characteristic: 'all', group: 'all' },
      { characteristic: 'education', group: "bachelor's degree" },
      { characteristic: 'education', group: 'gymnasium' },
      { characteristic: 'education', group: 'high school' },
      { characteristic: 'education', group: 'less than high school' },
      { characteristic: 'sex', group: 'female' },
    ];
    assert.deepEqual(
      inOrderOfEducation(groups).map(({ group }) => group),
      ['all', 'less than high school', 'high school', "bachelor's degree", 'gymnasium', 'female'],
    );
  });
});
