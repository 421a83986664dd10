/**
 * Minimising a smooth function by L-BFGS (Liu and Nocedal 1989; Nocedal and Wright 2006, algorithm 7.4), all in 64-bit
 * floats. The step length is found by bisection for the weak Wolfe conditions (Lewis and Overton 2013, algorithm 2.6),
 * which keep the curvature positive. The registry has no well-kept package of it.
 */

/** Writes the gradient at x into `gradient` and returns the value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  /** The Euclidean norm of the gradient at which it ends. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Multiplies a vector, in place, by a guess of the Hessian's inverse: the better the guess, the fewer iterations. */
  readonly precondition: (vector: Float64Array) => void;
  /** Pairs of steps and gradients' changes that are kept. */
  readonly memory?: number;
}

/** Where it is after an iteration. */
export interface Iteration {
  readonly iteration: number;
  readonly value: number;
  readonly gradientNorm: number;
}

/** A step and what it changed the gradient by. */
interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** step · change */
  readonly curvature: number;
}

/** Share of the promised decrease, and of the slope, that the Wolfe conditions ask for. */
const DECREASE = 1e-4;
const SLOPE = 0.9;
/** A value's own rounding, relative to it. */
const ROUNDING = 1e-14;
const MOST_TRIALS = 40;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
};

/** y += factor · x */
const addTo = (y: Float64Array, factor: number, x: Float64Array): void => {
  for (let i = 0; i < y.length; i++) y[i] = (y[i] as number) + factor * (x[i] as number);
};

/** The direction of descent by the two-loop recursion. */
const direction = (
  gradient: Float64Array,
  pairs: readonly Pair[],
  precondition: MinimizeOptions['precondition'],
): Float64Array => {
  const d = gradient.map((value) => -value);
  const shares = pairs.map(() => 0);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { step, change, curvature } = pairs[k] as Pair;
    shares[k] = dot(step, d) / curvature;
    addTo(d, -(shares[k] as number), change);
  }
  const newest = pairs[pairs.length - 1];
  precondition(d);
  if (newest !== undefined) {
    const change = newest.change.slice();
    precondition(change);
    const scale = newest.curvature / dot(newest.change, change);
    for (let i = 0; i < d.length; i++) d[i] = (d[i] as number) * scale;
  }
  pairs.forEach(({ step, change, curvature }, k) => {
    addTo(d, (shares[k] as number) - dot(change, d) / curvature, step);
  });
  return d;
};

/**
 * Moves x, in place, to a minimum, yielding where it is after each iteration. It ends where the gradient is short enough,
 * where there were iterations enough, or where rounding lets the value fall no further.
 */
export function* minimize(
  objective: Objective,
  x: Float64Array,
  { tolerance, maxIterations, precondition, memory = 10 }: MinimizeOptions,
): Generator<Iteration, void> {
  const gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  let gradientNorm = Math.sqrt(dot(gradient, gradient));
  yield { iteration: 0, value, gradientNorm };
  const pairs: Pair[] = [];
  const start = new Float64Array(x.length);
  for (let iteration = 1; iteration <= maxIterations && gradientNorm > tolerance; iteration++) {
    const d = direction(gradient, pairs, precondition);
    const slope = dot(gradient, d);
    const before = gradient.slice();
    start.set(x);
    let [low, high, length, trial] = [0, Infinity, 1, value];
    let isFound = false;
    for (let trials = 0; trials < MOST_TRIALS && !isFound; trials++) {
      x.set(start);
      addTo(x, length, d);
      trial = objective(x, gradient);
      if (!(trial <= value + DECREASE * length * slope + ROUNDING * Math.abs(value))) high = length;
      else if (dot(gradient, d) < SLOPE * slope) low = length;
      else isFound = true;
      if (!isFound) length = high === Infinity ? 2 * length : (low + high) / 2;
    }
    if (!isFound) {
      x.set(start);
      return;
    }
    value = trial;
    gradientNorm = Math.sqrt(dot(gradient, gradient));
    const step = d.map((one) => length * one);
    const change = gradient.map((one, i) => one - (before[i] as number));
    pairs.push({ step, change, curvature: dot(step, change) });
    if (pairs.length > memory) pairs.shift();
    yield { iteration, value, gradientNorm };
  }
}
