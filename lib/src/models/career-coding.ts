/** Careers as the numbers that CAREER's network reads: the last occupation and the levels of what is known at each year. */
import type { Career, Covariates, DeclaredOccupations, OccupationIndex } from '../careers';
import { CAREER_COVARIATES, type CareerCovariate, type CareerSettings } from './career-settings';
import { covariateLevels, levelsOfYear, yearLevel } from './covariate-levels';
import { surveyPosition } from './declared';
import type { Query } from './occupation-model';
import { CERTAIN } from './two-stage';
import { lastOthers, yearsHeld } from './spells';

/** What numbers stand for, as the model's folder keeps it. */
export interface CareerTables {
  /** Titles of all surveys, each once. */
  readonly titles: readonly string[];
  /** What each row of each covariate's table stands for; `''` is what is missing or was never seen. */
  readonly levels: Readonly<Record<CareerCovariate, readonly string[]>>;
  /** Observations of the longest train career: a later one has the last one's position. */
  readonly positions: number;
}

/** A year in which a person is asked about. */
type Asked = Pick<Query, 'year' | 'education'>;

/** One career as numbers: T years, each with the occupation before it. */
export interface CareerSequence {
  /** [T] row of the occupations' embedding: of the last observation, or of no observation yet. */
  readonly last: Int32Array;
  /** [T] column of the output in which a person may stay; -1 for none. */
  readonly previous: Int32Array;
  /** [T] for each covariate. */
  readonly levels: Readonly<Record<CareerCovariate, Int32Array>>;
  /** Position of the career's survey among the model's. */
  readonly survey: number;
}

/** `<s>`, `<pad>`, `</s>`, `<unk>`: the beginning of fairseq's dictionary. */
const SPECIAL_SYMBOLS = 4;
const END_OF_SEQUENCE = 2;
const MOST_YEARS = 4;
const LONGEST_TENURE = 12;

const ageOf = ({ birthYear }: Pick<Covariates, 'birthYear'>, year: number): number | undefined =>
  birthYear === undefined ? undefined : year - birthYear;

/** What the train careers' numbers stand for. */
export const careerTables = (surveys: readonly DeclaredOccupations[], train: readonly Career[]): CareerTables => {
  const { year, education, sex, ethnicity, region } = covariateLevels(train);
  const ages = new Set(train.flatMap((career) => career.observations.map(({ year }) => ageOf(career, year) ?? NaN)));
  const texts = (values: readonly (string | number)[]): string[] => ['', ...values.map(String)];
  const titles = [...new Set(surveys.flatMap((survey) => survey.titles))];
  return {
    titles,
    levels: {
      year: year.map(String),
      education: texts(education),
      sex: texts(sex),
      ethnicity: texts(ethnicity),
      region: texts(region),
      age: texts([...ages].filter((age) => !Number.isNaN(age)).sort((a, b) => a - b)),
      step: texts(Array.from({ length: MOST_YEARS }, (_, index) => index + 1)),
      tenure: texts(Array.from({ length: LONGEST_TENURE }, (_, index) => index + 1)),
      former: texts(titles),
      survey: texts(surveys.map(({ survey }) => survey)),
    },
    positions: train.reduce((most, { observations }) => Math.max(most, observations.length), 1),
  };
};

export class CareerCoding {
  readonly #levels: ReturnType<typeof covariateLevels>;
  readonly #ages: readonly number[];
  /** [surveys][J] column of the output of each declared occupation. */
  readonly columns: readonly Int32Array[];
  /** Rows of the occupations' embedding. */
  readonly inputs: number;
  /** Columns of the output but the last, which is for staying. */
  readonly outputs: number;
  readonly #firstColumn: number;
  readonly #start: number;
  readonly #firstRow: number;

  constructor(
    readonly surveys: readonly DeclaredOccupations[],
    readonly tables: CareerTables,
    { specialSymbols }: Pick<CareerSettings, 'specialSymbols'>,
  ) {
    const { titles, levels } = tables;
    const numbers = (texts: readonly string[]): number[] => texts.filter((text) => text !== '').map(Number);
    this.#levels = {
      year: numbers(levels.year),
      education: levels.education.slice(1),
      sex: levels.sex.slice(1),
      ethnicity: levels.ethnicity.slice(1),
      region: levels.region.slice(1),
    };
    this.#ages = numbers(levels.age);
    this.#firstColumn = specialSymbols ? SPECIAL_SYMBOLS : 0;
    const columnOf = new Map(titles.map((title, index) => [title, this.#firstColumn + index]));
    this.columns = surveys.map((survey) => Int32Array.from(survey.titles, (title) => columnOf.get(title) as number));
    this.outputs = this.#firstColumn + titles.length;
    this.#start = specialSymbols ? END_OF_SEQUENCE : 0;
    this.#firstRow = specialSymbols ? 0 : 1; // behind the row for no observation yet
    this.inputs = this.#firstRow + this.outputs;
  }

  /** Whether probability lies on the declared occupations alone. */
  get keepsAll(): boolean {
    return this.outputs === this.tables.titles.length;
  }

  /** The row of the occupations' embedding that belongs to a title. */
  rowOf(title: string): number {
    return this.inputs - this.tables.titles.length + this.tables.titles.indexOf(title);
  }

  /**
   * @param years       [T]
   * @param occupations [T - 1 or more] those of all years but the last
   * @throws ModelError where the model was not fitted on the career's survey
   */
  sequence(covariates: Covariates, years: readonly Asked[], occupations: readonly OccupationIndex[]): CareerSequence {
    const survey = surveyPosition(this.surveys, covariates.survey);
    const columns = this.columns[survey] as Int32Array;
    const before = years.slice(1).map((_, index) => columns[occupations[index] as OccupationIndex] as number);
    const held = yearsHeld(years.map(({ year }, index) => ({ year, occupation: occupations[index] })));
    const formers = lastOthers(before);
    const byYear = years.map((asked, index): Record<CareerCovariate, number> => {
      const age = ageOf(covariates, asked.year);
      const [last, former] = [years[index - 1], formers[index - 1]];
      return {
        ...levelsOfYear(this.#levels, covariates, asked),
        age: age === undefined || this.#ages.length === 0 ? 0 : 1 + yearLevel(this.#ages, age),
        step: last === undefined ? 0 : Math.min(MOST_YEARS, Math.max(1, asked.year - last.year)),
        tenure: Math.min(LONGEST_TENURE, held[index - 1] ?? 0),
        former: former === undefined ? 0 : 1 + former - this.#firstColumn,
        survey: survey + 1,
      };
    });
    const levels = CAREER_COVARIATES.map((name) => [name, Int32Array.from(byYear, (level) => level[name])]);
    return {
      last: Int32Array.of(this.#start, ...before.map((column) => this.#firstRow + column)),
      previous: Int32Array.of(this.keepsAll ? -1 : this.#start, ...before),
      levels: Object.fromEntries(levels) as CareerSequence['levels'],
      survey,
    };
  }

  /**
   * [surveys][outputs + 1] what is added to the logits, so that only a survey's own occupations have probability;
   * undefined where they are all there are.
   */
  masks(): readonly Float32Array[] | undefined {
    if (this.columns.every(({ length }) => length === this.tables.titles.length)) return undefined;
    return this.columns.map((columns) => {
      const mask = new Float32Array(this.outputs + 1);
      mask.fill(-CERTAIN, this.#firstColumn, this.outputs);
      for (const column of columns) mask[column] = 0;
      // nowhere to move to
      if (this.keepsAll && columns.length === 1) mask[this.outputs] = CERTAIN;
      return mask;
    });
  }
}
