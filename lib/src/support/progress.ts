/** How far something long has come. Rooms report it; where it is shown, and how, is not their business. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural: "persons". */
  readonly unit: string;
}

export type OnProgress = (progress: Progress) => void;
