/** Forecasts of many persons added up: what share of them is foretold to be in each occupation, by year. */
import type { Forecast } from './forecast';

/** All persons' forecasts of a year together: the share of paths in each occupation, beside the share of persons. */
export interface YearTotals {
  readonly year: number;
  readonly persons: number;
  /** [J] */
  readonly shares: Float64Array;
  /** [J] averaged over paths and persons */
  readonly probabilities: Float64Array;
  /** [J] */
  readonly observed: Float64Array;
}

/** Adds forecasts up by year, one by one, so that none needs to be kept. */
export class ForecastTotals {
  private readonly years = new Map<number, { persons: number; sums: readonly Float64Array[] }>();

  add({ years }: Forecast): void {
    for (const { scored, shares, probabilities } of years) {
      const total = this.years.get(scored.year) ?? {
        persons: 0,
        sums: [shares, probabilities, shares].map(({ length }) => new Float64Array(length)),
      };
      this.years.set(scored.year, total);
      total.persons++;
      const [ofShares, ofProbabilities, ofObserved] = total.sums as [Float64Array, Float64Array, Float64Array];
      shares.forEach((share, occupation) => ((ofShares[occupation] as number) += share));
      probabilities.forEach((probability, occupation) => ((ofProbabilities[occupation] as number) += probability));
      (ofObserved[scored.occupation] as number)++;
    }
  }

  /** By year. */
  totals(): readonly YearTotals[] {
    return [...this.years]
      .sort(([a], [b]) => a - b)
      .map(([year, { persons, sums }]) => {
        const [shares, probabilities, observed] = sums.map((sum) => sum.map((x) => x / persons)) as [
          Float64Array,
          Float64Array,
          Float64Array,
        ];
        return { year, persons, shares, probabilities, observed };
      });
  }
}
