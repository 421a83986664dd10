/**
 * Matrix products, blocked and packed as in Goto and van de Geijn (2008, "Anatomy of high-performance matrix
 * multiplication"): a block of A and a slice of B are copied into panels that lie in memory as the innermost loop reads
 * them, so that transposed matrices cost no more than others.
 */
import { multiplyAdd, transpose4 } from './lanes';

/** Rows and columns of C that the innermost loop keeps in registers. */
const MR: i32 = 4;
const NR: i32 = 8;
/** Depth of a panel, rows of A's block, columns of B's slice: the panels stay in the caches of first and second level. */
const KC: i32 = 256;
const MC: i32 = 128;
const NC: i32 = 1024;

/** Bytes of scratch memory that `product` needs. */
export const productScratch: i32 = (KC * MC + KC * NC + MR * NR) << 2;

/**
 * Copies a panel, `width` entries wide and `depth` deep, to [depth][width]; entries beyond `count` become 0.
 *
 * @param across floats from one entry to the next along the width
 * @param along  floats from one entry to the next along the depth
 */
function pack(from: usize, across: i32, along: i32, count: i32, width: i32, depth: i32, to: usize): void {
  if (count == width && across == 1) {
    for (let p = 0; p < depth; p++) {
      const source = from + ((<usize>(p * along)) << 2);
      const target = to + ((<usize>(p * width)) << 2);
      for (let i = 0; i < width; i += 4) {
        v128.store(target + ((<usize>i) << 2), v128.load(source + ((<usize>i) << 2)));
      }
    }
    return;
  }
  let done = 0;
  if (count == width && along == 1) {
    done = depth & ~3;
    for (let i = 0; i < width; i += 4) {
      for (let p = 0; p < done; p += 4) {
        transpose4(from + ((<usize>(i * across + p)) << 2), across, to + ((<usize>(p * width + i)) << 2), width);
      }
    }
  }
  for (let p = done; p < depth; p++) {
    for (let i = 0; i < width; i++) {
      const value = i < count ? load<f32>(from + ((<usize>(i * across + p * along)) << 2)) : 0;
      store<f32>(to + ((<usize>(p * width + i)) << 2), value);
    }
  }
}

/** Adds a panel of A times a panel of B to a tile of C (MR x NR), or sets it. */
function tile(depth: i32, a: usize, b: usize, c: usize, cRow: i32, add: bool): void {
  const row = (<usize>cRow) << 2;
  const c1 = c + row;
  const c2 = c1 + row;
  const c3 = c2 + row;
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  const end = a + ((<usize>(depth * MR)) << 2);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    s00 = multiplyAdd(a0, b0, s00);
    s01 = multiplyAdd(a0, b1, s01);
    const a1 = v128.load32_splat(a, 4);
    s10 = multiplyAdd(a1, b0, s10);
    s11 = multiplyAdd(a1, b1, s11);
    const a2 = v128.load32_splat(a, 8);
    s20 = multiplyAdd(a2, b0, s20);
    s21 = multiplyAdd(a2, b1, s21);
    const a3 = v128.load32_splat(a, 12);
    s30 = multiplyAdd(a3, b0, s30);
    s31 = multiplyAdd(a3, b1, s31);
    a += MR << 2;
    b += NR << 2;
  }
  if (add) {
    s00 = f32x4.add(s00, v128.load(c));
    s01 = f32x4.add(s01, v128.load(c, 16));
    s10 = f32x4.add(s10, v128.load(c1));
    s11 = f32x4.add(s11, v128.load(c1, 16));
    s20 = f32x4.add(s20, v128.load(c2));
    s21 = f32x4.add(s21, v128.load(c2, 16));
    s30 = f32x4.add(s30, v128.load(c3));
    s31 = f32x4.add(s31, v128.load(c3, 16));
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/**
 * C = A B, C row by row without gaps.
 *
 * @param m,n,k  C is [m, n], A [m, k], B [k, n]
 * @param aRow   floats from one row of A to the next; aColumn, bRow and bColumn likewise
 * @param scratch memory of `productScratch` bytes
 */
export function product(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  scratch: usize,
): void {
  const packedA = scratch;
  const packedB = packedA + ((KC * MC) << 2);
  const edge = packedB + ((KC * NC) << 2);
  for (let j0 = 0; j0 < n; j0 += NC) {
    const columns = min(NC, n - j0);
    for (let p0 = 0; p0 < k; p0 += KC) {
      const depth = min(KC, k - p0);
      for (let j = 0; j < columns; j += NR) {
        const from = b + ((<usize>(p0 * bRow + (j0 + j) * bColumn)) << 2);
        pack(from, bColumn, bRow, min(NR, columns - j), NR, depth, packedB + ((<usize>(j * depth)) << 2));
      }
      for (let i0 = 0; i0 < m; i0 += MC) {
        const rows = min(MC, m - i0);
        for (let i = 0; i < rows; i += MR) {
          const from = a + ((<usize>((i0 + i) * aRow + p0 * aColumn)) << 2);
          pack(from, aRow, aColumn, min(MR, rows - i), MR, depth, packedA + ((<usize>(i * depth)) << 2));
        }
        for (let j = 0; j < columns; j += NR) {
          const panelB = packedB + ((<usize>(j * depth)) << 2);
          const width = min(NR, columns - j);
          for (let i = 0; i < rows; i += MR) {
            const panelA = packedA + ((<usize>(i * depth)) << 2);
            const height = min(MR, rows - i);
            const to = c + ((<usize>((i0 + i) * n + j0 + j)) << 2);
            if (width == NR && height == MR) {
              tile(depth, panelA, panelB, to, n, p0 > 0);
              continue;
            }
            tile(depth, panelA, panelB, edge, NR, false);
            for (let r = 0; r < height; r++) {
              for (let s = 0; s < width; s++) {
                const target = to + ((<usize>(r * n + s)) << 2);
                const sum = load<f32>(edge + ((<usize>(r * NR + s)) << 2));
                store<f32>(target, p0 > 0 ? load<f32>(target) + sum : sum);
              }
            }
          }
        }
      }
    }
  }
}
