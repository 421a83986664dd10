/**
 * What a survey of careers is, once read: plain read-only data that every room below works on.
 * The row contract it comes from is in the README, section "Your own survey".
 */
import type { MarketOrigin } from './market/origin';

/** `person_id` of the file. */
export type PersonId = string & { readonly brand: 'PersonId' };

/** Position of a title in the declared occupations of the survey it belongs to. */
export type OccupationIndex = number & { readonly brand: 'OccupationIndex' };

/** One row of the file: what a person did in a year. */
export interface Observation {
  readonly year: number;
  readonly occupation: OccupationIndex;
  /** Education in this very year, which models may know when they predict its occupation; undefined where missing. */
  readonly education: string | undefined;
  /** Region in this year. Models see only `Covariates.region`, that of the first observation. */
  readonly region: string | undefined;
  /** Survey weight; 1 where the file has no such column. */
  readonly weight: number;
}

/** What is known of a person besides the career itself; undefined where missing. */
export interface Covariates {
  /** Name of the survey, as the resume's first line has it; it also says which declared occupations apply. */
  readonly survey: string;
  readonly sex: string | undefined;
  readonly ethnicity: string | undefined;
  /** Region of the first observation: a later one would tell models of the future. */
  readonly region: string | undefined;
  readonly birthYear: number | undefined;
}

/** One person's observations, by year, with what is known of the person. */
export interface Career extends Covariates {
  readonly person: PersonId;
  /** `cluster_id` where the file has one, else the person: the unit of the split and of the bootstrap. */
  readonly cluster: string;
  readonly observations: readonly Observation[];
}

/** The titles that a survey may use, in the order that `OccupationIndex` counts. */
export interface DeclaredOccupations {
  readonly survey: string;
  readonly titles: readonly string[];
}

/** A survey file as read: careers and the occupations declared for them. */
export interface Survey {
  readonly name: string;
  readonly occupations: readonly string[];
  readonly careers: readonly Career[];
  /** Set where the survey was drawn from a synthetic market: what its oracle is rebuilt from. */
  readonly origin?: MarketOrigin;
}
