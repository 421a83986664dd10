/** The law of a market of either form, from counts, fitted parameters, assumptions and settings. */
import { Random } from '../../support';
import {
  FIRST_LEVELS,
  LATER_LEAVING,
  LATER_WEIGHTS,
  LEAVE_ODDS,
  RESTLESSNESS,
  RETURNING,
  SETTLING,
} from './assumptions';
import { bandOf, type FittedMarkets, type MarketCounts } from './counts';
import { educationProcess } from './education';
import type { Law, Moment, Moves, Person } from './law';
import { likenessOfDistance, likenessOfMoves, likenessOfWords } from './likeness';
import {
  educationScores,
  fieldWeights,
  FIRST_LATER_BAND,
  firstStates,
  fixedWeights,
  startingShares,
  type Tilt,
} from './market-weights';
import { KINDS, marketOccupations, type MarketOccupations } from './occupations';
import type { MarketSettings } from './settings';

/** Levels of the market of distances: years in the occupation, the last being 12 or more. */
const YEARS_IN_OCCUPATION = 12;

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

  const leavingKnown = new Map<number, Float64Array>();
  const leaving = (moment: Moment): Float64Array => {
    const band = bandAt[ageOf(moment)] as number;
    const key = (moment.sex * E + moment.education) * bands.length + band;
    const own = leavingKnown.get(key);
    if (own !== undefined) return own;
    const made = Float64Array.from({ length: J * types * levels }, (_, i) => {
      const occupation = Math.floor(i / (types * levels));
      const kind = kindOf[occupation] as number;
      const type = Math.floor(i / levels) % types;
      const odds =
        (oddsOfLevel[kind]?.[i % levels] as number) *
        (oddsOfOccupation[occupation] as number) *
        (oddsOfCell[kind * sexes.length * E * bands.length + key] as number) *
        (kind === KINDS.inEducation ? 1 : (restlessness[type % restlessness.length] as number));
      return odds / (1 + odds);
    });
    leavingKnown.set(key, made);
    return made;
  };

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
    leaving,
    settling: (level) => (hasTypes ? (SETTLING[level] as number) : 1),
    returning: (occupation) =>
      !hasTypes ? 0 : kindOf[occupation] === KINDS.job ? RETURNING.fromJob : RETURNING.fromState,
    moves,
  };
};
