/** Who is in a survey: shares of persons by what is known of them. */
import type { Career, Survey } from '../careers';
import { byLevel } from '../evaluation';

const EDUCATION = 'last education';

const CHARACTERISTICS: Readonly<Record<string, (career: Career) => string | undefined>> = {
  sex: ({ sex }) => sex,
  ethnicity: ({ ethnicity }) => ethnicity,
  region: ({ region }) => region,
  [EDUCATION]: ({ observations }) => observations.at(-1)?.education,
};

/** A row a value that occurs in any of the surveys, with the share of persons who have it, by the survey's name. */
export type DemographicRow = Readonly<Record<string, string | number>>;

/**
 * One row a characteristic and value, sorted by how often it occurs in all, education from the least to the most; a missing
 * value is called `missing`.
 */
export const demographics = (surveys: readonly Survey[]): readonly DemographicRow[] =>
  Object.entries(CHARACTERISTICS).flatMap(([characteristic, of]) => {
    const shares = surveys.map(({ careers }) => {
      const share = new Map<string, number>();
      for (const career of careers) {
        const value = of(career) ?? 'missing';
        share.set(value, (share.get(value) ?? 0) + 1 / careers.length);
      }
      return share;
    });
    const total = (value: string): number => shares.reduce((sum, share) => sum + (share.get(value) ?? 0), 0);
    const values = [...new Set(shares.flatMap((share) => [...share.keys()]))];
    return values
      .sort((a, b) => (characteristic === EDUCATION ? byLevel(a, b) : 0) || total(b) - total(a) || (a < b ? -1 : 1))
      .map((value) => ({
        characteristic,
        value,
        ...Object.fromEntries(surveys.map(({ name }, i) => [name, shares[i]?.get(value) ?? 0])),
      }));
  });
