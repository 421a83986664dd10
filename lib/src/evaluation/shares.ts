/**
 * Whether a model's predictions are representative: the share of each occupation that it predicts for a group of
 * observations, beside the share that came.
 *
 * Distributions come one by one and are added up, so that memory grows with groups times occupations and not with
 * observations. Intervals are by a bootstrap that needs no second look at the data: each cluster counts Poisson(1) times
 * in each resample, drawn from a hash of its id (Hanley and MacGibbon 2006; Chamandy et al. 2012, "Estimating uncertainty
 * for massive data streams").
 */
import { crc32 } from 'node:zlib';
import type { OccupationIndex } from '../careers';
import { Random } from '../support';
import { clusterKey, estimate, weightOf, type BootstrapOptions, type Estimate } from './bootstrap';
import { characteristics, compareNames } from './groups';
import type { ScoredObservation } from './scored-observation';

/** One occupation's shares in a group. */
export interface OccupationShare {
  /** What the group is of: `all`, or one of `characteristics`. */
  readonly characteristic: string;
  readonly group: string;
  readonly occupation: OccupationIndex;
  readonly predicted: number;
  readonly observed: number;
  /** Predicted minus observed, with its interval over persons. */
  readonly difference: Estimate;
}

/** How far a group's predicted shares are from those that came. */
export interface ShareDistance {
  readonly characteristic: string;
  readonly group: string;
  readonly observations: number;
  /** Half the sum of the absolute differences: the share of the group that is predicted into other occupations. */
  readonly distance: number;
  /** The distance that chance alone would show, were each expected share right: the mean over centred resamples. */
  readonly byChance: number | null;
}

/** Sums of one group. */
interface Cell {
  readonly characteristic: string;
  readonly group: string;
  observations: number;
  clusters: number;
  weight: number;
  /** [J] */
  readonly predicted: Float64Array;
  /** [J] */
  readonly observed: Float64Array;
  /** [resamples][J] predicted minus observed */
  readonly differences: readonly Float64Array[];
  /** [resamples] */
  readonly weights: Float64Array;
  /** What the cluster at hand has added, which the resamples still have to take: [J] predicted minus observed. */
  readonly pending: Float64Array;
  pendingWeight: number;
}

/** Adds up distributions, each observation's in all groups that it belongs to. */
export class ShareCollector {
  private readonly cells = new Map<string, Cell>();
  private cluster: string | undefined;
  private readonly resamples: number;

  /** @param options resamples are 200 by default: they take memory here */
  constructor(private readonly options: BootstrapOptions = {}) {
    this.resamples = options.resamples ?? 200;
  }

  /** @param probabilities [J], the same J each time; not renormalised */
  add(observation: ScoredObservation, probabilities: Float64Array): void {
    const cluster = clusterKey(observation);
    if (cluster !== this.cluster) this.settle();
    this.cluster = cluster;
    const weight = weightOf(observation, this.options.weighted);
    this.addTo(this.cell('all', 'all', probabilities.length), observation, probabilities, weight);
    for (const [characteristic, key] of Object.entries(characteristics)) {
      const cell = this.cell(characteristic, key(observation) as string, probabilities.length);
      this.addTo(cell, observation, probabilities, weight);
    }
  }

  /** Every occupation in every group, groups by name. */
  shares(): readonly OccupationShare[] {
    this.settle();
    return this.sorted().flatMap((cell) =>
      Array.from(cell.predicted, (predicted, occupation): OccupationShare => {
        const observed = cell.observed[occupation] as number;
        const replicates = cell.differences.map(
          (differences, resample) => (differences[occupation] as number) / (cell.weights[resample] as number),
        );
        return {
          characteristic: cell.characteristic,
          group: cell.group,
          occupation: occupation as OccupationIndex,
          predicted: predicted / cell.weight,
          observed: observed / cell.weight,
          difference: estimate((predicted - observed) / cell.weight, replicates, cell.clusters, this.options),
        };
      }),
    );
  }

  /** One distance a group. */
  distances(): readonly ShareDistance[] {
    this.settle();
    return this.sorted().map((cell) => {
      const difference = cell.predicted.map((predicted, j) => (predicted - (cell.observed[j] as number)) / cell.weight);
      const distances = cell.differences.flatMap((differences, resample) => {
        const weight = cell.weights[resample] as number;
        if (weight === 0) return []; // none of the group's clusters is in this resample
        return differences.reduce((sum, d, j) => sum + Math.abs(d / weight - (difference[j] as number)), 0) / 2;
      });
      const byChance = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
      return {
        characteristic: cell.characteristic,
        group: cell.group,
        observations: cell.observations,
        distance: difference.reduce((sum, d) => sum + Math.abs(d), 0) / 2,
        byChance: cell.clusters >= 2 && Number.isFinite(byChance) ? byChance : null,
      };
    });
  }

  private sorted(): readonly Cell[] {
    const order = ['all', ...Object.keys(characteristics)];
    return [...this.cells.values()]
      .filter(({ weight }) => weight > 0)
      .sort(
        (a, b) => order.indexOf(a.characteristic) - order.indexOf(b.characteristic) || compareNames(a.group, b.group),
      );
  }

  private cell(characteristic: string, group: string, J: number): Cell {
    const key = JSON.stringify([characteristic, group]);
    let cell = this.cells.get(key);
    if (cell === undefined) {
      cell = {
        characteristic,
        group,
        observations: 0,
        clusters: 0,
        weight: 0,
        predicted: new Float64Array(J),
        observed: new Float64Array(J),
        differences: Array.from({ length: this.resamples }, () => new Float64Array(J)),
        weights: new Float64Array(this.resamples),
        pending: new Float64Array(J),
        pendingWeight: 0,
      };
      this.cells.set(key, cell);
    }
    return cell;
  }

  private addTo(cell: Cell, { occupation }: ScoredObservation, probabilities: Float64Array, weight: number): void {
    cell.observations++;
    cell.weight += weight;
    cell.pendingWeight += weight;
    (cell.observed[occupation] as number) += weight;
    (cell.pending[occupation] as number) -= weight;
    for (let j = 0; j < probabilities.length; j++) {
      const predicted = weight * (probabilities[j] as number);
      (cell.predicted[j] as number) += predicted;
      (cell.pending[j] as number) += predicted;
    }
  }

  /** Lets the resamples take what the cluster at hand has added. */
  private settle(): void {
    if (this.cluster === undefined) return;
    const times = poissonTimes(this.cluster, this.resamples, this.options.seed ?? 1);
    for (const cell of this.cells.values()) {
      if (cell.pendingWeight === 0) continue;
      cell.clusters++;
      cell.differences.forEach((differences, resample) => {
        const often = times[resample] as number;
        if (often === 0) return;
        (cell.weights[resample] as number) += often * cell.pendingWeight;
        for (let j = 0; j < differences.length; j++) {
          (differences[j] as number) += often * (cell.pending[j] as number);
        }
      });
      cell.pending.fill(0);
      cell.pendingWeight = 0;
    }
    this.cluster = undefined;
  }
}

/** [resamples] draws from Poisson(1), by inversion, the same whenever a cluster comes. */
const poissonTimes = (cluster: string, resamples: number, seed: number): Uint8Array => {
  const random = new Random(seed, crc32(cluster));
  return Uint8Array.from({ length: resamples }, () => {
    const uniform = random.uniform();
    let times = 0;
    let term = Math.exp(-1);
    for (let sum = term; uniform >= sum && times < 20; sum += term) term /= ++times;
    return times;
  });
};
