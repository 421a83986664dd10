/** How much of its probability a decoder keeps on the declared titles, by how much of a career it has read. */
import type { ScoredObservation } from '../evaluation';

export interface KeptMass {
  /** Which observations of a career: `first`, `2nd and 3rd`, ... */
  readonly place: string;
  readonly observations: number;
  /** null where there is no such observation */
  readonly median: number | null;
  /** The tenth and the ninetieth percentile. */
  readonly range: readonly [low: number, high: number] | null;
}

/** The last observation of each place, counted from 1. */
const places = [
  { place: 'first', last: 1 },
  { place: '2nd and 3rd', last: 3 },
  { place: '4th to 8th', last: 8 },
  { place: 'later', last: Infinity },
] as const;

/** @param scored observations with their kept mass, those of a person in order; others are left out */
export const keptMassByPlace = (
  scored: readonly Pick<ScoredObservation, 'survey' | 'person' | 'keptMass'>[],
): readonly KeptMass[] => {
  const seen = new Map<string, number>();
  const masses = places.map((): number[] => []);
  for (const { survey, person, keptMass } of scored) {
    const key = JSON.stringify([survey, person]);
    const number = (seen.get(key) ?? 0) + 1;
    seen.set(key, number);
    if (keptMass !== undefined) masses[places.findIndex(({ last }) => number <= last)]?.push(keptMass);
  }
  return places.map(({ place }, p) => {
    const sorted = (masses[p] as number[]).sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
    const isKnown = sorted.length > 0;
    return {
      place,
      observations: sorted.length,
      median: isKnown ? at(0.5) : null,
      range: isKnown ? [at(0.1), at(0.9)] : null,
    };
  });
};
