import { strict as assert } from 'node:assert';
import type { PersonId } from 'labor-llm/careers';
import { keptMassByPlace } from 'labor-llm/studies';

const observations = (person: string, masses: readonly (number | undefined)[]) =>
  masses.map((keptMass) => ({ survey: 'toy', person: person as PersonId, keptMass }));

describe('keptMassByPlace', () => {
  it('counts the observations of each person, however they stand side by side', () => {
    const [a, b] = [observations('a', [0.1, 0.5, 0.6, 0.9]), observations('b', [0.3, 0.7])];
    const found = keptMassByPlace([a[0]!, b[0]!, a[1]!, a[2]!, b[1]!, a[3]!]);
    assert.deepEqual(
      found.map(({ place, observations }) => [place, observations]),
      [
        ['first', 2],
        ['2nd and 3rd', 3],
        ['4th to 8th', 1],
        ['later', 0],
      ],
    );
    assert.deepEqual(found[1], { place: '2nd and 3rd', observations: 3, median: 0.6, range: [0.5, 0.7] });
    assert.deepEqual(found[3], { place: 'later', observations: 0, median: null, range: null });
  });

  it('gives the tenth and the ninetieth percentile, and leaves out what is not known', () => {
    const persons = Array.from({ length: 11 }, (_, i) => observations(`p${i}`, [i / 10])).flat();
    const [first] = keptMassByPlace([...persons, ...observations('q', [undefined])]);
    assert.deepEqual(first, { place: 'first', observations: 11, median: 0.5, range: [0.1, 0.9] });
  });
});
