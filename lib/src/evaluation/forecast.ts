/**
 * Forecasts by sampled paths (CAREER, arXiv 2202.08370, in the authors' evaluation of forecasts): from what is known up
 * to a year, the next occupation is drawn from the model, put into the history, and so on. A later year's probability is
 * the average over paths of the model's probability; its score is -log of that average for the occupation that came.
 * Theirs runs one step past the data for persons observed in the cut-off year itself; here a path ends where they do.
 */
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Career, Observation, OccupationIndex } from '../careers';
import { covariatesOf, surveyPosition, type Distribution, type OccupationModel, type Query } from '../models';
import { Random, type OnProgress } from '../support';
import { EvaluationError } from './evaluation-error';
import { summaryOf } from './outcomes';
import { scoredObservation, type ScoredObservation } from './scored-observation';

export interface ForecastOptions {
  /** The last year that is known. */
  readonly from: number;
  /** Paths a person. */
  readonly paths: number;
  /** Each person's paths depend on the seed and the person alone, whoever else is forecast. */
  readonly seed: number;
  /** Education stays what it was last known to be; otherwise that of each later year is given, as CAREER has it. */
  readonly holdEducation?: boolean;
  /** Persons whose paths are sampled together. */
  readonly blockSize?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

/** What is foretold of a person in a later year. */
export interface ForecastYear {
  /** Scored against what came: its step counts from the last known observation, and so does its move. */
  readonly scored: ScoredObservation;
  /** [J] share of the paths that are in each occupation; sums to 1 */
  readonly shares: Float64Array;
  /** [J] the model's probability, averaged over paths: exact in the first year; not renormalised */
  readonly probabilities: Float64Array;
}

/** A person's forecast, a year an entry. */
export interface Forecast {
  readonly career: Career;
  readonly years: readonly ForecastYear[];
}

/** Paths that have been the same so far. */
interface Bundle {
  readonly history: readonly Observation[];
  readonly paths: number;
}

/** Queries whose distributions are held at a time. */
const BLOCK_QUERIES = 4096;

/**
 * The persons who can be forecast, by CAREER's rule: observed in the cut-off year or before it, and in the last year of
 * the data, so that nobody's later years are missing because the person was lost.
 */
export const forecastable = (careers: readonly Career[], from: number): readonly Career[] => {
  const last = careers.reduce((latest, { observations }) => Math.max(latest, observations.at(-1)?.year ?? 0), 0);
  return careers.filter(({ observations }) => {
    const [first, final] = [observations[0], observations.at(-1)];
    return first !== undefined && first.year <= from && final?.year === last && last > from;
  });
};

/**
 * Forecasts each career's years after `from`, as they come: the years are those in which the person was observed. All
 * queries of a year, of all persons of a block, are put to the model together, paths that are still the same as one.
 *
 * @throws EvaluationError for options that are none, a career without an observation up to `from`, or a distribution that
 *   has no mass to draw from; the signal's reason if aborted
 */
export async function* forecast(
  model: OccupationModel,
  careers: readonly Career[],
  options: ForecastOptions,
): AsyncGenerator<Forecast, void> {
  const { from, paths, blockSize = 64, onProgress, signal } = options;
  if (!(Number.isInteger(paths) && paths >= 1)) {
    throw new EvaluationError(`${paths} paths: give a whole number from 1.`, { paths });
  }
  for (let start = 0; start < careers.length; start += blockSize) {
    const walkers = careers.slice(start, start + blockSize).map((career) => new Walker(model, career, options));
    const years = [...new Set(walkers.flatMap(({ later }) => later.map(({ year }) => year)))].sort((a, b) => a - b);
    for (const year of years) {
      const walking = walkers.filter(({ next }) => next?.year === year);
      const queries = walking.flatMap((walker) => walker.queries());
      const taken = walking.flatMap((walker) => walker.take());
      for (let block = 0; block < queries.length; block += BLOCK_QUERIES) {
        signal?.throwIfAborted();
        const distributions = await model.distributions(queries.slice(block, block + BLOCK_QUERIES));
        distributions.forEach((distribution, index) => taken[block + index]?.(distribution));
        // a turn of the event loop, in which Ctrl-C can be heard
        await setImmediate();
      }
      for (const walker of walking) walker.arrive();
    }
    for (const { career, forecasts } of walkers) yield { career, years: forecasts };
    const done = Math.min(careers.length, start + blockSize);
    onProgress?.({ done, total: careers.length, unit: `persons, ${paths} paths each, from ${from} on` });
  }
}

/** One person's paths on their way. */
class Walker {
  /** The observations after the cut-off. */
  readonly later: readonly Observation[];
  readonly forecasts: ForecastYear[] = [];
  private readonly known: Observation;
  private readonly titles: readonly string[];
  private readonly random: Random;
  private bundles: readonly Bundle[];
  private grown: Bundle[] = [];
  private shares: Float64Array;
  private probabilities: Float64Array;
  private keptMass = 0;

  constructor(
    model: OccupationModel,
    readonly career: Career,
    private readonly options: ForecastOptions,
  ) {
    const { survey, person, observations } = career;
    const history = observations.filter(({ year }) => year <= options.from);
    const known = history.at(-1);
    if (known === undefined) {
      throw new EvaluationError(
        `Person "${person}" has no observation up to ${options.from} to forecast from: leave the person out, or ` +
          'forecast from a later year.',
        { person, from: options.from },
      );
    }
    this.known = known;
    this.later = observations.slice(history.length);
    this.titles = model.surveys[surveyPosition(model.surveys, survey)]?.titles ?? [];
    this.random = new Random(options.seed, crc32(JSON.stringify([survey, person])));
    this.bundles = [{ history, paths: options.paths }];
    this.shares = new Float64Array(this.titles.length);
    this.probabilities = new Float64Array(this.titles.length);
  }

  /** The observation that is forecast next. */
  get next(): Observation | undefined {
    return this.later[this.forecasts.length];
  }

  /** One query for the paths of each bundle. */
  queries(): readonly Query[] {
    const covariates = covariatesOf(this.career);
    const { year } = this.next as Observation;
    return this.bundles.map(({ history }) => ({ covariates, history, year, education: this.education }));
  }

  /** What takes each bundle's answer. */
  take(): readonly ((distribution: Distribution) => void)[] {
    return this.bundles.map((bundle) => (distribution) => this.walk(bundle, distribution));
  }

  /** Ends the year. */
  arrive(): void {
    const next = this.next as Observation;
    const { shares, probabilities, titles, keptMass } = this;
    const distribution = summaryOf(probabilities, titles, next.occupation, this.known.occupation);
    const logProbability = Math.log(probabilities[next.occupation] ?? NaN);
    this.forecasts.push({
      scored: scoredObservation(this.career, next, this.known, { logProbability, keptMass, distribution }),
      shares,
      probabilities,
    });
    this.bundles = this.grown;
    this.grown = [];
    this.shares = new Float64Array(titles.length);
    this.probabilities = new Float64Array(titles.length);
    this.keptMass = 0;
  }

  private get education(): string | undefined {
    return this.options.holdEducation ? this.known.education : this.next?.education;
  }

  /** Adds a bundle's distribution to the year's, and draws where each of its paths goes. */
  private walk({ history, paths }: Bundle, { logProbabilities, keptMass }: Distribution): void {
    const weight = paths / this.options.paths;
    const cumulative = new Float64Array(logProbabilities.length);
    let mass = 0;
    logProbabilities.forEach((logProbability, occupation) => {
      const probability = Math.exp(logProbability);
      (this.probabilities[occupation] as number) += weight * probability;
      cumulative[occupation] = mass += probability;
    });
    this.keptMass += weight * keptMass;
    const { year } = this.next as Observation;
    if (!(mass > 0)) {
      throw new EvaluationError(
        `The model puts a mass of ${mass} on the declared occupations of person "${this.career.person}" in ${year}: ` +
          'there is nothing to draw from.',
        { person: this.career.person, year, mass },
      );
    }
    const counts = new Map<number, number>();
    for (let path = 0; path < paths; path++) {
      const occupation = firstAbove(cumulative, mass * this.random.uniform());
      counts.set(occupation, (counts.get(occupation) ?? 0) + 1);
    }
    for (const [occupation, count] of [...counts].sort(([a], [b]) => a - b)) {
      (this.shares[occupation] as number) += count / this.options.paths;
      const became: Observation = {
        year,
        occupation: occupation as OccupationIndex,
        education: this.education,
        region: this.career.region,
        weight: 1,
      };
      this.grown.push({ history: [...history, became], paths: count });
    }
  }
}

/** The first place whose value is above a number; values ascend. */
const firstAbove = (ascending: Float64Array, number: number): number => {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) > number) high = middle;
    else low = middle + 1;
  }
  return low;
};
