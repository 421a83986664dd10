/** Careers for tests of what is counted over them. */
import type { Career, OccupationIndex, PersonId, Survey } from 'labor-llm/careers';

export const career = (person: string, occupations: readonly number[], covariates: Partial<Career> = {}): Career => ({
  survey: 'made up',
  person: person as PersonId,
  cluster: person,
  sex: undefined,
  ethnicity: undefined,
  region: undefined,
  birthYear: undefined,
  observations: occupations.map((occupation, i) => ({
    year: 2000 + i,
    occupation: occupation as OccupationIndex,
    education: undefined,
    region: undefined,
    weight: 1,
  })),
  ...covariates,
});

export const survey = (occupations: readonly string[], ...careers: Career[]): Survey => ({
  name: 'made up',
  occupations,
  careers,
});
