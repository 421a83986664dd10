/**
 * The empirical transition model: how often train persons went from one occupation to another, smoothed.
 *
 *     u(b)     = (n(b) + 0.5) / (N + 0.5 J)                         over all N observations, first ones included
 *     P(b|a)   = (n(a,b) + lambda u(b)) / (n(a) + lambda)           n(a): the transitions out of a
 *     P(b|a,s) = (n(a,b,s) + lambda P(b|a)) / (n(a,s) + lambda)     by step length s: one, two, three years or more
 *
 * a is the last observation's occupation, whatever the years in between, or a start symbol before the first, which has no
 * step length. A Markov chain with a Dirichlet prior of weight lambda on each row, centred on the smoothed marginal u; by
 * step length (`byStep`), with another on each row of those, centred on the chain over all steps.
 *
 * With lambda = 0 nothing is smoothed: a transition that no train person made has probability 0, so that a perplexity over
 * one is infinite. A row without transitions is then what it would be shrunk to: P(b|a,s) is P(b|a), and P(b|a) is u(b).
 */
import type { Career, DeclaredOccupations, Survey } from '../careers';
import { pooledOccupations } from './declared';
import type { FitLog, FitOptions } from './fit';
import { smoothedShares } from './marginal';
import { fittedFacts, readModelCard, type FittedFacts } from './model-card';
import { ModelError } from './model-error';
import type { Query } from './occupation-model';
import { fitAtOnce, RowModel } from './row-model';
import { settingsFrom } from './settings';
import { trainCareersBySurvey } from './train-careers';

const NAME = 'empirical';

export interface EmpiricalConfig {
  /** Weight of what a row is shrunk to, in transitions: the row itself counts for more from lambda transitions on. */
  readonly lambda: number;
  /** Whether transitions over one, two, three years or more have rows of their own. */
  readonly byStep: boolean;
}

export const EMPIRICAL_DEFAULTS: EmpiricalConfig = { lambda: 30, byStep: false };

/** How often: `from` is -1 for the start symbol, whose `step` is 0; else `step` is 1, 2 or 3 years, 3 being 3 or more. */
type Transition = readonly [from: number, to: number, count: number, step: number];

const START = -1;

/** 0 before the first observation. */
const stepOf = (last: number | undefined, year: number): number =>
  last === undefined ? 0 : Math.min(Math.max(year - last, 1), 3);

/** The chain of one survey with J occupations. */
class Chain {
  /** [J] u(b) */
  private readonly marginal: Float64Array;
  /** Log-probabilities, [J] a row, by `key`; made when they are first asked for. */
  private readonly rows = new Map<string, Float64Array>();
  /** Counts, [J] a row, by `key` for one step length, by `from` alone over all. */
  private readonly counts = new Map<string, Float64Array>();

  constructor(
    private readonly occupations: number,
    readonly transitions: readonly Transition[],
    private readonly config: EmpiricalConfig,
  ) {
    // every observation is the end of one transition, a person's first of that from the start symbol
    const arrivals = new Float64Array(occupations);
    for (const [from, to, count, step] of transitions) {
      for (const counts of [arrivals, this.countsOf(`${from}`), this.countsOf(key(from, step))]) {
        counts[to] = (counts[to] as number) + count;
      }
    }
    this.marginal = smoothedShares(arrivals);
  }

  /** [J] log P(b | from), or log P(b | from, step) by step length. */
  row(from: number, step: number): Float64Array {
    const known = this.rows.get(key(from, step));
    if (known !== undefined) return known;
    const overall = this.shrunk(`${from}`, this.marginal);
    const row = (this.config.byStep && from !== START ? this.shrunk(key(from, step), overall) : overall).map(Math.log);
    this.rows.set(key(from, step), row);
    return row;
  }

  /** [J] the shares among these counts, shrunk to `towards`. */
  private shrunk(name: string, towards: Float64Array): Float64Array {
    const counts = this.counts.get(name);
    if (counts === undefined) return towards;
    const { lambda } = this.config;
    const total = counts.reduce((sum, count) => sum + count, lambda);
    return counts.map((count, to) => (count + lambda * (towards[to] as number)) / total);
  }

  private countsOf(name: string): Float64Array {
    const counts = this.counts.get(name) ?? new Float64Array(this.occupations);
    this.counts.set(name, counts);
    return counts;
  }
}

const key = (from: number, step: number): string => `${from} ${step}`;

const countTransitions = (careers: readonly Career[]): readonly Transition[] => {
  const counts = new Map<string, [from: number, to: number, count: number, step: number]>();
  for (const { observations } of careers) {
    observations.forEach(({ occupation, year }, index) => {
      const last = observations[index - 1];
      const [from, step] = [last?.occupation ?? START, stepOf(last?.year, year)];
      const name = `${from} ${occupation} ${step}`;
      const transition = counts.get(name) ?? [from, occupation, 0, step];
      transition[2] += 1;
      counts.set(name, transition);
    });
  }
  return [...counts.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[3] - b[3]);
};

export class EmpiricalModel extends RowModel {
  readonly name = NAME;

  private constructor(
    surveys: readonly DeclaredOccupations[],
    fitted: FittedFacts,
    readonly config: EmpiricalConfig,
    private readonly chains: readonly Chain[],
  ) {
    super(surveys, fitted);
  }

  /**
   * Counts the transitions of these surveys' train persons, each survey's apart.
   *
   * @throws ModelError for settings that it does not know, or if there is no train person.
   */
  static fit(surveys: readonly Survey[], options: FitOptions): EmpiricalModel {
    const config = empiricalConfig(options.config);
    const declared = pooledOccupations(surveys);
    const careers = trainCareersBySurvey(surveys, declared);
    const chains = declared.map(
      ({ titles }, survey) => new Chain(titles.length, countTransitions(careers[survey] ?? []), config),
    );
    return new EmpiricalModel(declared, fittedFacts(surveys, options), config, chains);
  }

  /** @throws ModelError if the folder holds no empirical model. */
  static async load(folder: string): Promise<EmpiricalModel> {
    const { name, surveys, fitted, transitions, config: saved } = await readModelCard(folder);
    if (name !== NAME || !Array.isArray(transitions) || transitions.length !== surveys.length) {
      throw new ModelError(`${folder} holds no empirical model that can be read, but "${name}": fit it again.`, {
        folder,
        name,
      });
    }
    const config = empiricalConfig(saved as Record<string, unknown>);
    const chains = surveys.map(
      ({ titles }, index) => new Chain(titles.length, transitions[index] as readonly Transition[], config),
    );
    return new EmpiricalModel(surveys, fitted, config, chains);
  }

  protected override row({ history, year }: Query, survey: number): Float64Array {
    const last = history.at(-1);
    return (this.chains[survey] as Chain).row(last?.occupation ?? START, stepOf(last?.year, year));
  }

  override save(folder: string): Promise<void> {
    return super.save(folder, { transitions: this.chains.map((chain) => chain.transitions) });
  }
}

/** Fits the empirical model: one pass, one log. */
export const fitEmpirical = (surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, EmpiricalModel> =>
  fitAtOnce(
    () => EmpiricalModel.fit(surveys, options),
    surveys,
    options,
    ({ fitted: { observations, persons }, config: { lambda } }) =>
      `counted ${observations} transitions of ${persons} train persons` +
      (lambda === 0 ? '; unsmoothed: a transition that none of them made has probability 0' : ''),
  );

const empiricalConfig = (given?: Readonly<Record<string, unknown>>): EmpiricalConfig => {
  const config = settingsFrom('The empirical model', EMPIRICAL_DEFAULTS, given);
  if (config.lambda >= 0 && Number.isFinite(config.lambda)) return config;
  throw new ModelError(`lambda is ${String(config.lambda)}: give a number from 0 on.`, { lambda: config.lambda });
};
