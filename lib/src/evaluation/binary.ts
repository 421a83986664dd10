/** How well probabilities of an event foretell it: discrimination, calibration, and the mean log-loss. */

/** A probability, whether the event came, and what the case counts. */
export interface Case {
  readonly probability: number;
  readonly happened: boolean;
  readonly weight: number;
}

const ascending = (cases: readonly Case[]): readonly Case[] => [...cases].sort((a, b) => a.probability - b.probability);

/**
 * Area under the receiver operating characteristic: the probability that a case in which the event came had the higher
 * probability than one in which it did not, half of the ties counted (Hanley and McNeil 1982). Null unless there are both.
 */
export const areaUnderCurve = (cases: readonly Case[]): number | null => {
  const sorted = ascending(cases);
  return areaOfSorted(sorted, (index) => sorted[index]?.weight ?? 0);
};

/**
 * The same of cases in ascending order of probability, whatever each counts: sorted once for all resamples.
 *
 * @param weight of the case of this index
 */
export const areaOfSorted = (sorted: readonly Case[], weight: (index: number) => number): number | null => {
  let below = 0; // weight of cases without the event, with a lower probability
  let came = 0;
  let area = 0;
  for (let start = 0; start < sorted.length;) {
    const { probability } = sorted[start] as Case;
    let tiedCame = 0;
    let tiedNot = 0;
    let end = start;
    for (; end < sorted.length && sorted[end]?.probability === probability; end++) {
      if (sorted[end]?.happened) tiedCame += weight(end);
      else tiedNot += weight(end);
    }
    area += tiedCame * (below + tiedNot / 2);
    below += tiedNot;
    came += tiedCame;
    start = end;
  }
  return came > 0 && below > 0 ? area / (came * below) : null;
};

/** Sum of weights, and the weighted mean of a value; null where nothing weighs. */
const mean = (cases: readonly Case[], value: (one: Case) => number): number | null => {
  let sum = 0;
  let total = 0;
  for (const one of cases) {
    if (one.weight === 0) continue; // 0 times Infinity would be no number
    sum += one.weight * value(one);
    total += one.weight;
  }
  return total === 0 ? null : sum / total;
};

/** Mean of -log(probability of what came), natural logarithm; infinite where the impossible came. */
export const logLoss = (cases: readonly Case[]): number | null =>
  mean(cases, ({ probability, happened }) => -Math.log(happened ? probability : 1 - probability));

/** Mean probability. */
export const predictedShare = (cases: readonly Case[]): number | null => mean(cases, ({ probability }) => probability);

/** Share of cases in which the event came. */
export const observedShare = (cases: readonly Case[]): number | null => mean(cases, ({ happened }) => Number(happened));

/** A point of a calibration curve. */
export interface CalibrationBin {
  readonly predicted: number;
  readonly observed: number;
  readonly cases: number;
  /** Share of all cases' weight. */
  readonly share: number;
}

/**
 * The cases in bins of as many (as much weight) each, by ascending probability. Cases of the same probability are in the
 * same bin, so that their order cannot matter; a bin may be empty and is then left out.
 */
export const calibrationBins = <One extends Case>(cases: readonly One[], bins = 10): readonly (readonly One[])[] => {
  const sorted = cases.filter(({ weight }) => weight > 0).sort((a, b) => a.probability - b.probability);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const members: One[][] = Array.from({ length: bins }, () => []);
  let before = 0;
  for (let start = 0; start < sorted.length;) {
    const { probability } = sorted[start] as One;
    let tied = 0;
    let end = start;
    for (; end < sorted.length && sorted[end]?.probability === probability; end++) tied += sorted[end]?.weight ?? 0;
    // the bin in which the middle of the tied cases falls
    const bin = Math.min(bins - 1, Math.floor((bins * (before + tied / 2)) / total));
    members[bin]?.push(...sorted.slice(start, end));
    before += tied;
    start = end;
  }
  return members.filter((own) => own.length > 0);
};

/** Predicted against observed share in `calibrationBins`. */
export const calibrationCurve = (cases: readonly Case[], bins = 10): readonly CalibrationBin[] => {
  const weightIn = (some: readonly Case[]): number => some.reduce((sum, { weight }) => sum + weight, 0);
  const total = weightIn(cases);
  return calibrationBins(cases, bins).map((own) => ({
    predicted: predictedShare(own) ?? NaN,
    observed: observedShare(own) ?? NaN,
    cases: own.length,
    share: weightIn(own) / total,
  }));
};

/**
 * Expected calibration error (Naeini, Cooper and Hauskrecht 2015, with bins of equal count): the mean distance between a
 * bin's predicted and observed share. Null where there is no case.
 */
export const calibrationError = (curve: readonly CalibrationBin[]): number | null =>
  curve.length === 0
    ? null
    : curve.reduce((sum, { predicted, observed, share }) => sum + share * Math.abs(predicted - observed), 0);
