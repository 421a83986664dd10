/**
 * A fitted CAREER as the start of another: what both know is taken over, by title for occupations and by name for the
 * levels of covariates; the layers as they are. What is new to the base starts fresh.
 */
import { createHash } from 'node:crypto';
import type { NamedArray } from '../tensors';
import { loadCareer, type CareerModel } from './career';
import type { CareerCoding } from './career-coding';
import { covariateTable, type CareerNetwork } from './career-network';
import { CAREER_COVARIATES, type CareerSettings } from './career-settings';
import { ModelError } from './model-error';

/** What two networks must have in common for the layers of one to fit into the other. */
const SHAPE = [
  'width',
  'layers',
  'heads',
  'feedForward',
  'positions',
  'scaledEmbeddings',
  'specialSymbols',
  'tiedEmbeddings',
  'outputBias',
] as const satisfies readonly (keyof CareerSettings)[];

export interface CareerBase {
  readonly coding: CareerCoding;
  readonly arrays: readonly NamedArray[];
  /** SHA-256 of the weights. */
  readonly hash: string;
}

/**
 * Reads the base, whose shape must be that of `settings`.
 *
 * @throws ModelError where the folder holds no CAREER or one of another shape
 */
export const readCareerBase = async (folder: string, settings: CareerSettings): Promise<CareerBase> => {
  const model: CareerModel = await loadCareer(folder);
  const { network } = model;
  const arrays = network.parameters.toArrays();
  network.dispose();
  for (const key of SHAPE) {
    if (network.settings[key] === settings[key]) continue;
    throw new ModelError(
      `${folder}: the base's ${key} is ${network.settings[key]}, this fit's ${settings[key]}: give both the same.`,
      { folder, setting: key },
    );
  }
  const hash = createHash('sha256');
  for (const { data } of arrays) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return { coding: network.coding, arrays, hash: hash.digest('hex') };
};

/** Pairs of rows, of the base's table and of the new one's, that stand for the same. */
type Rows = readonly (readonly [from: number, to: number])[];

const sameNames = (from: readonly string[], to: readonly string[]): Rows =>
  to.flatMap((name, row) => (from.includes(name) ? [[from.indexOf(name), row] as const] : []));

const sameTitles = (
  from: CareerCoding,
  to: CareerCoding,
  place: (coding: CareerCoding, title: string) => number,
): Rows =>
  sameNames(from.tables.titles, to.tables.titles).map(([, row]) => {
    const title = to.tables.titles[row] as string;
    return [place(from, title), place(to, title)] as const;
  });

const firstRows = (count: number): Rows => Array.from({ length: count }, (_, row) => [row, row] as const);

/** Puts the base's weights into a fresh network, in place. */
export const startFromBase = (network: CareerNetwork, base: CareerBase): void => {
  const [from, to] = [base.coding, network.coding];
  const special = from.rowOf(from.tables.titles[0] as string);
  const outputRow = (coding: CareerCoding, title: string): number =>
    coding.outputs - coding.tables.titles.length + coding.tables.titles.indexOf(title);
  const outputs: Rows = [
    ...firstRows(from.outputs - from.tables.titles.length), // special symbols
    ...sameTitles(from, to, outputRow),
    [from.outputs, to.outputs], // staying
  ];
  const rowsOf = new Map<string, Rows>([
    ['occupations.weight', [...firstRows(special), ...sameTitles(from, to, (coding, title) => coding.rowOf(title))]],
    ['positions.weight', firstRows(Math.min(from.tables.positions, to.tables.positions))],
    ['output.weight', outputs],
    ['output.bias', outputs],
    ...CAREER_COVARIATES.map(
      (name) => [covariateTable(name), sameNames(from.tables.levels[name], to.tables.levels[name])] as const,
    ),
  ]);
  const known = new Map(base.arrays.map((array) => [array.name, array]));
  const fresh = network.parameters.toArrays();
  for (const { name, shape, data } of fresh) {
    const source = known.get(name);
    if (source === undefined) continue; // a covariate that the base does not have
    const width = shape.length > 1 ? (shape[1] as number) : 1;
    for (const [row, target] of rowsOf.get(name) ?? firstRows(shape[0] as number)) {
      data.set(source.data.subarray(row * width, (row + 1) * width), target * width);
    }
  }
  network.parameters.assign(fresh, 'base');
};
