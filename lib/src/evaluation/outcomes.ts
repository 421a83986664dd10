/**
 * What may happen at an observation besides the occupation itself: a state of not working, a move. And what is kept of a
 * whole distribution, so that scoring takes the same few numbers an observation whatever the number of occupations.
 */
import type { OccupationIndex } from '../careers';

/** The three states of the paper's surveys, then the two that NLSY97's public files tell apart; compared without case. */
const stateTitles = ['unemployed', 'not in labor force', 'in education', 'not working', 'in school'];

type States = readonly (readonly [title: string, occupation: OccupationIndex])[];

/** One list of titles is asked about at every observation. */
const known = new WeakMap<readonly string[], States>();

/** The declared titles that are no work, in the order above; none where the survey declares none. */
export const nonWorkingStates = (titles: readonly string[]): States => {
  let states = known.get(titles);
  if (states === undefined) {
    const lower = titles.map((title) => title.toLowerCase());
    states = stateTitles
      .map((title) => lower.indexOf(title))
      .filter((index) => index >= 0)
      .map((index) => [titles[index] as string, index as OccupationIndex] as const);
    known.set(titles, states);
  }
  return states;
};

/** The outcome of another occupation than in the last observation. */
export const MOVE = 'move';

/** An event that could come, the probability that a model gave it, and whether it came. */
export interface Outcome {
  readonly probability: number;
  readonly happened: boolean;
}

/** What the last observation was, where it was no state of not working. */
export const AT_WORK = 'at work';

/** What is kept of a distribution over J occupations. */
export interface DistributionSummary {
  /** A state's title, or `AT_WORK`; undefined before the first observation. */
  readonly from: string | undefined;
  /** By title of a state; a move by `MOVE`, but not of a first observation. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** Occupations that were more probable than the one that came. */
  readonly above: number;
  /** Occupations that were as probable as the one that came, itself included. */
  readonly tied: number;
}

/** Rounding may lead a sum of probabilities a little out of [0, 1]. */
const within = (probability: number): number => Math.min(1, Math.max(0, probability));

/**
 * @param probabilities [J] not renormalised
 * @param occupation    the one that came
 * @param last          that of the last observation; P(move) = 1 - P(last)
 */
export const summaryOf = (
  probabilities: Float64Array,
  titles: readonly string[],
  occupation: OccupationIndex,
  last: OccupationIndex | undefined,
): DistributionSummary => {
  const states = nonWorkingStates(titles);
  const outcomes: Record<string, Outcome> = {};
  for (const [title, state] of states) {
    outcomes[title] = { probability: within(probabilities[state] ?? NaN), happened: occupation === state };
  }
  if (last !== undefined) {
    outcomes[MOVE] = { probability: within(1 - (probabilities[last] ?? NaN)), happened: occupation !== last };
  }
  const own = probabilities[occupation] ?? NaN;
  let above = 0;
  let tied = 0;
  for (const probability of probabilities) {
    if (probability > own) above++;
    else if (probability === own) tied++;
  }
  const from = last === undefined ? undefined : (states.find(([, state]) => state === last)?.[0] ?? AT_WORK);
  return { from, outcomes, above, tied };
};
