/**
 * Fits the parameters of both forms of the synthetic market to the counts beside this file, by the method of moments:
 * careers are drawn, their moments compared with the counts', and each parameter moved by the log ratio of its own
 * moment, again and again. Writes fitted.json and inner/fitted.json. From the project's folder:
 *
 *     npx tsx data/market/calibrate.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bandOf,
  readCounts,
  type Fitted,
  type FittedMarkets,
  type MarketCounts,
} from '../../lib/src/careers/market/counts';
import { UNEMPLOYED_SHARE } from '../../lib/src/careers/market/assumptions';
import { Market } from '../../lib/src/careers/market/market';
import { KINDS, marketOccupations, type MarketOccupations } from '../../lib/src/careers/market/occupations';
import { POPULATIONS } from '../../lib/src/careers/market/populations';
import { MARKET_FORMS, type MarketForm } from '../../lib/src/careers/market/settings';
import { Random } from '../../lib/src/support';

const FIELDS = 8;
const ROUNDS = 24;
const PERSONS = 8_000;
/** Observations that count for no change at all where a moment has few. */
const PRIOR = 20;
const LEVELS: Readonly<Record<MarketForm, number>> = { types: 3, distance: 12 };
/** Years in the occupation, from 0, by which each level of the market of types is fitted. */
const YEARS_OF_LEVEL = [
  [0, 1],
  [2, 5],
  [6, 14],
] as const;
const KNOWN_BANDS = 8;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? Mutable<U>[] : T[K] };

/** P(field | job), by EM on a symmetric mixture: P(from, to) = sum over fields of P(f) P(from | f) P(to | f). */
const fitFields = (counts: MarketCounts, { titles, kindOf, fromCounts }: MarketOccupations) => {
  const jobs = titles.filter((_, j) => kindOf[j] === KINDS.job).length;
  const pairs = counts.transitions
    .map(([from = 0, to = 0, n = 0]) => [fromCounts[from] as number, fromCounts[to] as number, n] as const)
    .filter(([from, to]) => from !== to && from < jobs && to < jobs);
  const random = new Random(1);
  let shares = new Array<number>(FIELDS).fill(1 / FIELDS);
  let within = shares.map(() => normalised(Array.from({ length: jobs }, () => 1 + random.uniform())));
  for (let round = 0; round < 300; round++) {
    const mass = new Array<number>(FIELDS).fill(0);
    // half a move to each job, spread evenly, keeps every job in every field
    const next = within.map(() => new Array<number>(jobs).fill(0.5 / FIELDS));
    for (const [from, to, n] of pairs) {
      const p = shares.map((share, f) => share * (within[f]?.[from] as number) * (within[f]?.[to] as number));
      const total = p.reduce((a, b) => a + b, 0);
      p.forEach((own, f) => {
        const part = (n * own) / total;
        mass[f] = (mass[f] as number) + part;
        const row = next[f] as number[];
        row[from] = (row[from] as number) + part;
        row[to] = (row[to] as number) + part;
      });
    }
    shares = normalised(mass);
    within = next.map(normalised);
  }
  const fields = within.map((row, f) =>
    row.map((own, j) => {
      const total = shares.reduce((sum, share, g) => sum + share * (within[g]?.[j] as number), 0);
      return ((shares[f] as number) * own) / total;
    }),
  );
  return { fields, fieldShares: shares };
};

const normalised = (row: readonly number[]): number[] => {
  const total = row.reduce((a, b) => a + b, 0);
  return row.map((value) => value / total);
};

const zeros = <T>(make: () => T, ...sizes: number[]): T[] => Array.from({ length: sizes[0] as number }, make);

const noFit = (counts: MarketCounts, occupations: MarketOccupations, form: MarketForm): Mutable<Fitted> => {
  const [S, E] = [counts.sexes.length, counts.educations.length];
  const cells = () => zeros(() => zeros(() => zeros(() => 0, KNOWN_BANDS), E), S);
  return {
    leaveLevel: zeros(() => zeros(() => -0.7, LEVELS[form]), 4),
    leaveCell: zeros(cells, 4),
    leaveOccupation: zeros(() => 0, occupations.titles.length),
    groupCell: zeros(cells, occupations.groups.length),
    column: zeros(() => 0, occupations.titles.length),
  };
};

/** Person-years, and those of them that are followed by leaving. */
class Rate {
  n = 0;
  left = 0;

  add(n: number, left: number): void {
    this.n += n;
    this.left += left;
  }
}

const table = <T>(make: () => T, size: number): T[] => Array.from({ length: size }, make);

/** The moments that are fitted, of the counts or of drawn careers. The two states without work are one. */
class MomentTable {
  /** kind (0 job, 1 not working, 2 in school), sex, education, band */
  readonly leavingCell: Rate[];
  readonly leavingKind = table(() => new Rate(), 3);
  /** kind, years in the occupation */
  readonly leavingYears = table(() => table(() => new Rate(), 15), 3);
  /** [J] */
  readonly leavingOccupation: Rate[];
  /** group, sex, education, band: person-years */
  readonly shares: Float64Array;
  /** sex, education, band: person-years */
  readonly persons: Float64Array;
  /** [J] person-years */
  readonly margins: Float64Array;

  constructor(
    private readonly S: number,
    private readonly E: number,
    groups: number,
    J: number,
  ) {
    this.leavingCell = table(() => new Rate(), 3 * this.cells);
    this.leavingOccupation = table(() => new Rate(), J);
    this.shares = new Float64Array(groups * this.cells);
    this.persons = new Float64Array(this.cells);
    this.margins = new Float64Array(J);
  }

  get cells(): number {
    return this.S * this.E * KNOWN_BANDS;
  }

  cell(sex: number, education: number, band: number): number {
    return (sex * this.E + education) * KNOWN_BANDS + Math.min(band, KNOWN_BANDS - 1);
  }
}

const momentsOfCounts = (counts: MarketCounts, occupations: MarketOccupations): MomentTable => {
  const { fromCounts, groupOf, groups, titles, notInLaborForce, unemployed } = occupations;
  const table = new MomentTable(counts.sexes.length, counts.educations.length, groups.length, titles.length);
  for (const [kind = 0, sex = 0, education = 0, band = 0, isLeft = 0, n = 0] of counts.leaving) {
    table.leavingCell[kind * table.cells + table.cell(sex, education, band)]?.add(n, isLeft * n);
  }
  for (const [kind = 0, years = 0, n = 0, left = 0] of counts.hazard) {
    table.leavingKind[kind]?.add(n, left);
    table.leavingYears[kind]?.[years - 1]?.add(n, left);
  }
  for (const [from = 0, to = 0, n = 0] of counts.transitions) {
    table.leavingOccupation[fromCounts[from] as number]?.add(n, from === to ? 0 : n);
  }
  const groupOfCounts = counts.titles.map(
    (_, i) => [counts.groupOf[i] as number, groupOf[fromCounts[i] as number] as number] as const,
  );
  const groupHere = new Map(groupOfCounts);
  const stateGroup = groupOf[notInLaborForce] as number;
  for (const [group = 0, sex = 0, education = 0, band = 0, n = 0] of counts.shares) {
    const cell = table.cell(sex, education, band);
    const own = groupHere.get(group) as number;
    const unemployedShare = own === stateGroup ? (UNEMPLOYED_SHARE[sex]?.[band] as number) : 0;
    const add = (to: number, amount: number) =>
      (table.shares[to * table.cells + cell] = (table.shares[to * table.cells + cell] as number) + amount);
    add(own, n * (1 - unemployedShare));
    if (unemployedShare > 0) add(groupOf[unemployed] as number, n * unemployedShare);
    table.persons[cell] = (table.persons[cell] as number) + n;
  }
  for (const [title = 0, , , , n = 0] of counts.margins) {
    table.margins[fromCounts[title] as number] = (table.margins[fromCounts[title] as number] as number) + n;
  }
  return table;
};

const momentsOfCareers = (
  market: Market,
  counts: MarketCounts,
  occupations: MarketOccupations,
  seed: number,
): MomentTable => {
  const { titles, groups, groupOf, kindOf, notInLaborForce, unemployed } = occupations;
  const table = new MomentTable(counts.sexes.length, counts.educations.length, groups.length, titles.length);
  const waves = new Set(POPULATIONS.nlsy97.waves);
  const merged = (occupation: number): number => (occupation === unemployed ? notInLaborForce : occupation);
  for (const { sex, birthYear, observations } of market.careers(seed, PERSONS)) {
    const sexCode = counts.sexes.indexOf(sex as string);
    let years = 0;
    observations.forEach(({ year, occupation, education }, t) => {
      const cell = table.cell(
        sexCode,
        counts.educations.indexOf(education as string),
        bandOf(counts, year - (birthYear as number)),
      );
      table.margins[merged(occupation)] = (table.margins[merged(occupation)] as number) + 1;
      if (waves.has(year)) {
        const at = (groupOf[occupation] as number) * table.cells + cell;
        table.shares[at] = (table.shares[at] as number) + 1;
        table.persons[cell] = (table.persons[cell] as number) + 1;
      }
      const before = observations[t - 1];
      if (before === undefined) return;
      const from = merged(before.occupation);
      const left = Number(merged(occupation) !== from);
      const kind = kindOf[from] === KINDS.job ? 0 : kindOf[from] === KINDS.inEducation ? 2 : 1;
      if (year <= 2011) table.leavingCell[kind * table.cells + cell]?.add(1, left);
      table.leavingKind[kind]?.add(1, left);
      table.leavingYears[kind]?.[Math.min(years, 14)]?.add(1, left);
      table.leavingOccupation[from]?.add(1, left);
      years = left === 1 ? 0 : years + 1;
    });
  }
  return table;
};

const logOdds = (n: number, left: number): number => Math.log((left + 0.5) / (n - left + 0.5));

/** By how much the log odds have to change, less where the counts are few. */
const oddsStep = (target: Rate, drawn: Rate): number =>
  drawn.n < 20 || target.n === 0
    ? 0
    : ((logOdds(target.n, target.left) - logOdds(drawn.n, drawn.left)) * target.n) / (target.n + PRIOR);

const merge = (rates: readonly Rate[]): Rate => {
  const sum = new Rate();
  for (const { n, left } of rates) sum.add(n, left);
  return sum;
};

const kindsOf = [[KINDS.job], [KINDS.unemployed, KINDS.notInLaborForce], [KINDS.inEducation]] as const;

const step = (
  fitted: Mutable<Fitted>,
  form: MarketForm,
  target: MomentTable,
  drawn: MomentTable,
  occupations: MarketOccupations,
  damping: number,
) => {
  const { groupOf, kindOf, groups, notInLaborForce, unemployed } = occupations;
  kindsOf.forEach((kinds, k) => {
    const levels =
      form === 'types'
        ? YEARS_OF_LEVEL
        : Array.from({ length: LEVELS.distance }, (_, i) => [i, i === 11 ? 14 : i] as const);
    levels.forEach(([from, to], level) => {
      // what years in education tell is told by age already
      const [a, b] = k === 2 ? [0, 14] : [from, to];
      const change = oddsStep(
        merge((target.leavingYears[k] as Rate[]).slice(a, b + 1)),
        merge((drawn.leavingYears[k] as Rate[]).slice(a, b + 1)),
      );
      for (const kind of kinds) {
        const row = fitted.leaveLevel[kind] as number[];
        row[level] = (row[level] as number) + damping * change;
      }
    });
    for (let i = 0; i < target.cells; i++) {
      const [band, education, sex] = [
        i % KNOWN_BANDS,
        Math.floor(i / KNOWN_BANDS) % 7,
        Math.floor(i / KNOWN_BANDS / 7),
      ];
      const change = oddsStep(
        target.leavingCell[k * target.cells + i] as Rate,
        drawn.leavingCell[k * target.cells + i] as Rate,
      );
      for (const kind of kinds) {
        const row = fitted.leaveCell[kind]?.[sex]?.[education] as number[];
        row[band] = clip((row[band] as number) + damping * change, 3);
      }
    }
  });
  fitted.leaveOccupation.forEach((_, j) => {
    if (kindOf[j] !== KINDS.job) return;
    const change = oddsStep(target.leavingOccupation[j] as Rate, drawn.leavingOccupation[j] as Rate);
    fitted.leaveOccupation[j] = clip((fitted.leaveOccupation[j] as number) + damping * change, 2);
  });
  for (let g = 0; g < groups.length; g++) {
    for (let i = 0; i < target.cells; i++) {
      const [band, education, sex] = [
        i % KNOWN_BANDS,
        Math.floor(i / KNOWN_BANDS) % 7,
        Math.floor(i / KNOWN_BANDS / 7),
      ];
      const [n, all] = [target.shares[g * target.cells + i] as number, target.persons[i] as number];
      const [own, allDrawn] = [drawn.shares[g * target.cells + i] as number, drawn.persons[i] as number];
      if (all < 10 || allDrawn < 50) continue;
      const ratio = (n + 0.5) / (all + 10) / ((own + 0.5) / (allDrawn + 10));
      const row = fitted.groupCell[g]?.[sex]?.[education] as number[];
      row[band] = clip((row[band] as number) + (damping * Math.log(ratio) * all) / (all + 100), 4);
    }
  }
  const [total, totalDrawn] = [target.margins, drawn.margins].map((m) => m.reduce((a, b) => a + b, 0)) as [
    number,
    number,
  ];
  fitted.column.forEach((_, j) => {
    if (j === notInLaborForce || j === unemployed || groupOf[j] === undefined || kindOf[j] !== KINDS.job) return;
    const [n, own] = [target.margins[j] as number, drawn.margins[j] as number];
    const ratio = (n + 2) / total / ((own + 2) / totalDrawn);
    fitted.column[j] = clip((fitted.column[j] as number) + (damping * Math.log(ratio) * n) / (n + PRIOR), 3);
  });
};

const clip = (value: number, most: number): number => Math.min(most, Math.max(-most, value));

/** Largest and mean distance of the moments, for the log. */
const misfit = (target: MomentTable, drawn: MomentTable): string => {
  const rate = ({ n, left }: Rate): number => left / Math.max(1, n);
  const years = [0, 1].map((k) =>
    (target.leavingYears[k] as Rate[]).map((r, i) => Math.abs(rate(r) - rate(drawn.leavingYears[k]?.[i] as Rate))),
  );
  const margin = target.margins.map((n, j) =>
    Math.abs(n / 135609 - (drawn.margins[j] as number) / drawn.margins.reduce((a, b) => a + b, 0)),
  );
  const kinds = target.leavingKind.map(
    (r, k) => `${rate(r).toFixed(3)}/${rate(drawn.leavingKind[k] as Rate).toFixed(3)}`,
  );
  return `leaving ${kinds.join(' ')}, hazard off ${years.map((y) => (y.reduce((a, b) => a + b) / 15).toFixed(3)).join(' ')}, margins off ${(margin.reduce((a, b) => a + b) / 2).toFixed(3)}`;
};

const rounded = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'number' ? Math.round(v * 1e4) / 1e4 : v))) as T;

const calibrate = (fold: 'train' | 'inner'): FittedMarkets => {
  const counts = readCounts(fold);
  const occupations = marketOccupations(counts);
  const target = momentsOfCounts(counts, occupations);
  const { fields, fieldShares } = fitFields(counts, occupations);
  const forms = { types: noFit(counts, occupations, 'types'), distance: noFit(counts, occupations, 'distance') };
  const population = {
    ...POPULATIONS.nlsy97,
    waves: Array.from({ length: 25 }, (_, i) => 1997 + i),
    missing: 0,
    attrition: 0,
  };
  for (const form of MARKET_FORMS) {
    for (let round = 0; round < ROUNDS; round++) {
      const market = new Market(population, { form, fold }, { fields, fieldShares, forms });
      const drawn = momentsOfCareers(market, counts, occupations, round);
      if (round % 5 === 0 || round === ROUNDS - 1) console.log(`${fold} ${form} ${round}: ${misfit(target, drawn)}`);
      step(forms[form], form, target, drawn, occupations, round < 16 ? 0.5 : 0.2);
    }
  }
  return rounded({ fields, fieldShares, forms });
};

for (const fold of ['train', 'inner'] as const) {
  const path = join(__dirname, ...(fold === 'inner' ? ['inner'] : []), 'fitted.json');
  writeFileSync(path, `${JSON.stringify(calibrate(fold))}\n`);
}
