/** How education rises: from the counts of one-year steps, by education, whether in education before, and age. */
import { bandOf, type MarketCounts } from './counts';

/** Log odds of rising, for each standard deviation of a field's education. */
const FIELD_SLOPE = 0.45;
/** Steps that the average of all ages counts for in each cell. */
const PRIOR = 20;
/** The first age with a row; everybody begins at the lowest education. */
const FIRST_AGE = 14;

export interface EducationProcess {
  /** P(education now) after `before`; `score` is the field's, in standard deviations. */
  next(now: number, before: number, wasInEducation: boolean, age: number, score: number): number;
  /** P(education) at an age, whatever came before. */
  first(education: number, age: number, score: number): number;
}

/** @param inEducationAt share of persons in education, by age */
export const educationProcess = (counts: MarketCounts, inEducationAt: (age: number) => number): EducationProcess => {
  const E = counts.educations.length;
  const B = counts.bands.length;
  const steps = new Float64Array(E * 2 * B);
  const rises = new Float64Array(E * 2 * B);
  const risesTo = Array.from({ length: E }, () => new Float64Array(E));
  for (const [before = 0, now = 0, inSchool = 0, band = 0, n = 0] of counts.learning) {
    const cell = (before * 2 + inSchool) * B + band;
    steps[cell] = (steps[cell] as number) + n;
    if (now === before) continue;
    rises[cell] = (rises[cell] as number) + n;
    const row = risesTo[before] as Float64Array;
    row[now] = (row[now] as number) + n;
  }
  const totals = risesTo.map(sum);
  const oddsOf = (before: number, inSchool: number, band: number): number => {
    const from = (before * 2 + inSchool) * B;
    const all = sum(rises.subarray(from, from + B)) / Math.max(1, sum(steps.subarray(from, from + B)));
    const share = ((rises[from + band] as number) + PRIOR * all) / ((steps[from + band] as number) + PRIOR);
    return share / (1 - share);
  };
  const odds = Float64Array.from({ length: E * 2 * B }, (_, i) =>
    oddsOf(Math.floor(i / (2 * B)), Math.floor(i / B) % 2, i % B),
  );

  const bandAt = Uint8Array.from({ length: 101 }, (_, age) => bandOf(counts, age));
  const next: EducationProcess['next'] = (now, before, wasInEducation, age, score) => {
    const total = totals[before] as number;
    if (now < before || total === 0) return Number(now === before);
    const band = bandAt[Math.min(age, bandAt.length - 1)] as number;
    const own = (odds[(before * 2 + Number(wasInEducation)) * B + band] as number) * Math.exp(FIELD_SLOPE * score);
    const rising = own / (1 + own);
    return now === before ? 1 - rising : (rising * (risesTo[before]?.[now] as number)) / total;
  };

  const tables = new Map<number, Float64Array[]>();
  /** [ages from FIRST_AGE][E], as if being in education were independent of the person. */
  const firstTable = (score: number): Float64Array[] => {
    const known = tables.get(score);
    if (known) return known;
    const ages = [Float64Array.from({ length: E }, (_, e) => Number(e === 0))];
    for (let age = FIRST_AGE + 1; age <= 100; age++) {
      const last = ages[ages.length - 1] as Float64Array;
      const inSchool = inEducationAt(age - 1);
      ages.push(
        last.map((_, now) =>
          last.reduce((total, mass, before) => {
            const p = (was: boolean): number => next(now, before, was, age, score);
            return total + mass * (inSchool * p(true) + (1 - inSchool) * p(false));
          }, 0),
        ),
      );
    }
    tables.set(score, ages);
    return ages;
  };
  return {
    next,
    first: (education, age, score) => {
      const table = firstTable(score);
      return table[Math.min(Math.max(age - FIRST_AGE, 0), table.length - 1)]?.[education] as number;
    },
  };
};

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
