/**
 * What the counts cannot give and the market assumes. `assumptions` says it in sentences, for whoever prints a table that
 * rests on it; the numbers stand beside them.
 */

/** P(unemployed | neither job nor education), by sex (female, male) and band. */
export const UNEMPLOYED_SHARE: readonly (readonly number[])[] = [
  [0.4, 0.4, 0.4, 0.4, 0.4, 0.35, 0.3, 0.25, 0.2, 0.1, 0.03],
  [0.55, 0.55, 0.55, 0.55, 0.55, 0.5, 0.5, 0.45, 0.35, 0.15, 0.03],
];

/** Odds of leaving unemployment and of leaving the labor force's outside, against those of "Not working". */
export const LEAVE_ODDS = { unemployed: 2.2, notInLaborForce: 0.55 } as const;

/** Of those who leave one of the two states: how many go to the other. */
export const BETWEEN_STATES = { toNotInLaborForce: 0.25, toUnemployed: 0.15 } as const;

/** P(return to the job remembered | leaving): from a job, from a state without work. */
export const RETURNING = { fromJob: 0.12, fromState: 0.22 } as const;

/** P(settling in a year), from loose to settled and from settled to rooted. */
export const SETTLING: readonly number[] = [0.4, 0.25];

/** Odds of leaving by type, restless and steady. */
export const RESTLESSNESS: readonly number[] = [1.3, 1 / 1.3];

/** How much of a destination's weight is the same in all fields. */
export const COMMON_TO_FIELDS = 0.6;

/** Log odds of leaving at ages 42-54, 55-61 and 62 on, against 30-41: a job, unemployment, outside, education. */
export const LATER_LEAVING: readonly (readonly number[])[] = [
  [-0.25, 0.1, 0.9],
  [0, 0, 0],
  [-0.4, -1, -2.2],
  [0.3, 0.5, 0.5],
];

/** Log weights of being unemployed, outside and in education as destinations at those ages, against 30-41. */
export const LATER_WEIGHTS: readonly (readonly number[])[] = [
  [-0.1, -0.2, -0.5],
  [0.1, 1, 3],
  [-1, -2, -3],
];

/** P(job, unemployed, outside, in education) when first seen at those ages. */
export const LATER_STATES: readonly (readonly number[])[] = [
  [0.8, 0.04, 0.155, 0.005],
  [0.65, 0.03, 0.319, 0.001],
  [0.2, 0.01, 0.789, 0.001],
];

/** P(level) when first seen, at first ages 0, 18, 22 and 30. */
export const FIRST_LEVELS: readonly { readonly from: number; readonly shares: readonly number[] }[] = [
  { from: 0, shares: [1, 0, 0] },
  { from: 18, shares: [0.7, 0.25, 0.05] },
  { from: 22, shares: [0.45, 0.35, 0.2] },
  { from: 30, shares: [0.25, 0.35, 0.4] },
];

export const assumptions: readonly string[] = [
  'Types, attachment and returns are assumed, not observed: counts of one-year steps cannot tell who is which type. Their strengths were set before any neural model was fitted.',
  'Ages above 41 are not in the counts: hazards of leaving are those of ages 30 to 41, changed by stated amounts at 42, 55 and 62.',
  'Retirement is a move out of the labor force that is frequent from 62 on and seldom undone; nobody retires by a rule.',
  'Years before 1997 obey the law of the later years: occupations neither grow nor vanish with time, unless the knob for a structural break is turned.',
  '"Not working" is one state in the source. Here it is Unemployed or Not in labor force: the share unemployed by sex and age, how fast each is left, and how often one follows the other are assumed.',
  'Ethnicity and sex bear on the education, the choice of occupation and the leaving of it as the counts say; region bears on nothing.',
  'Who is missing in a wave, or drops out, is so by chance.',
  'Occupations are alike as moves between them say. Titles tell of likeness only as much as real moves make similar words neighbours, and as the knob rho adds: titles help here as much as the design lets them, only real surveys tell about real titles.',
];
