/** Made-up surveys, small enough for every test and of a known kind. */
import type { Career, OccupationIndex, PersonId, Survey } from 'labor-llm/careers';
import { Random } from 'labor-llm/support';

export const toyTitles = [
  'Cooks',
  'Cooks, private household',
  'Registered nurses',
  'In school',
  'Not working',
  'Managers, "other"',
  'Never seen',
];

export interface ToyOptions {
  readonly persons?: number;
  readonly seed?: number;
  readonly name?: string;
}

/** A career by years from 2000 on; occupations by number. */
export const toyCareer = (person: string, occupations: readonly number[], survey = 'toy'): Career => ({
  person: person as PersonId,
  cluster: person,
  survey,
  sex: 'female',
  ethnicity: 'white',
  region: 'south',
  birthYear: 1980,
  observations: occupations.map((occupation, index) => ({
    year: 2000 + index,
    occupation: occupation as OccupationIndex,
    education: 'high school',
    region: 'south',
    weight: 1,
  })),
});

/** Persons who stay with probability 0.7; nobody is ever in the last occupation. */
export const toySurvey = ({ persons = 60, seed = 1, name = 'toy' }: ToyOptions = {}): Survey => {
  const random = new Random(seed);
  const seen = toyTitles.length - 1;
  const careers = Array.from({ length: persons }, (_, index): Career => {
    const length = 1 + random.integer(8);
    let occupation = random.integer(seen);
    const occupations = Array.from({ length }, () => {
      if (random.uniform() < 0.3) occupation = random.integer(seen);
      return occupation;
    });
    const career = toyCareer(`p${index}`, occupations, name);
    return {
      ...career,
      sex: ['female', 'male', undefined][random.integer(3)],
      ethnicity: ['white', 'black', undefined][random.integer(3)],
      birthYear: random.integer(4) === 0 ? undefined : 1960 + random.integer(20),
      observations: career.observations.map((observation, position) => ({
        ...observation,
        education: position < 3 ? 'high school' : 'college',
      })),
    };
  });
  return { name, occupations: toyTitles, careers };
};

const quoted = (cell: string | number | undefined): string =>
  /[",]/.test(String(cell ?? '')) ? `"${String(cell).replace(/"/g, '""')}"` : String(cell ?? '');

/** The survey as a file of the row contract. */
export const surveyCsv = ({ careers, occupations }: Survey): string =>
  [
    'person_id,year,occupation,education,sex,ethnicity,region,birth_year',
    ...careers.flatMap((career) =>
      career.observations.map((row) =>
        [
          career.person,
          row.year,
          occupations[row.occupation],
          row.education,
          career.sex,
          career.ethnicity,
          row.region,
          career.birthYear,
        ]
          .map(quoted)
          .join(','),
      ),
    ),
    '',
  ].join('\n');
