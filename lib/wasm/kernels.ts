/**
 * The decoder's kernels for the wasm backend, in AssemblyScript: the counterpart of lib/native/kernels.cc, with matrix
 * products of its own, and with attention in the passes between them. They work in TensorFlow.js' own WebAssembly memory, on its tensors in place; tensors/wasm-kernels.ts
 * calls them. That memory is laid out by another program: nothing here may need static data or a heap.
 *
 * Each takes its inputs and outputs, and where it takes a list of inputs, the list's length.
 *
 * Shapes: N = B·T tokens, C width, F feed-forward width, B sequences, T positions, H query heads, G key/value heads,
 * D head width, V vocabulary.
 */
import { exp4, load4, max4, multiplyAdd, normalBelow4, sigmoid4, store4, sum4 } from './lanes';
import { product, productScratch } from './product';
import { Tensor, Tensors } from './tensor';

/** Given by the caller: Math.log. */
declare function log(x: f64): f64;

// ---- Matrix products of the last two dimensions ------------------------------------------------------------------------

/** Bytes that `scratch` must point to before a product is called. */
export const scratchBytes: i32 = productScratch;
export let scratch: usize = 0;

/** a b */
function plainProduct(inputs: Tensors, outputs: Tensors): void {
  const a = inputs.get(0);
  const b = inputs.get(1);
  const c = outputs.get(0);
  const m = a.rows;
  const k = a.columns;
  const n = b.columns;
  for (let i = 0; i < c.size / (m * n); i++) {
    product(m, n, k, a.at(i * m * k), k, 1, b.at(i * k * n), n, 1, c.at(i * m * n), scratch);
  }
}

/** aᵀ b */
function productOfTransposedA(inputs: Tensors, outputs: Tensors): void {
  const a = inputs.get(0);
  const b = inputs.get(1);
  const c = outputs.get(0);
  const m = a.columns;
  const k = a.rows;
  const n = b.columns;
  for (let i = 0; i < c.size / (m * n); i++) {
    product(m, n, k, a.at(i * m * k), 1, m, b.at(i * k * n), n, 1, c.at(i * m * n), scratch);
  }
}

/** a bᵀ */
function productOfTransposedB(inputs: Tensors, outputs: Tensors): void {
  const a = inputs.get(0);
  const b = inputs.get(1);
  const c = outputs.get(0);
  const m = a.rows;
  const k = a.columns;
  const n = b.rows;
  for (let i = 0; i < c.size / (m * n); i++) {
    product(m, n, k, a.at(i * m * k), k, 1, b.at(i * k * n), 1, k, c.at(i * m * n), scratch);
  }
}

// ---- RMSNorm: y = x · r · g, r = 1 / sqrt(mean(x²) + eps) --------------------------------------------------------------

function rmsNorm(inputs: Tensors, outputs: Tensors): void {
  const x = inputs.get(0);
  const gain = inputs.get(1);
  const eps = inputs.get(2).float(0);
  const y = outputs.get(0);
  const scale = outputs.get(1);
  const c = x.columns;
  for (let row = 0; row < x.rows; row++) {
    let squares = f32x4.splat(0);
    for (let i = 0; i < c; i += 4) {
      const value = load4(x.at(row * c + i), c - i);
      squares = f32x4.add(squares, f32x4.mul(value, value));
    }
    const r: f32 = 1 / sqrt<f32>(sum4(squares) / <f32>c + eps);
    store<f32>(scale.at(row), r);
    for (let i = 0; i < c; i += 4) {
      const value = f32x4.mul(load4(x.at(row * c + i), c - i), f32x4.splat(r));
      store4(y.at(row * c + i), f32x4.mul(value, load4(gain.at(i), c - i)), c - i);
    }
  }
}

function rmsNormGradient(inputs: Tensors, outputs: Tensors): void {
  const dy = inputs.get(0);
  const x = inputs.get(1);
  const gain = inputs.get(2);
  const scale = inputs.get(3);
  const dx = outputs.get(0);
  const dgain = outputs.get(1);
  const c = x.columns;
  memory.fill(dgain.data, 0, (<usize>c) << 2);
  for (let row = 0; row < x.rows; row++) {
    const r = scale.float(row);
    let products = f32x4.splat(0);
    for (let i = 0; i < c; i += 4) {
      const slope = f32x4.mul(load4(dy.at(row * c + i), c - i), load4(gain.at(i), c - i));
      products = f32x4.add(products, f32x4.mul(slope, load4(x.at(row * c + i), c - i)));
    }
    const along = f32x4.splat((sum4(products) * r * r) / <f32>c);
    for (let i = 0; i < c; i += 4) {
      const d = load4(dy.at(row * c + i), c - i);
      const value = load4(x.at(row * c + i), c - i);
      const slope = f32x4.sub(f32x4.mul(d, load4(gain.at(i), c - i)), f32x4.mul(value, along));
      store4(dx.at(row * c + i), f32x4.mul(slope, f32x4.splat(r)), c - i);
      const ofGain = f32x4.mul(f32x4.mul(d, value), f32x4.splat(r));
      store4(dgain.at(i), f32x4.add(load4(dgain.at(i), c - i), ofGain), c - i);
    }
  }
}

// ---- LayerNorm: y = (x - mean) · r · g + b, r = 1 / sqrt(variance + eps) ----------------------------------------------

function layerNorm(inputs: Tensors, outputs: Tensors): void {
  const x = inputs.get(0);
  const gain = inputs.get(1);
  const bias = inputs.get(2);
  const eps = inputs.get(3).float(0);
  const y = outputs.get(0);
  const means = outputs.get(1);
  const scale = outputs.get(2);
  const c = x.columns;
  for (let row = 0; row < x.rows; row++) {
    let sum = f32x4.splat(0);
    for (let i = 0; i < c; i += 4) sum = f32x4.add(sum, load4(x.at(row * c + i), c - i));
    const mean: f32 = sum4(sum) / <f32>c;
    const middle = f32x4.splat(mean);
    let squares = f32x4.splat(0);
    for (let i = 0; i < c; i += 4) {
      // what is behind the row's end counts as the mean
      const value = f32x4.sub(load4(x.at(row * c + i), c - i, mean), middle);
      squares = f32x4.add(squares, f32x4.mul(value, value));
    }
    const r: f32 = 1 / sqrt<f32>(sum4(squares) / <f32>c + eps);
    store<f32>(means.at(row), mean);
    store<f32>(scale.at(row), r);
    for (let i = 0; i < c; i += 4) {
      const value = f32x4.mul(f32x4.sub(load4(x.at(row * c + i), c - i), middle), f32x4.splat(r));
      store4(y.at(row * c + i), f32x4.add(f32x4.mul(value, load4(gain.at(i), c - i)), load4(bias.at(i), c - i)), c - i);
    }
  }
}

function layerNormGradient(inputs: Tensors, outputs: Tensors): void {
  const dy = inputs.get(0);
  const x = inputs.get(1);
  const gain = inputs.get(2);
  const means = inputs.get(3);
  const scale = inputs.get(4);
  const dx = outputs.get(0);
  const dgain = outputs.get(1);
  const dbias = outputs.get(2);
  const c = x.columns;
  memory.fill(dgain.data, 0, (<usize>c) << 2);
  memory.fill(dbias.data, 0, (<usize>c) << 2);
  for (let row = 0; row < x.rows; row++) {
    const middle = f32x4.splat(means.float(row));
    const r = scale.float(row);
    let slopes = f32x4.splat(0);
    let products = f32x4.splat(0);
    for (let i = 0; i < c; i += 4) {
      const slope = f32x4.mul(load4(dy.at(row * c + i), c - i), load4(gain.at(i), c - i));
      slopes = f32x4.add(slopes, slope);
      products = f32x4.add(products, f32x4.mul(slope, f32x4.sub(load4(x.at(row * c + i), c - i), middle)));
    }
    const mean = f32x4.splat(sum4(slopes) / <f32>c);
    const along = f32x4.splat((sum4(products) * r * r) / <f32>c);
    for (let i = 0; i < c; i += 4) {
      const d = load4(dy.at(row * c + i), c - i);
      const value = f32x4.sub(load4(x.at(row * c + i), c - i), middle);
      const slope = f32x4.sub(f32x4.mul(d, load4(gain.at(i), c - i)), f32x4.add(mean, f32x4.mul(value, along)));
      store4(dx.at(row * c + i), f32x4.mul(slope, f32x4.splat(r)), c - i);
      const ofGain = f32x4.mul(f32x4.mul(d, value), f32x4.splat(r));
      store4(dgain.at(i), f32x4.add(load4(dgain.at(i), c - i), ofGain), c - i);
      store4(dbias.at(i), f32x4.add(load4(dbias.at(i), c - i), d), c - i);
    }
  }
}

// ---- SwiGLU: y = gate · sigmoid(gate) · up ----------------------------------------------------------------------------

function swiglu(inputs: Tensors, outputs: Tensors): void {
  const gate = inputs.get(0);
  const up = inputs.get(1);
  const y = outputs.get(0);
  for (let i = 0; i < gate.size; i += 4) {
    const left = gate.size - i;
    const a = load4(gate.at(i), left);
    store4(y.at(i), f32x4.mul(f32x4.mul(a, sigmoid4(a)), load4(up.at(i), left)), left);
  }
}

function swigluGradient(inputs: Tensors, outputs: Tensors): void {
  const dy = inputs.get(0);
  const gate = inputs.get(1);
  const up = inputs.get(2);
  const dgate = outputs.get(0);
  const dup = outputs.get(1);
  for (let i = 0; i < gate.size; i += 4) {
    const left = gate.size - i;
    const d = load4(dy.at(i), left);
    const a = load4(gate.at(i), left);
    const s = sigmoid4(a);
    const silu = f32x4.mul(a, s);
    const slope = f32x4.add(s, f32x4.mul(silu, f32x4.sub(f32x4.splat(1), s)));
    store4(dgate.at(i), f32x4.mul(f32x4.mul(d, load4(up.at(i), left)), slope), left);
    store4(dup.at(i), f32x4.mul(d, silu), left);
  }
}

// ---- GELU: y = x · F(x), F the normal distribution's -------------------------------------------------------------------

function gelu(inputs: Tensors, outputs: Tensors): void {
  const x = inputs.get(0);
  const y = outputs.get(0);
  for (let i = 0; i < x.size; i += 4) {
    const left = x.size - i;
    const value = load4(x.at(i), left);
    store4(y.at(i), f32x4.mul(value, normalBelow4(value, exp4(halfSquare4(value)))), left);
  }
}

function geluGradient(inputs: Tensors, outputs: Tensors): void {
  const dy = inputs.get(0);
  const x = inputs.get(1);
  const dx = outputs.get(0);
  for (let i = 0; i < x.size; i += 4) {
    const left = x.size - i;
    const value = load4(x.at(i), left);
    const e = exp4(halfSquare4(value));
    const density = f32x4.mul(e, f32x4.splat(0.39894228));
    const slope = f32x4.add(normalBelow4(value, e), f32x4.mul(value, density));
    store4(dx.at(i), f32x4.mul(load4(dy.at(i), left), slope), left);
  }
}

/** -x² / 2 */
function halfSquare4(x: v128): v128 {
  return f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5));
}

// ---- Attention's passes ----------------------------------------------------------------------------------------------

/**
 * Turns a head by its position, times a factor: direction 1 forth, -1 back, and 0 not at all.
 *
 * @param cos,sin addresses of the position's [D] cosines and sines
 */
function turn(from: usize, to: usize, D: i32, cos: usize, sin: usize, direction: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  if (direction == 0) {
    for (let i = 0; i < D; i += 4) {
      const at = (<usize>i) << 2;
      store4(to + at, f32x4.mul(load4(from + at, D - i), f), D - i);
    }
    return;
  }
  const half = D >> 1;
  const sign = f32x4.splat(<f32>direction);
  for (let i = 0; i < half; i += 4) {
    const left = half - i;
    const low = (<usize>i) << 2;
    const high = (<usize>(i + half)) << 2;
    const x = load4(from + low, left);
    const y = load4(from + high, left);
    const c = load4(cos + low, left);
    const s = f32x4.mul(load4(sin + low, left), sign);
    store4(to + low, f32x4.mul(f32x4.sub(f32x4.mul(x, c), f32x4.mul(y, s)), f), left);
    store4(to + high, f32x4.mul(f32x4.add(f32x4.mul(y, c), f32x4.mul(x, s)), f), left);
  }
}

/** The sizes that toHeads and fromHeads are given, as they lie in their tensor. */
@unmanaged
class HeadSizes {
  B: i32;
  T: i32;
  H: i32;
  G: i32;
  D: i32;

  /** Where a token begins in [B·T, G·D]. */
  token(b: i32, t: i32): i32 {
    return (b * this.T + t) * this.G * this.D;
  }

  /** Where a head of a token begins in [B, H, T, D]. */
  head(b: i32, h: i32, t: i32): i32 {
    return ((b * this.H + h) * this.T + t) * this.D;
  }
}

/**
 * [B·T, G·D] to [B, H, T, D], turned by rotary positions where cos and sin are given, times a factor; every one of the
 * G heads stands H/G times in a row.
 */
function toHeads(inputs: Tensors, outputs: Tensors): void {
  const x = inputs.get(0);
  const cos = inputs.get(1);
  const sin = inputs.get(2);
  const sizes = changetype<HeadSizes>(inputs.get(3).data);
  const factor = inputs.get(4).float(0);
  const y = outputs.get(0);
  const direction = cos.size > 0 ? 1 : 0;
  const group = sizes.H / sizes.G;
  for (let b = 0; b < sizes.B; b++) {
    for (let t = 0; t < sizes.T; t++) {
      for (let h = 0; h < sizes.H; h++) {
        const from = x.at(sizes.token(b, t) + (h / group) * sizes.D);
        turn(from, y.at(sizes.head(b, h, t)), sizes.D, cos.at(t * sizes.D), sin.at(t * sizes.D), direction, factor);
      }
    }
  }
}

/** The transpose of toHeads: [B, H, T, D] back to [B·T, G·D]. The heads of a group are added up in x, in its first. */
function fromHeads(inputs: Tensors, outputs: Tensors): void {
  const x = inputs.get(0);
  const cos = inputs.get(1);
  const sin = inputs.get(2);
  const sizes = changetype<HeadSizes>(inputs.get(3).data);
  const factor = inputs.get(4).float(0);
  const y = outputs.get(0);
  const direction = cos.size > 0 ? -1 : 0;
  const group = sizes.H / sizes.G;
  const D = sizes.D;
  for (let b = 0; b < sizes.B; b++) {
    for (let t = 0; t < sizes.T; t++) {
      for (let g = 0; g < sizes.G; g++) {
        const first = x.at(sizes.head(b, g * group, t));
        for (let h = 1; h < group; h++) {
          const next = first + ((<usize>(h * sizes.T * D)) << 2);
          for (let i = 0; i < D; i += 4) {
            const at = (<usize>i) << 2;
            store4(first + at, f32x4.add(load4(first + at, D - i), load4(next + at, D - i)), D - i);
          }
        }
        turn(first, y.at(sizes.token(b, t) + g * D), D, cos.at(t * D), sin.at(t * D), direction, factor);
      }
    }
  }
}

/** Replaces n scores by their exponentials, shifted, and gives their sum. */
function exponentials(x: usize, n: i32, shift: v128): f32 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < n; i += 4) {
    const at = x + ((<usize>i) << 2);
    const e = exp4(f32x4.sub(load4(at, n - i, -Infinity), shift));
    // behind the end stands exp(-87), which is 0 beside any sum
    sum = f32x4.add(sum, e);
    store4(at, e, n - i);
  }
  return sum4(sum);
}

/** Multiplies n entries by a factor. */
function scale(x: usize, n: i32, factor: v128): void {
  for (let i = 0; i < n; i += 4) {
    const at = x + ((<usize>i) << 2);
    store4(at, f32x4.mul(load4(at, n - i), factor), n - i);
  }
}

/** Softmax over the positions up to one's own, 0 behind: scores [B, H, T, T], in place. */
function causalSoftmax(inputs: Tensors): void {
  const scores = inputs.get(0);
  const T = scores.columns;
  for (let row = 0; row < scores.size / T; row++) {
    const x = scores.at(row * T);
    const seen = (row % T) + 1;
    let top = f32x4.splat(-Infinity);
    for (let i = 0; i < seen; i += 4) top = f32x4.pmax(top, load4(x + ((<usize>i) << 2), seen - i, -Infinity));
    scale(x, seen, f32x4.splat(1 / exponentials(x, seen, f32x4.splat(max4(top)))));
    memory.fill(x + ((<usize>seen) << 2), 0, (<usize>(T - seen)) << 2);
  }
}

/** d scores = w · (dw - sum(w · dw)), in place of dw. */
function causalSoftmaxGradient(inputs: Tensors): void {
  const dweights = inputs.get(0);
  const weights = inputs.get(1);
  const T = weights.columns;
  for (let row = 0; row < weights.size / T; row++) {
    const d = dweights.at(row * T);
    const w = weights.at(row * T);
    const seen = (row % T) + 1;
    let products = f32x4.splat(0);
    for (let i = 0; i < seen; i += 4) {
      const at = (<usize>i) << 2;
      products = f32x4.add(products, f32x4.mul(load4(w + at, seen - i), load4(d + at, seen - i)));
    }
    const along = f32x4.splat(sum4(products));
    for (let i = 0; i < seen; i += 4) {
      const at = (<usize>i) << 2;
      const slope = f32x4.mul(load4(w + at, seen - i), f32x4.sub(load4(d + at, seen - i), along));
      store4(d + at, slope, seen - i);
    }
    memory.fill(d + ((<usize>seen) << 2), 0, (<usize>(T - seen)) << 2);
  }
}

// ---- Attention of branches behind a prefix -----------------------------------------------------------------------------

/** q·k over D entries. */
function dot(q: usize, k: usize, D: i32): f32 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < D; i += 4) {
    const at = (<usize>i) << 2;
    sum = multiplyAdd(load4(q + at, D - i), load4(k + at, D - i), sum);
  }
  return sum4(sum);
}

/**
 * Softmax of the last N of M nodes over the first `lengths` positions of the prefix and the nodes on their path, a node
 * itself first: scores of the prefix [H, N, T] in place, 0 behind a length; gives [H, N, P], 0 behind a path's end.
 * Further inputs: q [H, N, D] scaled, keys [H, M, D], parents [M], -1 behind the prefix, lengths [N].
 */
function treeSoftmax(inputs: Tensors, outputs: Tensors): void {
  const scores = inputs.get(0);
  const q = inputs.get(1);
  const keys = inputs.get(2);
  const parents = inputs.get(3);
  const lengths = inputs.get(4);
  const path = outputs.get(0);
  const N = scores.rows;
  const T = scores.columns;
  const M = keys.rows;
  const D = q.columns;
  const P = path.columns;
  for (let row = 0; row < scores.size / T; row++) {
    const head = row / N;
    const n = row % N;
    const x = scores.at(row * T);
    const onPath = path.at(row * P);
    const seen = lengths.int(n);
    let tops = f32x4.splat(-Infinity);
    for (let i = 0; i < seen; i += 4) tops = f32x4.pmax(tops, load4(x + ((<usize>i) << 2), seen - i, -Infinity));
    let top = max4(tops);
    let depth = 0;
    for (let node = M - N + n; node >= 0; node = parents.int(node)) {
      const score = dot(q.at(row * D), keys.at((head * M + node) * D), D);
      store<f32>(onPath + ((<usize>depth) << 2), score);
      depth++;
      top = max(top, score);
    }
    memory.fill(onPath + ((<usize>depth) << 2), 0, (<usize>(P - depth)) << 2);
    const shift = f32x4.splat(top);
    const inverse = f32x4.splat(1 / (exponentials(x, seen, shift) + exponentials(onPath, depth, shift)));
    scale(x, seen, inverse);
    scale(onPath, depth, inverse);
    memory.fill(x + ((<usize>seen) << 2), 0, (<usize>(T - seen)) << 2);
  }
}

/** What the prefix gives, [H, N, D], and the values [H, M, D] along the path, times their weights [H, N, P]: [N, H·D]. */
function treeMix(inputs: Tensors, outputs: Tensors): void {
  const mixed = inputs.get(0);
  const path = inputs.get(1);
  const values = inputs.get(2);
  const parents = inputs.get(3);
  const y = outputs.get(0);
  const N = mixed.rows;
  const D = mixed.columns;
  const M = values.rows;
  const P = path.columns;
  const H = mixed.size / (N * D);
  for (let row = 0; row < H * N; row++) {
    const head = row / N;
    const n = row % N;
    const to = y.at(n * H * D + head * D);
    memory.copy(to, mixed.at(row * D), (<usize>D) << 2);
    let depth = 0;
    for (let node = M - N + n; node >= 0; node = parents.int(node)) {
      const weight = f32x4.splat(path.float(row * P + depth));
      depth++;
      const value = values.at((head * M + node) * D);
      for (let i = 0; i < D; i += 4) {
        const at = (<usize>i) << 2;
        store4(to + at, multiplyAdd(weight, load4(value + at, D - i), load4(to + at, D - i)), D - i);
      }
    }
  }
}

// ---- Dropout and the residual sum --------------------------------------------------------------------------------------

/** A well-mixed word of a counter: lowbias32 of Chris Wellons' hash-prospector, as in kernels.cc. */
function mixed(word: v128): v128 {
  let x = v128.xor(word, i32x4.shr_u(word, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** y = residual + x · mask, without the residual where its address is 0; settings: seed, rate in units of 2^-31. */
function drop(x: Tensor, residual: usize, settings: Tensor, y: Tensor): void {
  const start = mixed(i32x4.splat(settings.int(0)));
  const threshold = (<u32>settings.int(1)) << 1;
  const kept = f32x4.splat(<f32>(1 / (1 - <f64>threshold / 4294967296)));
  let counter = i32x4.add(start, i32x4(0, 1, 2, 3));
  for (let i = 0; i < x.size; i += 4) {
    const left = x.size - i;
    const isKept = i32x4.ge_u(mixed(counter), i32x4.splat(threshold));
    let value = v128.and(f32x4.mul(load4(x.at(i), left), kept), isKept);
    if (residual != 0) value = f32x4.add(load4(residual + ((<usize>i) << 2), left), value);
    store4(y.at(i), value, left);
    counter = i32x4.add(counter, i32x4.splat(4));
  }
}

function dropout(inputs: Tensors, outputs: Tensors): void {
  drop(inputs.get(0), 0, inputs.get(1), outputs.get(0));
}

function addDropout(inputs: Tensors, outputs: Tensors): void {
  drop(inputs.get(1), inputs.get(0).data, inputs.get(2), outputs.get(0));
}

// ---- Cross-entropy ---------------------------------------------------------------------------------------------------

/** Negative log-probability of each row's target, and the row's log of summed exponentials, which the gradient needs. */
function crossEntropy(inputs: Tensors, outputs: Tensors): void {
  const logits = inputs.get(0);
  const targets = inputs.get(1);
  const loss = outputs.get(0);
  const total = outputs.get(1);
  const v = logits.columns;
  for (let row = 0; row < logits.rows; row++) {
    let tops = f32x4.splat(-Infinity);
    for (let i = 0; i < v; i += 4) tops = f32x4.pmax(tops, load4(logits.at(row * v + i), v - i, -Infinity));
    const top = max4(tops);
    let sum = f32x4.splat(0);
    for (let i = 0; i < v; i += 4) {
      sum = f32x4.add(sum, exp4(f32x4.sub(load4(logits.at(row * v + i), v - i, -Infinity), f32x4.splat(top))));
    }
    const logSum = top + <f32>log(sum4(sum));
    store<f32>(total.at(row), logSum);
    store<f32>(loss.at(row), logSum - logits.float(row * v + targets.int(row)));
  }
}

/** (softmax - one-hot) times a factor for each row */
function crossEntropyGradient(inputs: Tensors, outputs: Tensors): void {
  const logits = inputs.get(0);
  const targets = inputs.get(1);
  const total = inputs.get(2);
  const factors = inputs.get(3);
  const dlogits = outputs.get(0);
  const v = logits.columns;
  for (let row = 0; row < logits.rows; row++) {
    const factor = factors.float(row);
    if (factor == 0) {
      memory.fill(dlogits.at(row * v), 0, (<usize>v) << 2);
      continue;
    }
    const shift = f32x4.splat(total.float(row));
    for (let i = 0; i < v; i += 4) {
      const e = exp4(f32x4.sub(load4(logits.at(row * v + i), v - i), shift));
      store4(dlogits.at(row * v + i), f32x4.mul(e, f32x4.splat(factor)), v - i);
    }
    const target = row * v + targets.int(row);
    store<f32>(dlogits.at(target), dlogits.float(target) - factor);
  }
}

// ---- The optimizer ---------------------------------------------------------------------------------------------------

/**
 * One step of AdamW over all parameters, in place of parameters and moments. Inputs: K parameters, K first moments,
 * K second moments, K gradients, then [beta1, beta2, epsilon, step size, 1 / sqrt(1 - beta2^t), gradients' factor] and
 * [K] what each parameter is multiplied by for its decay.
 */
function adamW(inputs: Tensors, outputs: Tensors, K: i32): void {
  const settings = inputs.get(4 * K);
  const decays = inputs.get(4 * K + 1);
  const beta1 = f32x4.splat(settings.float(0));
  const beta2 = f32x4.splat(settings.float(1));
  const epsilon = f32x4.splat(settings.float(2));
  const rate = f32x4.splat(settings.float(3));
  const correction = f32x4.splat(settings.float(4));
  const factor = f32x4.splat(settings.float(5));
  const rest1 = f32x4.sub(f32x4.splat(1), beta1);
  const rest2 = f32x4.sub(f32x4.splat(1), beta2);
  for (let tensor = 0; tensor < K; tensor++) {
    const p = inputs.get(tensor);
    const first = inputs.get(K + tensor);
    const second = inputs.get(2 * K + tensor);
    const gradient = inputs.get(3 * K + tensor);
    const decay = f32x4.splat(decays.float(tensor));
    for (let i = 0; i < p.size; i += 4) {
      const left = p.size - i;
      const g = f32x4.mul(load4(gradient.at(i), left), factor);
      const m = f32x4.add(f32x4.mul(beta1, load4(first.at(i), left)), f32x4.mul(rest1, g));
      const v = f32x4.add(f32x4.mul(beta2, load4(second.at(i), left)), f32x4.mul(f32x4.mul(rest2, g), g));
      store4(first.at(i), m, left);
      store4(second.at(i), v, left);
      const move = f32x4.div(f32x4.mul(rate, m), f32x4.add(f32x4.mul(f32x4.sqrt(v), correction), epsilon));
      store4(p.at(i), f32x4.sub(f32x4.mul(load4(p.at(i), left), decay), move), left);
    }
  }
}

/** Entries whose squares are added up in 32 bits before they are in 64. */
const PIECE: i32 = 1 << 15;

/** Sum of squares over all of the K inputs. */
function squaredNorm(inputs: Tensors, outputs: Tensors, K: i32): void {
  let total: f64 = 0;
  for (let tensor = 0; tensor < K; tensor++) {
    const x = inputs.get(tensor);
    for (let begin = 0; begin < x.size; begin += PIECE) {
      const end = min(begin + PIECE, x.size);
      let sum = f32x4.splat(0);
      for (let i = begin; i < end; i += 4) {
        const value = load4(x.at(i), end - i);
        sum = f32x4.add(sum, f32x4.mul(value, value));
      }
      total += sum4(sum);
    }
  }
  store<f32>(outputs.get(0).data, <f32>total);
}

export {
  plainProduct as DecoderProduct,
  productOfTransposedA as DecoderProductOfTransposedA,
  productOfTransposedB as DecoderProductOfTransposedB,
  rmsNorm as DecoderRmsNorm,
  rmsNormGradient as DecoderRmsNormGradient,
  layerNorm as DecoderLayerNorm,
  layerNormGradient as DecoderLayerNormGradient,
  gelu as DecoderGelu,
  geluGradient as DecoderGeluGradient,
  swiglu as DecoderSwiglu,
  swigluGradient as DecoderSwigluGradient,
  toHeads as DecoderToHeads,
  fromHeads as DecoderFromHeads,
  causalSoftmax as DecoderCausalSoftmax,
  causalSoftmaxGradient as DecoderCausalSoftmaxGradient,
  treeSoftmax as DecoderTreeSoftmax,
  treeMix as DecoderTreeMix,
  dropout as DecoderDropout,
  addDropout as DecoderAddDropout,
  crossEntropy as DecoderCrossEntropy,
  crossEntropyGradient as DecoderCrossEntropyGradient,
  adamW as DecoderAdamW,
  squaredNorm as DecoderSquaredNorm,
};
