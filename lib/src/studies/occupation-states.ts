/** Occupations as points: the decoder's state after a career that is nothing but them, and the plane that shows most of it. */
import type { Survey } from '../careers';
import type { LaborLlm, Query } from '../models';

/**
 * [occupations][C] the decoder's last hidden state at the end of `query`'s prompt, were each occupation in turn all that is
 * known of the past: in what way the model takes it to matter for the next.
 */
export const occupationStates = async (
  model: LaborLlm,
  query: Query,
  occupations: readonly number[],
): Promise<readonly Float32Array[]> => {
  const last = query.history.at(-1);
  const queries = occupations.map(
    (occupation): Query =>
      ({ ...query, history: last === undefined ? [] : [{ ...last, occupation }] }) as unknown as Query,
  );
  const states = await model.embeddings(queries);
  const C = states.length / queries.length;
  return queries.map((_, row) => states.subarray(row * C, (row + 1) * C));
};

/** The `count` occupations with most observations, the most frequent first. */
export const frequentOccupations = ({ occupations, careers }: Survey, count: number): readonly number[] => {
  const observed = new Float64Array(occupations.length);
  for (const { observations } of careers) {
    for (const { occupation } of observations) observed[occupation] = (observed[occupation] as number) + 1;
  }
  return occupations
    .map((_, j) => j)
    .filter((j) => (observed[j] as number) > 0)
    .sort((a, b) => (observed[b] as number) - (observed[a] as number))
    .slice(0, count);
};

export interface PrincipalPlane {
  /** [rows] each row's place on the first and the second component. */
  readonly points: readonly (readonly [first: number, second: number])[];
  /** Share of the rows' variance that each of the two has. */
  readonly variance: readonly [first: number, second: number];
}

const ITERATIONS = 300;

/**
 * The first two principal components (Pearson 1901), by power iteration on the rows' inner products: there are fewer rows
 * than columns.
 *
 * @param rows [N][C]
 */
export const principalPlane = (rows: readonly ArrayLike<number>[]): PrincipalPlane => {
  const C = rows[0]?.length ?? 0;
  const means = Array.from(
    { length: C },
    (_, c) => rows.reduce((sum, row) => sum + (row[c] as number), 0) / rows.length,
  );
  const centred = rows.map((row) => means.map((mean, c) => (row[c] as number) - mean));
  const products = centred.map((a) => centred.map((b) => dot(a, b))); // [N, N]
  const total = products.reduce((sum, row, n) => sum + (row[n] as number), 0);
  const first = leading(products, []);
  const second = leading(products, [first.vector]);
  const scale = [Math.sqrt(first.value), Math.sqrt(second.value)] as const;
  return {
    points: rows.map((_, n) => [scale[0] * (first.vector[n] as number), scale[1] * (second.vector[n] as number)]),
    variance: total > 0 ? [first.value / total, second.value / total] : [0, 0],
  };
};

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

/** The largest eigenvalue of a symmetric matrix, and its vector, at right angles to those that were found before. */
const leading = (matrix: readonly (readonly number[])[], before: readonly (readonly number[])[]) => {
  const unit = (vector: readonly number[]): readonly number[] => {
    const rest = before.reduce((v, other) => {
      const part = dot(v, other);
      return v.map((x, n) => x - part * (other[n] as number));
    }, vector);
    const length = Math.sqrt(dot(rest, rest));
    return length > 0 ? rest.map((x) => x / length) : rest;
  };
  let vector = unit(matrix.map((_, n) => Math.cos(n + 1))); // anything that is at right angles to nothing
  for (let i = 0; i < ITERATIONS; i++) vector = unit(matrix.map((row) => dot(row, vector)));
  const value = Math.max(
    0,
    dot(
      vector,
      matrix.map((row) => dot(row, vector)),
    ),
  );
  return { vector, value };
};
