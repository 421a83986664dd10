/**
 * The law by which careers on a synthetic market unfold, year by year. A worker has a latent type, an attachment to the
 * occupation at hand (a level, 0 when it begins) and a memory: the last job other than the occupation at hand.
 * In each year, in this order:
 *
 *   1. Education rises or stays, P(education now | before, whether last year was In education, type, person).
 *   2. The worker stays with probability 1 - leaving(occupation, type, level); the level then rises by one with
 *      probability settling(level).
 *   3. A leaver who remembers a job returns to it with probability returning(occupation).
 *   4. Any other leaver moves, with probability likeness(from, to) x weights(to) / totals(from), the weights being those
 *      of the type and the moment (a conditional logit over occupations).
 *   5. Whoever returns or moves begins at level 0. Who leaves a job remembers it; who goes from one state without work
 *      to another keeps the memory; who takes up a job from such a state begins without one.
 *
 * All of it is finite, so that what models see determines the law's prediction exactly (filter.ts).
 */

/** What a person has once, as numbers: positions in the law's lists. */
export interface Person {
  readonly sex: number;
  readonly ethnicity: number;
  readonly birthYear: number;
}

/** A person in a year, with that year's education (a position in the law's list, in which it never falls). */
export interface Moment extends Person {
  readonly year: number;
  readonly education: number;
}

/** Where movers of a type go at a moment. One object for all moments and types with the same weights. */
export interface Moves {
  /** [J] weight of each destination */
  readonly weights: Float64Array;
  /** [J] sum over destinations of likeness(from, to) x weights(to), by origin */
  readonly totals: Float64Array;
}

export interface Law {
  readonly titles: readonly string[];
  /** [J] whether an occupation is a job, and not a state without work */
  readonly isJob: readonly boolean[];
  /** Position of "In education", which the education process looks at. */
  readonly inEducation: number;
  readonly educations: readonly string[];
  readonly sexes: readonly string[];
  readonly ethnicities: readonly string[];
  /** How many types, and how many levels of attachment. */
  readonly types: number;
  readonly levels: number;
  /** [J, J] likeness(from, to), 0 on the diagonal: nobody moves to where they are */
  readonly likeness: Float64Array;
  /** P(type) in the population as a whole, at birth. */
  typeShare(type: number, person: Person): number;
  /** P(education) when a person of the type is first seen, before any selection. */
  firstEducation(type: number, moment: Moment): number;
  /** P(education of the moment | before): see above, 1. */
  nextEducation(before: number, wasInEducation: boolean, type: number, moment: Moment): number;
  /** [J] P(occupation) when first seen */
  firstOccupations(type: number, moment: Moment): Float64Array;
  /** P(level) when first seen. */
  firstLevel(level: number, moment: Moment): number;
  /** [J, types, levels] P(leaving the occupation); one table for all moments with the same probabilities. */
  leaving(moment: Moment): Float64Array;
  settling(level: number): number;
  returning(occupation: number): number;
  moves(type: number, moment: Moment): Moves;
}

/** The memory of who remembers no job. */
export const NO_MEMORY = -1;

/** What is remembered after a change of occupation, by returning or by moving. */
export const memoryAfter = ({ isJob }: Pick<Law, 'isJob'>, from: number, memory: number, to: number): number => {
  if (isJob[from]) return from;
  return isJob[to] ? NO_MEMORY : memory;
};
