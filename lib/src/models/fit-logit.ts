/**
 * Fitting a multinomial logit with a ridge to its optimum, by L-BFGS over all rows at once:
 *
 *     minimise  mean of -log P(y_i | x_i)  +  ridge / (2 N) · |w|²        the intercepts c unpenalised
 *
 * which is scikit-learn's LogisticRegression with C = 1 / ridge. Rows are sparse and all arithmetic is in 64-bit floats.
 */
import { minimize, type Iteration, type MinimizeOptions } from '../support';
import { addRow, classesOf, countsOf, Logit, softmax, type Part, type Row } from './logit';

/** What a logit is fitted to. */
export interface LogitData {
  /** [N]; where there is none, all outcomes are equally likely */
  readonly rows: readonly Row[];
  /** [N] the outcome of each. */
  readonly targets: readonly number[];
  /** [N] an outcome that the row cannot have, -1 where it can have any. */
  readonly excluded: readonly number[];
  /** F: how many features there are. */
  readonly features: number;
  /** J: how many outcomes there are. */
  readonly outcomes: number;
}

export interface LogitOptions {
  readonly ridge: number;
  /** The Euclidean norm of the objective's gradient at which the fit ends. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** Iterations after which the curvature is known well enough to be measured once more. */
const FIRST_ITERATIONS = 10;
/** Added to an intercept's curvature, which is 0 where there is one class only. */
const FLOOR = 1e-6;

/** to[at + k] += value · from[k] for all k. */
const addToRow = (to: Float64Array, at: number, from: Float64Array, value = 1): void => {
  for (let k = 0; k < from.length; k++) to[at + k] = (to[at + k] as number) + value * (from[k] as number);
};

/** The product X W of sparse rows with weights [F + 1, K], and its transpose, by way of the parts that rows share. */
class Product {
  private readonly parts: readonly Part[];
  /** [N] where the parts of each row begin in the tables. */
  private readonly places: readonly Int32Array[];
  /** [parts, K] each part times the weights, and sums over the rows that have it. */
  private readonly products: Float64Array;
  private readonly sums: Float64Array;
  /** [K] sums over all rows. */
  private readonly total: Float64Array;

  constructor(
    rows: readonly Row[],
    private readonly K: number,
  ) {
    this.parts = [...new Set(rows.flat())];
    const position = new Map(this.parts.map((part, index) => [part, index * K]));
    this.places = rows.map((row) => Int32Array.from(row, (part) => position.get(part) as number));
    this.products = new Float64Array(this.parts.length * K);
    this.sums = new Float64Array(this.parts.length * K);
    this.total = new Float64Array(K);
  }

  /** Gives `visit` each row's scores [K], to be written over with what `transposed` then sums up. */
  forEach(weights: Float64Array, visit: (scores: Float64Array, row: number) => void): void {
    const K = this.K;
    const intercepts = weights.subarray(weights.length - K);
    const scores = new Float64Array(K);
    this.parts.forEach(({ features, values }, index) => {
      scores.fill(0);
      features.forEach((feature, at) => addRow(scores, weights, feature * K, values[at]));
      this.products.set(scores, index * K);
    });
    this.sums.fill(0);
    this.total.fill(0);
    this.places.forEach((places, row) => {
      scores.set(intercepts);
      for (const at of places) addRow(scores, this.products, at);
      visit(scores, row);
      for (const at of places) addToRow(this.sums, at, scores);
      addToRow(this.total, 0, scores);
    });
  }

  /** Writes Xᵀ times what the rows' scores were written over with; each feature to this power. */
  transposed(result: Float64Array, power = 1): void {
    const K = this.K;
    result.fill(0);
    this.parts.forEach(({ features, values }, index) => {
      const sums = this.sums.subarray(index * K, (index + 1) * K);
      features.forEach((feature, at) => addToRow(result, feature * K, sums, (values[at] as number) ** power));
    });
    result.set(this.total, result.length - K);
  }
}

/** Fits a logit, yielding where the fit is after each iteration. */
export function* fitLogit(
  data: LogitData,
  { ridge, tolerance, maxIterations }: LogitOptions,
): Generator<Iteration, Logit> {
  const { rows, targets, excluded, features, outcomes } = data;
  const N = rows.length;
  const counts = countsOf(targets, outcomes);
  const classes = classesOf(counts);
  const K = classes.length;
  if (N === 0) return new Logit(counts, new Float32Array(0));
  const classOf = new Map(classes.map((outcome, k) => [outcome, k]));
  const product = new Product(rows, K);
  const penalised = features * K;

  /** Turns a row's scores into probabilities. @returns -log of the target's */
  const probabilities = (scores: Float64Array, row: number): number => {
    const bar = classOf.get(excluded[row] as number);
    if (bar !== undefined) scores[bar] = -Infinity;
    const own = scores[classOf.get(targets[row] as number) as number] as number;
    return softmax(scores) - own;
  };

  const objective = (weights: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    product.forEach(weights, (scores, row) => {
      loss += probabilities(scores, row);
      const own = classOf.get(targets[row] as number) as number;
      scores[own] = (scores[own] as number) - 1;
    });
    product.transposed(gradient);
    let square = 0;
    for (let p = 0; p < penalised; p++) {
      const weight = weights[p] as number;
      square += weight * weight;
      gradient[p] = (gradient[p] as number) + ridge * weight;
    }
    for (let p = 0; p < gradient.length; p++) gradient[p] = (gradient[p] as number) / N;
    return (loss + (ridge / 2) * square) / N;
  };

  /**
   * The inverse of the Hessian's diagonal for features less their means, a class's mean being weighted by P(1 - P), as the
   * Hessian weights rows: effects add up to the intercept, and what they have in common would make the fit slow.
   */
  const preconditioner = (weights: Float64Array): MinimizeOptions['precondition'] => {
    product.forEach(weights, (scores, row) => {
      probabilities(scores, row);
      for (let k = 0; k < K; k++) scores[k] = (scores[k] as number) * (1 - (scores[k] as number));
    });
    const diagonal = new Float64Array(weights.length);
    const means = new Float64Array(weights.length);
    product.transposed(diagonal, 2);
    product.transposed(means);
    for (let p = weights.length - 1; p >= 0; p--) {
      if (p >= penalised) {
        diagonal[p] = ((diagonal[p] as number) + FLOOR) / N;
        continue;
      }
      const ofIntercept = (diagonal[penalised + (p % K)] as number) * N;
      means[p] = (means[p] as number) / ofIntercept;
      diagonal[p] = ((diagonal[p] as number) - ofIntercept * (means[p] as number) ** 2 + ridge) / N;
    }
    return (vector) => {
      for (let p = 0; p < vector.length; p++) {
        const ofIntercept = p < penalised ? (means[p] as number) * (vector[penalised + (p % K)] as number) : 0;
        vector[p] = ((vector[p] as number) - ofIntercept) / (diagonal[p] as number);
      }
      for (let p = 0; p < penalised; p++) {
        const c = penalised + (p % K);
        vector[c] = (vector[c] as number) - (means[p] as number) * (vector[p] as number);
      }
    };
  };

  const weights = new Float64Array(penalised + K);
  classes.forEach((outcome, k) => (weights[penalised + k] = Math.log((counts[outcome] as number) / N)));
  let done = 0;
  for (const most of [FIRST_ITERATIONS, maxIterations]) {
    const options = { tolerance, maxIterations: most - done, precondition: preconditioner(weights) };
    const before = done;
    for (const at of minimize(objective, weights, options)) {
      done = before + at.iteration;
      yield { ...at, iteration: done };
    }
  }
  return new Logit(counts, Float32Array.from(weights));
}
