/**
 * The hand-made features of CAREER's regression (Vafa et al., arXiv 2202.08370; their code's `regression`): effects of the
 * last and the second-last occupation, years in the last occupation and years observed, both linear, effects of the year,
 * of a gap before it, of education and of its change, of ethnicity, sex and region. Years are counted in observations, as
 * there; years in the last occupation from 0.
 */
import { levelsOfYear, type CovariateLevels } from './covariate-levels';
import type { Part, Row } from './logit';
import type { Query } from './occupation-model';

/** Linear features are in decades, so that a ridge bears on them about as on the effects, which are 0 or 1. */
const DECADE = 10;

const NONE = 'none';
const UNKNOWN = 'not known';

const effects = (block: string, values: readonly (string | number)[]): string[] =>
  values.map((value) => `${block}: ${value}`);

/** Each block of features, by name, in order; those of a query are found by their position in their block. */
const blocksOf = (titles: readonly string[], levels: CovariateLevels) => ({
  last: effects('last occupation', [...titles, NONE]),
  secondLast: effects('second-last occupation', [...titles, NONE]),
  tenure: ['decades in the last occupation'],
  observed: ['decades observed'],
  year: effects('year', levels.year),
  gap: ['gap before the year'],
  education: effects('education', [UNKNOWN, ...levels.education]),
  educationChange: ['education changed'],
  ethnicity: effects('ethnicity', [UNKNOWN, ...levels.ethnicity]),
  sex: effects('sex', [UNKNOWN, ...levels.sex]),
  region: effects('region', [UNKNOWN, ...levels.region]),
});

type Block = keyof ReturnType<typeof blocksOf>;

/** The features of queries of one survey. */
export class HandFeatures {
  /** [F] what each feature is. */
  readonly names: readonly string[];
  private readonly starts: ReadonlyMap<Block, number>;
  private readonly parts = new Map<string, Part>();

  /** @param titles the survey's declared occupations */
  constructor(
    private readonly titles: readonly string[],
    private readonly levels: CovariateLevels,
  ) {
    const names: string[] = [];
    const starts = new Map<Block, number>();
    for (const [block, own] of Object.entries(blocksOf(titles, levels)) as [Block, string[]][]) {
      starts.set(block, names.length);
      names.push(...own);
    }
    this.names = names;
    this.starts = starts;
  }

  /** The features of a query, in parts that many queries share. */
  of(query: Query): Row {
    const { history, year, education } = query;
    const [last, secondLast] = [history.at(-1), history.at(-2)];
    const levels = levelsOfYear(this.levels, query.covariates, query);
    const isGap = last !== undefined && year - last.year > 1;
    const isChange = last?.education !== undefined && education !== undefined && last.education !== education;
    return [
      this.part([
        ['last', last?.occupation ?? this.titles.length, 1],
        ['tenure', 0, repeats(query) / DECADE],
      ]),
      this.part([['secondLast', secondLast?.occupation ?? this.titles.length, 1]]),
      this.part([
        ['observed', 0, history.length / DECADE],
        ['year', levels.year, 1],
        ['gap', 0, Number(isGap)],
        ['educationChange', 0, Number(isChange)],
      ]),
      this.part([
        ['education', levels.education, 1],
        ['ethnicity', levels.ethnicity, 1],
        ['sex', levels.sex, 1],
        ['region', levels.region, 1],
      ]),
    ];
  }

  /** Features by block, position in it and value; the same ones are the same object. */
  private part(entries: readonly (readonly [block: Block, position: number, value: number])[]): Part {
    const key = entries.flat().join(' ');
    let part = this.parts.get(key);
    if (part === undefined) {
      const used = entries.filter(([, , value]) => value !== 0);
      part = {
        features: used.map(([block, position]) => (this.starts.get(block) as number) + position),
        values: used.map(([, , value]) => value),
      };
      this.parts.set(key, part);
    }
    return part;
  }
}

/** How many observations before the last one have its occupation without a break. */
const repeats = ({ history }: Query): number => {
  const last = history.at(-1)?.occupation;
  let count = 0;
  while (count + 1 < history.length && history[history.length - 2 - count]?.occupation === last) count += 1;
  return count;
};
