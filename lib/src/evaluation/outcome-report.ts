/** The binary predictions that follow from the distributions: not working, in education, a move, each with its metrics. */
import {
  areaOfSorted,
  areaUnderCurve,
  calibrationBins,
  calibrationCurve,
  calibrationError,
  logLoss,
  observedShare,
  predictedShare,
  type CalibrationBin,
  type Case,
} from './binary';
import { clustersOf, estimate, resamples, weightOf, type BootstrapOptions, type Estimate } from './bootstrap';
import type { ScoredObservation } from './scored-observation';

/** What is said of one outcome; null where no case, or only one of both ends, is there. */
export interface OutcomeReport {
  /** A state's title, or `move`. */
  readonly outcome: string;
  /** Observations at which it could come: all for a state, all but the first ones for a move. */
  readonly cases: number;
  readonly observed: number | null;
  readonly predicted: number | null;
  /** With its interval over persons. */
  readonly auc: Estimate;
  readonly logLoss: number | null;
  /** exp of the log-loss: 2 of a coin that is thrown. */
  readonly perplexity: number | null;
  /** Expected calibration error. */
  readonly calibrationError: number | null;
  readonly calibration: readonly CalibratedBin[];
}

/** A bin of the calibration curve with the interval of its observed share over persons, the bin's cases being what they are. */
export interface CalibratedBin extends CalibrationBin {
  readonly interval: Estimate['interval'];
}

/** The names of the outcomes that the observations' distributions tell of, in their order. */
export const outcomesIn = (scored: readonly ScoredObservation[]): readonly string[] => [
  ...new Set(scored.flatMap(({ distribution }) => Object.keys(distribution?.outcomes ?? {}))),
];

/** One report an outcome. */
export const outcomeReports = (
  scored: readonly ScoredObservation[],
  options: BootstrapOptions = {},
): readonly OutcomeReport[] => outcomesIn(scored).map((outcome) => outcomeReport(scored, outcome, options));

const outcomeReport = (
  scored: readonly ScoredObservation[],
  outcome: string,
  options: BootstrapOptions,
): OutcomeReport => {
  const own = scored
    .filter(({ distribution }) => distribution?.outcomes[outcome] !== undefined)
    .map((observation) => ({ observation, ...probabilityOf(observation, outcome, options) }))
    .sort((a, b) => a.probability - b.probability);
  const loss = logLoss(own);
  const clusters = clustersOf(own.map(({ observation }) => observation));
  const members = calibrationBins(own.map((one, index) => ({ ...one, cluster: clusters.of[index] as number })));
  const areas: number[] = [];
  const shares = members.map((): number[] => []);
  for (const times of resamples(clusters.count, options)) {
    const weight = (index: number): number =>
      (times[clusters.of[index] as number] as number) * (own[index] as Case).weight;
    areas.push(areaOfSorted(own, weight) ?? NaN);
    members.forEach((bin, index) => shares[index]?.push(shareDrawn(bin, times)));
  }
  const calibration = calibrationCurve(own).map((bin, index) => {
    const persons = new Set(members[index]?.map(({ cluster }) => cluster)).size;
    return { ...bin, interval: estimate(bin.observed, shares[index] ?? [], persons, options).interval };
  });
  return {
    outcome,
    cases: own.length,
    observed: observedShare(own),
    predicted: predictedShare(own),
    auc: estimate(areaUnderCurve(own), areas, clusters.count, options),
    logLoss: loss,
    perplexity: loss === null ? null : Math.exp(loss),
    calibrationError: calibrationError(calibration),
    calibration,
  };
};

/** The share of a bin's cases in which the event came, each as often as its cluster is drawn; NaN where none is. */
const shareDrawn = (bin: readonly (Case & { readonly cluster: number })[], times: Uint32Array): number => {
  let came = 0;
  let all = 0;
  for (const { happened, weight, cluster } of bin) {
    const drawn = weight * (times[cluster] as number);
    all += drawn;
    if (happened) came += drawn;
  }
  return came / all;
};

const probabilityOf = (observation: ScoredObservation, outcome: string, { weighted }: BootstrapOptions): Case => {
  const { probability = NaN, happened = false } = observation.distribution?.outcomes[outcome] ?? {};
  return { probability, happened, weight: weightOf(observation, weighted) };
};

/**
 * Share of the observations whose occupation is among the model's k most probable ones; of those that are as probable
 * as it at the k-th place, as many count as would if they were drawn by lot. Null where no distribution was asked for.
 */
export const topAccuracy = (
  scored: readonly ScoredObservation[],
  k: number,
  { weighted }: BootstrapOptions = {},
): number | null => {
  let sum = 0;
  let total = 0;
  for (const observation of scored) {
    const { distribution } = observation;
    if (distribution === undefined) return null;
    const { above, tied } = distribution;
    const weight = weightOf(observation, weighted);
    sum += weight * Math.min(1, Math.max(0, (k - above) / tied));
    total += weight;
  }
  return total === 0 ? null : sum / total;
};
