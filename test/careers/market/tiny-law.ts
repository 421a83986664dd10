/** A market so small that every career on it can be listed: 4 occupations, 2 types, 2 levels, 2 educations. */
import type { Law, Moment, Moves } from '../../../lib/src/careers/market/law';
import type { Sighting } from '../../../lib/src/careers/market/filter';
import { Random } from 'labor-llm/support';

export const [COOK, CLERK, SCHOOL, IDLE] = [0, 1, 2, 3];

/** The law's probabilities are drawn; those that depend on the moment depend on education, sex and year. */
export const tinyLaw = (seed: number): Law => {
  const random = new Random(seed);
  const number = (): number => 0.1 + 0.8 * random.uniform();
  const shares = (n: number): number[] => {
    const weights = Array.from({ length: n }, number);
    return weights.map((weight) => weight / weights.reduce((a, b) => a + b));
  };
  const J = 4;
  const likeness = Float64Array.from({ length: J * J }, (_, i) => (Math.floor(i / J) === i % J ? 0 : number()));
  const [types, first, rising, settle] = [shares(2), shares(2), [number(), number()], number()];
  const leaving = Array.from({ length: J * 2 * 2 }, number);
  const [weights, starts] = [0, 1].map(() => Array.from({ length: 4 }, () => shares(J)));
  const returning = Array.from({ length: J }, number);
  const at = (type: number, { education, sex, year }: Moment): number => (type + education * 2 + sex + year) % 4;
  return {
    titles: ['Cooks', 'Clerks', 'In education', 'Unemployed'],
    isJob: [true, true, false, false],
    inEducation: SCHOOL as number,
    educations: ['low', 'high'],
    sexes: ['female', 'male'],
    ethnicities: ['one', 'other'],
    types: 2,
    levels: 2,
    likeness,
    typeShare: (type, { ethnicity }) => types[(type + ethnicity) % 2] as number,
    firstEducation: (type, { education }) => first[(type + education) % 2] as number,
    nextEducation: (before, wasInEducation, type, { education }) => {
      const rise = before === 1 ? 0 : (rising[type] as number) * (wasInEducation ? 1 : 0.5);
      return education < before ? 0 : education === before ? 1 - rise : rise;
    },
    firstOccupations: (type, moment) => Float64Array.from(starts?.[at(type, moment)] as number[]),
    firstLevel: (level, { education }) => (level === education ? 0.7 : 0.3),
    // another table for each sex
    leaving: ({ sex }) => Float64Array.from(leaving, (_, i) => leaving[(i + sex * 4) % (J * 4)] as number),
    settling: () => settle,
    returning: (occupation) => returning[occupation] as number,
    moves: (type, moment): Moves => {
      const own = Float64Array.from(weights?.[at(type, moment)] as number[]);
      const totals = Float64Array.from({ length: J }, (_, from) =>
        own.reduce((total, weight, to) => total + weight * (likeness[from * J + to] as number), 0),
      );
      return { weights: own, totals };
    },
  };
};

export const everybody: Sighting = { canBeRow: () => true, canBeMissing: () => true, selection: () => 1 };

/** Jobs only, and more of one type and of the educated. */
export const jobsOnly: Sighting = {
  canBeRow: (occupation) => occupation < 2,
  canBeMissing: (occupation) => occupation >= 2,
  selection: (type, education) => ([0.2, 0.9][type] as number) * (1 + education),
};
