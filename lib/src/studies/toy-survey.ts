/** A survey small enough to be counted by hand. */
import { partOf, type OccupationIndex, type PersonId, type Survey } from '../careers';

/**
 * A survey of train persons only, whose careers are written as letters: one letter an occupation, one a year from 2000 on.
 *
 * @param careers such as `aab`: two years in occupation a, then one in b
 */
export const toySurvey = (careers: readonly string[]): Survey => {
  const occupations = [...new Set(careers.join(''))].sort();
  const persons = trainPersons(careers.length);
  const nothingKnown = { sex: undefined, ethnicity: undefined, region: undefined, birthYear: undefined };
  return {
    name: 'toy',
    occupations,
    careers: careers.map((letters, index) => ({
      ...nothingKnown,
      survey: 'toy',
      person: persons[index] as PersonId,
      cluster: persons[index] as string,
      observations: [...letters].map((letter, year) => ({
        year: 2000 + year,
        occupation: occupations.indexOf(letter) as OccupationIndex,
        education: undefined,
        region: undefined,
        weight: 1,
      })),
    })),
  };
};

/** Names that the split, a hash of the name, puts among the train persons. */
const trainPersons = (count: number): readonly string[] => {
  const names: string[] = [];
  for (let number = 1; names.length < count; number++) {
    const name = `person ${number}`;
    if (partOf({ cluster: name }) === 'train') names.push(name);
  }
  return names;
};
