/**
 * The empirical transition model: how often train persons went from one occupation to another, smoothed.
 *
 *     u(b)   = (n(b) + 0.5) / (N + 0.5 J)                   over all N observations, first ones included
 *     P(b|a) = (n(a,b) + lambda u(b)) / (n(a) + lambda)     n(a): the transitions out of a
 *
 * a is the last observation's occupation, whatever the years in between, or a start symbol before the first. A Markov
 * chain with a Dirichlet prior of weight lambda on each row, centred on the smoothed marginal u.
 */
import { splitSurvey, type Career, type DeclaredOccupations, type OccupationIndex, type Survey } from '../careers';
import { checkOccupation, pooledOccupations, surveyOfQuery, surveyPosition } from './declared';
import type { FitLog, FitOptions } from './fit';
import { fittedFacts, hasModelCard, readModelCard, writeModelCard, type FittedFacts } from './model-card';
import { ModelError } from './model-error';
import type { Distribution, OccupationModel, Query } from './occupation-model';
import { settingsFrom } from './settings';

const NAME = 'empirical';

export interface EmpiricalConfig {
  /** Weight of the marginal, in transitions: a row of the chain counts for more from lambda transitions on. */
  readonly lambda: number;
}

export const EMPIRICAL_DEFAULTS: EmpiricalConfig = { lambda: 30 };

/** Counts of one survey: [from, to, how often], from -1 being the start symbol. */
type Transition = readonly [from: number, to: number, count: number];

const START = -1;

/** The smoothed chain of one survey with J occupations. */
class Chain {
  /** [J] u(b) */
  private readonly marginal: Float64Array;
  private readonly rows = new Map<number, { total: number; readonly counts: Map<number, number> }>();

  constructor(
    occupations: number,
    readonly transitions: readonly Transition[],
    private readonly lambda: number,
  ) {
    // every observation is the end of one transition, a person's first of that from the start symbol
    const arrivals = new Float64Array(occupations);
    let observations = 0;
    for (const [from, to, count] of transitions) {
      const row = this.rows.get(from) ?? { total: 0, counts: new Map<number, number>() };
      row.counts.set(to, count);
      row.total += count;
      this.rows.set(from, row);
      arrivals[to] = (arrivals[to] ?? 0) + count;
      observations += count;
    }
    this.marginal = arrivals.map((count) => (count + 0.5) / (observations + 0.5 * occupations));
  }

  logProbability(from: number, to: number): number {
    const row = this.rows.get(from);
    const mass = (row?.counts.get(to) ?? 0) + this.lambda * (this.marginal[to] ?? 0);
    return Math.log(mass / ((row?.total ?? 0) + this.lambda));
  }

  /** [J] log P(b | from) */
  logProbabilities(from: number): Float64Array {
    return this.marginal.map((_, to) => this.logProbability(from, to));
  }
}

const countTransitions = (careers: readonly Career[]): readonly Transition[] => {
  const counts = new Map<number, Map<number, number>>();
  for (const { observations } of careers) {
    let from = START;
    for (const { occupation } of observations) {
      const row = counts.get(from) ?? new Map<number, number>();
      row.set(occupation, (row.get(occupation) ?? 0) + 1);
      counts.set(from, row);
      from = occupation;
    }
  }
  return [...counts]
    .flatMap(([from, row]) => [...row].map(([to, count]): Transition => [from, to, count]))
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
};

const lastOccupation = (query: Query): number => query.history.at(-1)?.occupation ?? START;

export class EmpiricalModel implements OccupationModel {
  readonly name = NAME;

  private constructor(
    readonly surveys: readonly DeclaredOccupations[],
    readonly fitted: FittedFacts,
    private readonly config: EmpiricalConfig,
    private readonly chains: readonly Chain[],
  ) {}

  /**
   * Counts the transitions of these surveys' train persons, each survey's apart.
   *
   * @throws ModelError for settings that it does not know, or if there is no train person.
   */
  static fit(surveys: readonly Survey[], options: FitOptions): EmpiricalModel {
    const config = empiricalConfig(options.config);
    const declared = pooledOccupations(surveys);
    const careers = surveys.flatMap((survey) => splitSurvey(survey).train.careers);
    if (careers.length === 0) {
      throw new ModelError('There is no train person to fit on: none whose crc32(person_id) % 100 is below 70.');
    }
    const chains = declared.map(({ survey, titles }) => {
      const own = careers.filter((career) => career.survey === survey);
      return new Chain(titles.length, countTransitions(own), config.lambda);
    });
    return new EmpiricalModel(declared, fittedFacts(surveys, options), config, chains);
  }

  /** @throws ModelError if the folder holds no empirical model. */
  static async load(folder: string): Promise<EmpiricalModel> {
    const card = await readModelCard(folder);
    const { name, surveys, fitted, transitions, config } = card;
    if (name !== NAME || !Array.isArray(transitions) || transitions.length !== surveys.length) {
      throw new ModelError(`${folder} holds no empirical model that can be read, but "${name}": fit it again.`, {
        folder,
        name,
      });
    }
    const { lambda } = empiricalConfig(config as Record<string, unknown>);
    const chains = surveys.map(
      ({ titles }, index) => new Chain(titles.length, transitions[index] as readonly Transition[], lambda),
    );
    return new EmpiricalModel(surveys, fitted, { lambda }, chains);
  }

  async logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    if (queries.length !== occupations.length) {
      throw new ModelError(`${queries.length} queries, but ${occupations.length} occupations: give one for each.`);
    }
    return Float64Array.from(queries, (query, index) => {
      const [chain, declared] = this.chainOf(query);
      const occupation = occupations[index] as OccupationIndex;
      checkOccupation(declared, occupation);
      return chain.logProbability(lastOccupation(query), occupation);
    });
  }

  async distributions(queries: readonly Query[]): Promise<Distribution[]> {
    return queries.map((query) => ({
      logProbabilities: this.chainOf(query)[0].logProbabilities(lastOccupation(query)),
      keptMass: 1,
    }));
  }

  async save(folder: string): Promise<void> {
    const transitions = this.chains.map((chain) => chain.transitions);
    await writeModelCard(folder, this, { config: this.config, transitions });
  }

  dispose(): void {}

  /** Mean negative log-probability of these careers' observations; undefined where there is none. */
  loss(careers: readonly Career[]): number | undefined {
    let sum = 0;
    let observations = 0;
    for (const career of careers) {
      const chain = this.chains[surveyPosition(this.surveys, career.survey)] as Chain;
      for (const [from, to, count] of countTransitions([career])) {
        sum -= count * chain.logProbability(from, to);
        observations += count;
      }
    }
    return observations === 0 ? undefined : sum / observations;
  }

  /**
   * This model, if it is the one that the folder holds.
   *
   * @throws ModelError if the folder's is of other data or settings.
   */
  async confirm(folder: string): Promise<this> {
    const saved = await EmpiricalModel.load(folder);
    if (saved.fitted.dataHash !== this.fitted.dataHash || saved.config.lambda !== this.config.lambda) {
      throw new ModelError(
        `${folder} holds an empirical model of other data or with another lambda: give another folder.`,
        { folder },
      );
    }
    return this;
  }

  private chainOf(query: Query): [Chain, DeclaredOccupations] {
    const position = surveyOfQuery(this.surveys, query);
    return [this.chains[position] as Chain, this.surveys[position] as DeclaredOccupations];
  }
}

/**
 * Fits the empirical model, in the form that all models are fitted in: one pass, one log.
 *
 * @throws ModelError as `EmpiricalModel.fit`, and where a folder to be resumed holds a model of other data or settings.
 */
export async function* fitEmpirical(
  surveys: readonly Survey[],
  options: FitOptions,
): AsyncGenerator<FitLog, EmpiricalModel> {
  options.signal?.throwIfAborted();
  const model = EmpiricalModel.fit(surveys, options);
  if (options.folder !== undefined) {
    if (options.resume && (await hasModelCard(options.folder))) return model.confirm(options.folder);
    await model.save(options.folder);
  }
  const { persons, observations } = model.fitted;
  const validation = model.loss(surveys.flatMap((survey) => splitSurvey(survey).validation.careers));
  yield {
    step: 1,
    steps: 1,
    epoch: 1,
    loss: model.loss(surveys.flatMap((survey) => splitSurvey(survey).train.careers)) ?? NaN,
    ...(validation === undefined ? {} : { validationLoss: validation }),
    learningRate: 0,
    tokensPerSecond: 0,
    secondsLeft: 0,
    note: `counted ${observations} transitions of ${persons} train persons`,
  };
  return model;
}

const empiricalConfig = (given?: Readonly<Record<string, unknown>>): EmpiricalConfig => {
  const { lambda } = settingsFrom('The empirical model', EMPIRICAL_DEFAULTS, given);
  if (!(lambda > 0 && Number.isFinite(lambda))) {
    throw new ModelError(`lambda is ${String(lambda)}: give a number above 0.`, { lambda });
  }
  return { lambda };
};
