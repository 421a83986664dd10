import { strict as assert } from 'node:assert';

/** Largest difference of two vectors, relative to the largest entry of the expected one. */
export const relativeError = (actual: ArrayLike<number>, expected: ArrayLike<number>): number => {
  assert.equal(actual.length, expected.length);
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs((actual[i] as number) - (expected[i] as number)));
    size = Math.max(size, Math.abs(expected[i] as number));
  }
  return size === 0 ? difference : difference / size;
};

/** Asserts that two vectors are alike to a tolerance, relative to the largest entry. */
export const assertClose = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = '',
): void => {
  const error = relativeError(actual, expected);
  assert.ok(error <= tolerance, `${what} differs by ${error}, more than ${tolerance} of the largest entry`);
};
