/** A decoder's weights with fewer bits: what large models are kept in. */
import type { LaborLlm } from '../models';
import type { NamedArray } from '../tensors';

export const precisions = ['float32', 'bfloat16', 'float16', 'int8', 'int4'] as const;

export type Precision = (typeof precisions)[number];

/** Bits that a weight takes. */
export const bitsOf: Readonly<Record<Precision, number>> = { float32: 32, bfloat16: 16, float16: 16, int8: 8, int4: 4 };

/** To the nearest number of `digits` binary digits, ties to the even one; steps are not smaller than `smallest`. */
const rounded = (x: number, digits: number, smallest: number, largest: number): number => {
  if (x === 0 || !Number.isFinite(x)) return x;
  const step = Math.max(smallest, 2 ** (Math.floor(Math.log2(Math.abs(x))) - digits + 1));
  const steps = x / step;
  const down = Math.floor(steps);
  const rest = steps - down;
  const whole = rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
  const value = whole * step;
  return Math.abs(value) > largest ? Math.sign(value) * Infinity : value;
};

/** Whole multiples of a row's largest entry over 2^(bits-1) - 1 ("absmax": Dettmers et al. 2022, arXiv 2208.07339, 2.1). */
const absmax = (row: Float32Array, bits: number): Float32Array => {
  const most = 2 ** (bits - 1) - 1;
  const scale = row.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) / most;
  return scale === 0 ? row : row.map((x) => Math.round(x / scale) * scale);
};

/** A tensor's values at a precision. Integers are for matrices, row by row; gains stay as they are. */
export const atPrecision = ({ data, shape, ...rest }: NamedArray, precision: Precision): NamedArray => {
  if (precision === 'float32') return { ...rest, shape, data };
  if (precision === 'bfloat16') return { ...rest, shape, data: data.map((x) => rounded(x, 8, 2 ** -133, 3.39e38)) };
  if (precision === 'float16') return { ...rest, shape, data: data.map((x) => rounded(x, 11, 2 ** -24, 65504)) };
  const width = shape[1];
  if (width === undefined) return { ...rest, shape, data };
  const result = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += width) {
    result.set(absmax(data.subarray(at, at + width), bitsOf[precision]), at);
  }
  return { ...rest, shape, data: result };
};

/** Runs something with a model's weights at a precision, and gives it its own back. */
export const withPrecision = async <Result>(
  { decoder }: LaborLlm,
  precision: Precision,
  run: () => Promise<Result>,
): Promise<Result> => {
  const own = decoder.parameters.toArrays();
  decoder.parameters.assign(
    own.map((array) => atPrecision(array, precision)),
    precision,
  );
  try {
    return await run();
  } finally {
    decoder.parameters.assign(own, 'the model');
  }
};
