/** The counts that a market is calibrated on, and the parameters fitted to them: data/market, whose README tells more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { projectFolder } from '../../support';
import { MarketError } from './market-error';
import type { MarketForm, MarketSettings } from './settings';

type Cells = readonly (readonly number[])[];

/** Counts over train persons of NLSY97. A cell is a list: positions in the lists of values, then the count. */
export interface MarketCounts {
  readonly source: string;
  readonly persons: number;
  /** Jobs, "In school" and "Not working", in alphabetical order. */
  readonly titles: readonly string[];
  readonly groups: readonly string[];
  /** [titles] */
  readonly groupOf: readonly number[];
  readonly sexes: readonly string[];
  readonly ethnicities: readonly string[];
  readonly regions: readonly string[];
  readonly educations: readonly string[];
  /** First age of each band. */
  readonly bands: readonly number[];
  /** from, to: one year later */
  readonly transitions: Cells;
  /** title, sex, education, ethnicity: person-years */
  readonly margins: Cells;
  /** age, sex, state (0 working, 1 not working, 2 in school): person-years */
  readonly states: Cells;
  /** kind (0 job, 1 not working, 2 in school), years in the occupation, person-years, of them followed by leaving it */
  readonly hazard: Cells;
  /** sex, ethnicity, region: persons */
  readonly covariates: Cells;
  /** age at the first row: persons */
  readonly entryAges: Cells;
  /** group, sex, education, band: rows */
  readonly shares: Cells;
  /** education before, education now, whether in school before, band now: one-year steps */
  readonly learning: Cells;
  /** kind before, sex, education now, band now, whether the occupation was left: one-year steps */
  readonly leaving: Cells;
}

/** The parameters of one form of market; logarithms of odds or of weights, 0 where they change nothing. */
export interface Fitted {
  /** [kinds][levels] log odds of leaving */
  readonly leaveLevel: readonly (readonly number[])[];
  /** [kinds][sexes][educations][bands] */
  readonly leaveCell: readonly (readonly (readonly (readonly number[])[])[])[];
  /** [J] */
  readonly leaveOccupation: readonly number[];
  /** [groups][sexes][educations][bands] log weights of destinations */
  readonly groupCell: readonly (readonly (readonly (readonly number[])[])[])[];
  /** [J] log weights of destinations */
  readonly column: readonly number[];
}

export interface FittedMarkets {
  /** [fields][jobs] P(field | job): the aggregate Markov model of moves between jobs */
  readonly fields: readonly (readonly number[])[];
  /** [fields] */
  readonly fieldShares: readonly number[];
  readonly forms: Readonly<Record<MarketForm, Fitted>>;
}

const folderOf = (fold: MarketSettings['fold']): string =>
  join(projectFolder, 'data', 'market', ...(fold === 'inner' ? ['inner'] : []));

const read = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new MarketError(
      `${path} cannot be read (${(error as Error).message}): the synthetic market is made from it. ` +
        'It is part of the project: get it from there again.',
      { path },
    );
  }
};

export const readCounts = (fold: MarketSettings['fold']): MarketCounts =>
  JSON.parse(gunzipSync(read(join(folderOf(fold), 'counts.json.gz'))).toString()) as MarketCounts;

export const readFitted = (fold: MarketSettings['fold']): FittedMarkets =>
  JSON.parse(read(join(folderOf(fold), 'fitted.json')).toString()) as FittedMarkets;

/** The band of an age: the last whose first age it has reached. */
export const bandOf = ({ bands }: Pick<MarketCounts, 'bands'>, age: number): number =>
  bands.filter((first) => age >= first).length - 1;
