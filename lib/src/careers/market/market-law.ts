/** The law of a market of either form, from counts, fitted parameters, assumptions and settings. */
import { Random } from '../../support';
import {
  COMMON_TO_FIELDS,
  FIRST_LEVELS,
  LATER_LEAVING,
  LATER_STATES,
  LATER_WEIGHTS,
  LEAVE_ODDS,
  RESTLESSNESS,
  RETURNING,
  SETTLING,
  UNEMPLOYED_SHARE,
} from './assumptions';
import { bandOf, type Fitted, type FittedMarkets, type MarketCounts } from './counts';
import { educationProcess } from './education';
import type { Law, Moment, Moves, Person } from './law';
import { likenessOfDistance, likenessOfMoves, likenessOfWords } from './likeness';
import { KINDS, marketOccupations, type MarketOccupations } from './occupations';
import type { MarketSettings } from './settings';

/** Person-years that the average counts for where weights by sex and education, and by ethnicity, are taken. */
const SEX_EDUCATION_PRIOR = 60;
const ETHNICITY_PRIOR = 40;
/** Levels of the market of distances: years in the occupation, the last being 12 or more. */
const YEARS_IN_OCCUPATION = 12;
const FIRST_LATER_BAND = 8;

/** [J] log weights by which one population's destinations differ from the law's. */
export type Tilt = Float64Array;

/** [J] fixed directions in which destinations can be tilted, a standard normal draw for each group of occupations. */
export const tiltDirection = ({ groupOf, groups, kindOf }: MarketOccupations, stream: number): Tilt => {
  const random = new Random(20_240_617, stream);
  const draws = groups.map(() => random.normal());
  return Float64Array.from(groupOf, (group, j) => (kindOf[j] === KINDS.job ? (draws[group] as number) : 0));
};

/** @param tilt [J] of the population at hand; none by default */
export const marketLaw = (
  counts: MarketCounts,
  fittedMarkets: FittedMarkets,
  settings: MarketSettings,
  tilt?: Tilt,
): Law => {
  const occupations = marketOccupations(counts);
  const { titles, kindOf, groupOf } = occupations;
  const J = titles.length;
  const { bands, sexes, ethnicities, educations } = counts;
  const fitted = fittedMarkets.forms[settings.form];
  const hasTypes = settings.form === 'types';
  const fields = hasTypes ? fittedMarkets.fieldShares.length : 1;
  const restlessness = hasTypes ? RESTLESSNESS : [1];
  const types = fields * restlessness.length;
  const levels = hasTypes ? SETTLING.length + 1 : YEARS_IN_OCCUPATION;
  const fieldOf = (type: number): number => Math.floor(type / restlessness.length);
  const bandAt = Uint8Array.from({ length: 201 }, (_, age) => bandOf(counts, age));
  const ageOf = ({ year, birthYear }: Moment): number => Math.min(Math.max(year - birthYear, 0), 200);

  const ofMoves = hasTypes
    ? likenessOfMoves(counts, occupations)
    : likenessOfDistance(counts, occupations, fittedMarkets.fields);
  const ofWords = settings.rho > 0 ? likenessOfWords(ofMoves, occupations) : ofMoves;
  const likeness = ofMoves.map((own, i) => (1 - settings.rho) * own + settings.rho * (ofWords[i] as number));

  const fixed = fixedWeights(counts, occupations, fitted, tilt);
  const ofField = fieldWeights(fittedMarkets, occupations, hasTypes);
  const afterBreak = tiltDirection(occupations, 1).map((draw) => Math.exp(settings.breakSize * draw));

  const weightsOf = (field: number, moment: Moment): Float64Array => {
    const { sex, ethnicity, education, year } = moment;
    const band = bandAt[ageOf(moment)] as number;
    const known = Math.min(band, FIRST_LATER_BAND - 1);
    const later = band - FIRST_LATER_BAND;
    const { bySexEducation, byEthnicity } = fixed;
    return Float64Array.from(titles, (_, j) => {
      const group = groupOf[j] as number;
      const kind = kindOf[j] as number;
      const cell = fitted.groupCell[group]?.[sex]?.[education]?.[known] as number;
      const old = later >= 0 && kind > 0 ? (LATER_WEIGHTS[kind - 1]?.[later] as number) : 0;
      return (
        Math.exp(cell + old) *
        (bySexEducation[(sex * educations.length + education) * J + j] as number) *
        (byEthnicity[ethnicity * J + j] as number) *
        (ofField[field]?.[j] as number) *
        (year >= settings.breakYear ? (afterBreak[j] as number) : 1)
      );
    });
  };

  const known = new Map<number, Moves>();
  const moves = (type: number, moment: Moment): Moves => {
    const field = fieldOf(type);
    const { sex, ethnicity, education, year } = moment;
    let key = Number(settings.breakSize > 0 && year >= settings.breakYear);
    key = key * sexes.length + sex;
    key = key * ethnicities.length + ethnicity;
    key = key * educations.length + education;
    key = key * bands.length + (bandAt[ageOf(moment)] as number);
    key = key * fields + field;
    const own = known.get(key);
    if (own !== undefined) return own;
    const weights = weightsOf(field, moment);
    const totals = new Float64Array(J);
    for (let from = 0, at = 0; from < J; from++) {
      let total = 0;
      for (let to = 0; to < J; to++, at++) total += (likeness[at] as number) * (weights[to] as number);
      totals[from] = total;
    }
    const made = { weights, totals };
    known.set(key, made);
    return made;
  };

  const states = firstStates(counts);
  const learning = educationProcess(counts, (age) => states(age, 0)[KINDS.inEducation] as number);
  const scores = educationScores(counts, fittedMarkets, occupations, hasTypes);
  const score = (type: number, { sex, ethnicity }: Person): number =>
    (scores.field[fieldOf(type)] as number) + (scores.person[sex * ethnicities.length + ethnicity] as number);

  const oddsOfLevel = fitted.leaveLevel.map((row) => Float64Array.from(row, Math.exp));
  const oddsOfOccupation = Float64Array.from(fitted.leaveOccupation, (offset, j) => {
    const kind = kindOf[j] as number;
    const ofState =
      kind === KINDS.unemployed
        ? LEAVE_ODDS.unemployed
        : kind === KINDS.notInLaborForce
          ? LEAVE_ODDS.notInLaborForce
          : 1;
    return Math.exp(offset) * ofState;
  });
  const E = educations.length;
  const oddsOfCell = Float64Array.from({ length: 4 * sexes.length * E * bands.length }, (_, i) => {
    const band = i % bands.length;
    const education = Math.floor(i / bands.length) % E;
    const sex = Math.floor(i / bands.length / E) % sexes.length;
    const kind = Math.floor(i / bands.length / E / sexes.length);
    const later = band < FIRST_LATER_BAND ? 0 : (LATER_LEAVING[kind]?.[band - FIRST_LATER_BAND] as number);
    const own = fitted.leaveCell[kind]?.[sex]?.[education]?.[Math.min(band, FIRST_LATER_BAND - 1)] as number;
    return Math.exp(own + later);
  });

  const firstKnown = new Map<Moves, Map<number, Float64Array>>();
  return {
    titles,
    isJob: kindOf.map((kind) => kind === KINDS.job),
    inEducation: occupations.inEducation,
    educations,
    sexes,
    ethnicities,
    types,
    levels,
    likeness,
    typeShare: (type) => (hasTypes ? (fittedMarkets.fieldShares[fieldOf(type)] as number) : 1) / restlessness.length,
    firstEducation: (type, moment) => learning.first(moment.education, ageOf(moment), score(type, moment)),
    nextEducation: (before, was, type, moment) =>
      learning.next(moment.education, before, was, ageOf(moment), score(type, moment)),
    firstOccupations: (type, moment) => {
      const own = moves(type, moment);
      const byAge = firstKnown.get(own) ?? new Map<number, Float64Array>();
      firstKnown.set(own, byAge);
      const age = ageOf(moment);
      const made = byAge.get(age) ?? startingShares(states(age, moment.sex), own.weights, fixed.size, kindOf);
      byAge.set(age, made);
      return made;
    },
    firstLevel: (level, moment) => {
      const { shares = [] } = FIRST_LEVELS.filter(({ from }) => ageOf(moment) >= from).at(-1) ?? {};
      if (hasTypes) return shares[level] as number;
      // loose: the first year; settled: the second to the fourth; rooted: the fifth and later
      if (level === 0) return shares[0] as number;
      return level < 4 ? (shares[1] as number) / 3 : (shares[2] as number) / (levels - 4);
    },
    leaving: (occupation, level, type, moment) => {
      const kind = kindOf[occupation] as number;
      const cell =
        ((kind * sexes.length + moment.sex) * E + moment.education) * bands.length + (bandAt[ageOf(moment)] as number);
      const odds =
        (oddsOfLevel[kind]?.[level] as number) *
        (oddsOfOccupation[occupation] as number) *
        (oddsOfCell[cell] as number) *
        (kind === KINDS.inEducation ? 1 : (restlessness[type % restlessness.length] as number));
      return odds / (1 + odds);
    },
    settling: (level) => (hasTypes ? (SETTLING[level] as number) : 1),
    returning: (occupation) =>
      !hasTypes ? 0 : kindOf[occupation] === KINDS.job ? RETURNING.fromJob : RETURNING.fromState,
    moves,
  };
};

/** [J] P(occupation) of those first seen: the states by age and sex, jobs by how frequent and how fitting they are. */
const startingShares = (
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
const firstStates = (counts: MarketCounts): ((age: number, sex: number) => readonly number[]) => {
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
const fixedWeights = (counts: MarketCounts, occupations: MarketOccupations, fitted: Fitted, tilt?: Tilt) => {
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
const fieldWeights = ({ fields, fieldShares }: FittedMarkets, { kindOf }: MarketOccupations, hasTypes: boolean) =>
  (hasTypes ? fieldShares : [1]).map((share, field) =>
    Float64Array.from(kindOf, (kind, j) =>
      kind !== KINDS.job || !hasTypes
        ? 1
        : COMMON_TO_FIELDS + (1 - COMMON_TO_FIELDS) * ((fields[field]?.[j] as number) / share),
    ),
  );

/** How far above the average education lies, in standard deviations: of a field's jobs, and by sex and ethnicity. */
const educationScores = (
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
