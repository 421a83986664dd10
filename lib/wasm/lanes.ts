/** Four floats at a time: loads and stores that respect a row's end, sums, exp, the transpose of a 4 x 4 block. */

/** `left` floats, at most four of them; what is missing is `fill`. */
export function load4(from: usize, left: i32, fill: f32 = 0): v128 {
  if (left >= 4) return v128.load(from);
  let x = f32x4.replace_lane(f32x4.splat(fill), 0, load<f32>(from));
  if (left > 1) x = f32x4.replace_lane(x, 1, load<f32>(from, 4));
  if (left > 2) x = f32x4.replace_lane(x, 2, load<f32>(from, 8));
  return x;
}

/** Stores the first `left` floats of x, at most four. */
export function store4(to: usize, x: v128, left: i32): void {
  if (left >= 4) {
    v128.store(to, x);
    return;
  }
  store<f32>(to, f32x4.extract_lane(x, 0));
  if (left > 1) store<f32>(to, f32x4.extract_lane(x, 1), 4);
  if (left > 2) store<f32>(to, f32x4.extract_lane(x, 2), 8);
}

export function sum4(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

export function max4(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/** a · b + c, in one instruction of the processor where the module is compiled for engines that have it. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** exp to 2 ulp (Cephes, expf.c), as in lib/native/kernels.cc. NaN stays NaN. */
export function exp4(power: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(power, f32x4.splat(88)), f32x4.splat(-87));
  // adding 1.5 · 2^23 rounds to the nearest integer, and leaves it in the lowest bits
  const rounded = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(12582912));
  const n = f32x4.sub(rounded, f32x4.splat(12582912));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
  let p = multiplyAdd(f32x4.splat(1.98756915e-4), r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.mul(f32x4.mul(p, r), r), f32x4.add(r, f32x4.splat(1)));
  return f32x4.mul(p, i32x4.add(i32x4.shl(rounded, 23), i32x4.splat(127 << 23)));
}

export function sigmoid4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(x))));
}

/** The normal distribution's F(x) to 1e-7 (Abramowitz and Stegun 7.1.26), given e = exp(-x²/2). */
export function normalBelow4(x: v128, e: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(0.3275911 * 0.70710678), f32x4.abs(x))));
  let p = multiplyAdd(f32x4.splat(1.061405429), t, f32x4.splat(-1.453152027));
  p = multiplyAdd(p, t, f32x4.splat(1.421413741));
  p = multiplyAdd(p, t, f32x4.splat(-0.284496736));
  p = multiplyAdd(p, t, f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(p, t), e), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

/** Writes the transpose of a 4 x 4 block; rows lie `fromRow` and `toRow` floats apart. */
export function transpose4(from: usize, fromRow: i32, to: usize, toRow: i32): void {
  const step = (<usize>fromRow) << 2;
  const r0 = v128.load(from);
  const r1 = v128.load(from + step);
  const r2 = v128.load(from + 2 * step);
  const r3 = v128.load(from + 3 * step);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  const next = (<usize>toRow) << 2;
  v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(to + next, v128.shuffle<i64>(low01, low23, 1, 3));
  v128.store(to + 2 * next, v128.shuffle<i64>(high01, high23, 0, 2));
  v128.store(to + 3 * next, v128.shuffle<i64>(high01, high23, 1, 3));
}
