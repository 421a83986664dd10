/** Two ways to be too sure: standard errors that take a person's rows for independent, and choosing on the test persons. */
import {
  clustersOf,
  estimate,
  perplexityEstimate,
  type BootstrapOptions,
  type Compared,
  type Estimate,
} from '../evaluation';
import { Random } from '../support';
import { StudyError } from './study-error';

/** The observations as if each were a person of its own. */
export const rowsAsPersons = (scored: readonly Compared[]): readonly Compared[] =>
  scored.map((one, index) => ({ ...one, cluster: `row ${index}` }));

/** [clusters] the positions of each cluster's observations */
const rowsByCluster = (scored: readonly Compared[]): readonly (readonly number[])[] => {
  const { of, count } = clustersOf(scored);
  const rows = Array.from({ length: count }, (): number[] => []);
  scored.forEach((_, index) => rows[of[index] as number]?.push(index));
  return rows;
};

export interface Coverage {
  /** Share of the samples whose 95 % interval holds the perplexity over everybody. */
  readonly byPerson: number;
  readonly byRow: number;
  /** Mean width of the intervals, in perplexity. */
  readonly widthByPerson: number;
  readonly widthByRow: number;
}

export interface CoverageOptions {
  /** Persons of a sample. */
  readonly persons: number;
  readonly samples: number;
  readonly seed: number;
}

/**
 * Draws small samples of persons from many, and counts how often the interval of each holds what is true of all.
 *
 * @throws StudyError where there are not twice as many persons as a sample has
 */
export const coverage = (scored: readonly Compared[], { persons, samples, seed }: CoverageOptions): Coverage => {
  const clusters = rowsByCluster(scored);
  if (clusters.length < 2 * persons) {
    throw new StudyError(`${clusters.length} persons are too few for samples of ${persons}: twice as many are needed.`);
  }
  const truth = perplexityEstimate(scored, { resamples: 2 }).value as number;
  const random = new Random(seed);
  const totals = { byPerson: 0, byRow: 0, widthByPerson: 0, widthByRow: 0 };
  for (let sample = 0; sample < samples; sample++) {
    const drawn = random.shuffle([...clusters]).slice(0, persons);
    const rows = drawn.flat().map((index) => scored[index] as Compared);
    const bootstrap = { resamples: 200, seed: seed + sample };
    const of = (one: readonly Compared[]): readonly [number, number] =>
      perplexityEstimate(one, bootstrap).interval ?? [NaN, NaN];
    const [byPerson, byRow] = [of(rows), of(rowsAsPersons(rows))];
    totals.byPerson += Number(byPerson[0] <= truth && truth <= byPerson[1]);
    totals.byRow += Number(byRow[0] <= truth && truth <= byRow[1]);
    totals.widthByPerson += byPerson[1] - byPerson[0];
    totals.widthByRow += byRow[1] - byRow[0];
  }
  const mean = (total: number): number => total / samples;
  return {
    byPerson: mean(totals.byPerson),
    byRow: mean(totals.byRow),
    widthByPerson: mean(totals.widthByPerson),
    widthByRow: mean(totals.widthByRow),
  };
};

export interface TuningOptimism {
  /** Persons on whom the best candidate was chosen. */
  readonly persons: number;
  /** Nats an observation by which the chosen one is below the candidates' mean: where it was chosen, and on the others. */
  readonly claimed: Estimate;
  readonly real: Estimate;
}

/**
 * Chooses the least perplexed of several candidates on a sample of persons, and looks at it on all others; over many
 * samples. Estimates are means over the samples, intervals hold 95 % of these.
 *
 * @param candidates [candidates][observations] answers on the same observations in the same order
 * @param sizes      how many persons choose
 * @throws StudyError where a sample leaves nobody to look at it on
 */
export const tuningOptimism = (
  candidates: readonly (readonly Compared[])[],
  sizes: readonly number[],
  samples: number,
  seed: number,
  options: BootstrapOptions = {},
): readonly TuningOptimism[] => {
  const clusters = rowsByCluster(candidates[0] ?? []);
  const tooMany = sizes.find((size) => size < 1 || size >= clusters.length);
  if (tooMany !== undefined) {
    throw new StudyError(
      `${tooMany} of ${clusters.length} persons cannot choose: somebody must be left to look at it on.`,
    );
  }
  // [candidates][clusters] sums of negative log-probabilities
  const losses = candidates.map((scored) =>
    clusters.map((rows) => rows.reduce((sum, row) => sum - (scored[row] as Compared).logProbability, 0)),
  );
  const counts = clusters.map((rows) => rows.length);
  const random = new Random(seed);
  return sizes.map((persons) => {
    const [claimed, real]: [number[], number[]] = [[], []];
    for (let sample = 0; sample < samples; sample++) {
      const order = random.shuffle(clusters.map((_, index) => index));
      const meanLosses = (part: readonly number[]): number[] => {
        const n = part.reduce((sum, cluster) => sum + (counts[cluster] as number), 0);
        return losses.map((loss) => part.reduce((sum, cluster) => sum + (loss[cluster] as number), 0) / n);
      };
      const [chosenOn, others] = [meanLosses(order.slice(0, persons)), meanLosses(order.slice(persons))];
      const best = chosenOn.indexOf(Math.min(...chosenOn));
      claimed.push(mean(chosenOn) - (chosenOn[best] as number));
      real.push(mean(others) - (others[best] as number));
    }
    const of = (gains: readonly number[]): Estimate => estimate(mean(gains), gains, samples, options);
    return { persons, claimed: of(claimed), real: of(real) };
  });
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
