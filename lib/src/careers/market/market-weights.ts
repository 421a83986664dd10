/** What a market's law takes from the counts: weights of destinations, shares of those first seen, education by field and person. */
import { LATER_STATES, UNEMPLOYED_SHARE, COMMON_TO_FIELDS } from './assumptions';
import { bandOf, type Fitted, type FittedMarkets, type MarketCounts } from './counts';
import { KINDS, type MarketOccupations } from './occupations';

/** Person-years that the average counts for where weights by sex and education, and by ethnicity, are taken. */
const SEX_EDUCATION_PRIOR = 60;
const ETHNICITY_PRIOR = 40;
/** The bands from here on hold nobody in NLSY97. */
export const FIRST_LATER_BAND = 8;

/** [J] log weights by which one population's destinations differ from the law's. */
export type Tilt = Float64Array;

/** [J] P(occupation) of those first seen: the states by age and sex, jobs by how frequent and how fitting they are. */
export const startingShares = (
  states: readonly number[],
  weights: Float64Array,
  size: Float64Array,
  kindOf: readonly number[],
): Float64Array => {
  let jobs = 0;
  weights.forEach((weight, j) => {
    if (kindOf[j] === KINDS.job) jobs += weight * (size[j] as number);
  });
  return weights.map((weight, j) => {
    const share = states[kindOf[j] as number] as number;
    return kindOf[j] === KINDS.job ? (share * weight * (size[j] as number)) / jobs : share;
  });
};

/** P(job, unemployed, outside, in education) by age and sex. */
export const firstStates = (counts: MarketCounts): ((age: number, sex: number) => readonly number[]) => {
  const cells = new Map<string, number[]>();
  let last = 0;
  for (const [age = 0, sex = 0, state = 0, n = 0] of counts.states) {
    const cell = cells.get(`${age} ${sex}`) ?? [0, 0, 0];
    cell[state] = (cell[state] as number) + n;
    cells.set(`${age} ${sex}`, cell);
    last = Math.max(last, age);
  }
  const first = Math.min(...counts.states.map(([age = 0]) => age));
  return (age, sex) => {
    const band = bandOf(counts, age);
    if (band >= FIRST_LATER_BAND) return LATER_STATES[band - FIRST_LATER_BAND] as readonly number[];
    const [working = 0, notWorking = 0, school = 0] = cells.get(`${Math.min(Math.max(age, first), last)} ${sex}`) ?? [];
    const total = working + notWorking + school;
    const unemployed = UNEMPLOYED_SHARE[sex]?.[band] as number;
    return [working, notWorking * unemployed, notWorking * (1 - unemployed), school].map((n) => n / total);
  };
};

/** Weights that do not depend on type and age; and [J] how frequent each job is. */
export const fixedWeights = (counts: MarketCounts, occupations: MarketOccupations, fitted: Fitted, tilt?: Tilt) => {
  const { titles, groups, groupOf, kindOf, fromCounts } = occupations;
  const [J, E, S, R] = [titles.length, counts.educations.length, counts.sexes.length, counts.ethnicities.length];
  const size = new Float64Array(J).fill(0.5);
  const ofGroup = new Float64Array(groups.length).fill(0.5);
  const own = new Float64Array(S * E * J);
  const ownOfGroup = new Float64Array(S * E * groups.length);
  const ofEthnicity = new Float64Array(R * J);
  const ethnicities = new Float64Array(R);
  for (const [title = 0, sex = 0, education = 0, ethnicity = 0, n = 0] of counts.margins) {
    const j = fromCounts[title] as number;
    const cell = sex * E + education;
    const group = groupOf[j] as number;
    for (const [array, at] of [
      [size, j],
      [ofGroup, group],
      [own, cell * J + j],
      [ownOfGroup, cell * groups.length + group],
      [ofEthnicity, ethnicity * J + j],
      [ethnicities, ethnicity],
    ] as const) {
      array[at] = (array[at] as number) + n;
    }
  }
  const all = ethnicities.reduce((total, n) => total + n, 0);
  const bySexEducation = own.map((n, i) => {
    const j = i % J;
    const cell = Math.floor(i / J);
    const group = groupOf[j] as number;
    if (kindOf[j] !== KINDS.job) return Math.exp(fitted.column[j] as number);
    const average = (size[j] as number) / (ofGroup[group] as number);
    const share =
      (n + SEX_EDUCATION_PRIOR * average) /
      ((ownOfGroup[cell * groups.length + group] as number) + SEX_EDUCATION_PRIOR);
    return (share / average) * Math.exp((fitted.column[j] as number) + (tilt?.[j] ?? 0));
  });
  const byEthnicity = ofEthnicity.map((n, i) => {
    const j = i % J;
    // the one state of the counts stands for both of the market's
    const source = j === occupations.unemployed ? i - j + occupations.notInLaborForce : i;
    const total = size[source % J] as number;
    const average = (ethnicities[Math.floor(i / J)] as number) / all;
    return (
      ((source === i ? n : (ofEthnicity[source] as number)) + ETHNICITY_PRIOR * average) /
      (total + ETHNICITY_PRIOR) /
      average
    );
  });
  return { bySexEducation, byEthnicity, size };
};

/** [fields][J] how much a field likes an occupation, 1 on average; states without work are the same to all. */
export const fieldWeights = (
  { fields, fieldShares }: FittedMarkets,
  { kindOf }: MarketOccupations,
  hasTypes: boolean,
) =>
  (hasTypes ? fieldShares : [1]).map((share, field) =>
    Float64Array.from(kindOf, (kind, j) =>
      kind !== KINDS.job || !hasTypes
        ? 1
        : COMMON_TO_FIELDS + (1 - COMMON_TO_FIELDS) * ((fields[field]?.[j] as number) / share),
    ),
  );

/** How far above the average education lies, in standard deviations: of a field's jobs, and by sex and ethnicity. */
export const educationScores = (
  counts: MarketCounts,
  fitted: FittedMarkets,
  occupations: MarketOccupations,
  hasTypes: boolean,
) => {
  const R = counts.ethnicities.length;
  const person = Array.from({ length: counts.sexes.length * R }, () => new Moments());
  const field = (hasTypes ? fitted.fieldShares : [1]).map(() => new Moments());
  const all = new Moments();
  for (const [title = 0, sex = 0, education = 0, ethnicity = 0, n = 0] of counts.margins) {
    const j = occupations.fromCounts[title] as number;
    if (occupations.kindOf[j] !== KINDS.job) continue;
    all.add(education, n);
    person[sex * R + ethnicity]?.add(education, n);
    if (hasTypes) field.forEach((moments, f) => moments.add(education, n * (fitted.fields[f]?.[j] as number)));
  }
  const standard = (moments: Moments): number => (moments.n === 0 ? 0 : (moments.mean - all.mean) / all.deviation);
  return { person: person.map(standard), field: hasTypes ? field.map(standard) : [0] };
};

class Moments {
  n = 0;
  private sum = 0;
  private squares = 0;

  add(value: number, n: number): void {
    this.n += n;
    this.sum += n * value;
    this.squares += n * value * value;
  }

  get mean(): number {
    return this.sum / this.n;
  }

  get deviation(): number {
    return Math.sqrt(this.squares / this.n - this.mean ** 2);
  }
}
