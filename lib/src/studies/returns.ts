/**
 * Who comes back to an occupation held before: what a model of whole careers can know, and one of the last occupation
 * cannot. Of whom one model is ahead of another, by what was known of them; and how many each expects to come back.
 */
import type { Career, Observation, OccupationIndex } from '../careers';
import { clustersOf, nonWorkingStates, type BootstrapOptions, type Compared, type Estimate } from '../evaluation';
import { queriesOf, type OccupationModel, type Query } from '../models';
import type { OnProgress } from '../support';
import { meanEstimate } from './mean-estimate';
import { perplexityRatio } from './perplexity-ratio';

/** What is known of somebody before an observation. */
export const situations = [
  'first observation',
  'one occupation so far',
  'out of work after a job',
  'several occupations so far',
] as const;

export type Situation = (typeof situations)[number];

export type IsState = (occupation: OccupationIndex) => boolean;

/** Whether an occupation is a state of not working, of which a survey may have none. */
export const isStateOf = (titles: readonly string[]): IsState => {
  const states = new Set(nonWorkingStates(titles).map(([, state]) => state));
  return (occupation) => states.has(occupation);
};

/** The last job before the last occupation, which may be a state; undefined where there is none. */
export const formerJob = (history: readonly Observation[], isState: IsState): OccupationIndex | undefined => {
  const last = history.at(-1)?.occupation;
  return history.filter(({ occupation }) => occupation !== last && !isState(occupation)).at(-1)?.occupation;
};

/** Formed by what was known, not by what came, so that in each group the truth is ahead but for chance. */
export const situationOf = (history: readonly Observation[], isState: IsState): Situation => {
  const last = history.at(-1);
  if (last === undefined) return 'first observation';
  if (isState(last.occupation) && formerJob(history, isState) !== undefined) return 'out of work after a job';
  const isOne = history.every(({ occupation }) => occupation === last.occupation);
  return isOne ? 'one occupation so far' : 'several occupations so far';
};

/** [observations] of the careers, one after another. */
export const situationsOf = (careers: readonly Career[], isState: IsState): readonly Situation[] =>
  careers.flatMap(({ observations }) => observations.map((_, t) => situationOf(observations.slice(0, t), isState)));

/** How far one model is ahead of another of those in one situation. */
export interface Lead {
  readonly situation: Situation | 'all';
  readonly observations: number;
  /**
   * The other's perplexity of all observations divided by that with this model's answers in this situation: above one this
   * model is ahead. Those of all situations, multiplied, are that of all.
   */
  readonly ratio: Estimate;
}

/**
 * @param known  [observations] as `situationsOf` has them
 * @param scored of the model, of the same
 * @param other  of the model that it is held against, of the same
 */
export const leads = (
  known: readonly Situation[],
  scored: readonly Compared[],
  other: readonly Compared[],
  options: BootstrapOptions = {},
): readonly Lead[] =>
  [...situations, 'all' as const].flatMap((situation) => {
    const isIn = known.map((one) => situation === 'all' || one === situation);
    const mixed = other.map((one, i) => (isIn[i] ? (scored[i] as Compared) : one));
    const observations = isIn.filter(Boolean).length;
    return observations === 0 ? [] : [{ situation, observations, ratio: perplexityRatio(other, mixed, options) }];
  });

/** Those who had another job before: where they are now. */
const places = ['out of work', 'in another job'] as const;

/** Somebody's next observation, asked whether it is the former job. */
export interface AskedBack extends Pick<Career, 'survey' | 'cluster'> {
  readonly place: (typeof places)[number];
  readonly query: Query;
  readonly former: OccupationIndex;
  readonly isBack: boolean;
}

/** All observations of a career that have a former job. */
export const askedBack = (career: Career, isState: IsState): readonly AskedBack[] =>
  queriesOf(career).flatMap((query, t) => {
    const former = formerJob(query.history, isState);
    const last = query.history.at(-1);
    if (former === undefined || last === undefined) return [];
    const { survey, cluster } = career;
    const place = isState(last.occupation) ? places[0] : places[1];
    return [{ survey, cluster, place, query, former, isBack: career.observations[t]?.occupation === former }];
  });

/** Of those who are at one place and had a job before, the share that is back in that very job at the next observation. */
export interface ComingBack {
  readonly place: (typeof places)[number];
  readonly observations: number;
  readonly observed: Estimate;
  readonly expected: readonly { readonly model: string; readonly share: Estimate }[];
}

/** [asked] P(the former job), by a model, of persons one after another. */
export const expectedBack = async (
  model: OccupationModel,
  persons: readonly (readonly AskedBack[])[],
  { signal, onProgress }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: OnProgress } = {},
): Promise<readonly number[]> => {
  const found: number[] = [];
  for (const [done, asked] of persons.entries()) {
    signal?.throwIfAborted();
    const logs = await model.logProbabilities(
      asked.map(({ query }) => query),
      asked.map(({ former }) => former),
    );
    found.push(...Array.from(logs, Math.exp));
    onProgress?.({ done: done + 1, total: persons.length, unit: 'persons' });
  }
  return found;
};

/** @param expected by model, what `expectedBack` has of the same */
export const comingBack = (
  asked: readonly AskedBack[],
  expected: Readonly<Record<string, readonly number[]>>,
  options: BootstrapOptions = {},
): readonly ComingBack[] =>
  places.flatMap((place) => {
    const own = asked.filter((one) => one.place === place);
    if (own.length === 0) return [];
    const clusters = clustersOf(own);
    const mean = (values: readonly number[]): Estimate => meanEstimate(values, clusters, options);
    return [
      {
        place,
        observations: own.length,
        observed: mean(own.map(({ isBack }) => Number(isBack))),
        expected: Object.entries(expected).map(([model, shares]) => ({
          model,
          share: mean(shares.filter((_, i) => asked[i]?.place === place)),
        })),
      },
    ];
  });

/** What is found on a survey. */
export interface Returns {
  /** The model that the others are held against. */
  readonly reference: string;
  readonly persons: number;
  readonly leads: readonly { readonly model: string; readonly of: readonly Lead[] }[];
  /** Persons, the first ones, who are asked whether they come back. */
  readonly askedPersons: number;
  readonly comingBack: readonly ComingBack[];
}
