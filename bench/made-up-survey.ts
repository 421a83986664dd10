/** A survey for benchmarks that need careers of a known number and length, and no one's data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Career, OccupationIndex, PersonId, Survey } from 'labor-llm/careers';
import { Random } from 'labor-llm/support';

/** Careers of so many years, in which six years in ten are a stay, on the fixtures' titles in as many grades as it takes. */
export const madeUpSurvey = (persons: number, occupations: number, years: number): Survey => {
  const file = join(__dirname, '..', 'test', 'fixtures', 'tokens', 'titles.txt');
  const titles = readFileSync(file, 'utf8').trim().split('\n');
  const titleAt = (index: number): string =>
    (titles[index % titles.length] as string) + ', senior'.repeat(Math.floor(index / titles.length));
  const random = new Random(1);
  const careers = Array.from({ length: persons }, (_, index): Career => {
    let occupation = random.integer(occupations);
    return {
      person: `p${index}` as PersonId,
      cluster: `p${index}`,
      ...{ survey: 'made-up', sex: 'female', ethnicity: 'white', region: 'south', birthYear: 1980 },
      observations: Array.from({ length: years }, (_, year) => {
        if (random.uniform() < 0.4) occupation = random.integer(occupations);
        return {
          year: 1998 + year,
          occupation: occupation as OccupationIndex,
          ...{ education: 'high school', region: 'south', weight: 1 },
        };
      }),
    };
  });
  return { name: 'made-up', occupations: Array.from({ length: occupations }, (_, index) => titleAt(index)), careers };
};
