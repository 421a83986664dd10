import { strict as assert } from 'node:assert';
import { minimize, type Iteration, type Objective } from 'labor-llm/support';

const run = (objective: Objective, x: Float64Array, maxIterations = 500, precondition = (_: Float64Array) => {}) => {
  const logs: Iteration[] = [...minimize(objective, x, { tolerance: 1e-9, maxIterations, precondition })];
  return { logs, last: logs.at(-1) as Iteration };
};

/** Rosenbrock's valley in n dimensions (Rosenbrock 1960): its minimum is 0 where every coordinate is 1. */
const valley: Objective = (x, gradient) => {
  let value = 0;
  gradient.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i] as number, x[i + 1] as number];
    value += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    gradient[i] = (gradient[i] as number) - 400 * a * (b - a * a) - 2 * (1 - a);
    gradient[i + 1] = (gradient[i + 1] as number) + 200 * (b - a * a);
  }
  return value;
};

/** Curvatures from 1 to 1e6. */
const curvature = (i: number): number => 10 ** (i / 2);
const stretched: Objective = (x, gradient) => {
  let value = 0;
  x.forEach((one, i) => {
    value += (curvature(i) * one * one) / 2;
    gradient[i] = curvature(i) * one;
  });
  return value;
};

describe('minimize', () => {
  it('finds the bottom of Rosenbrock’s valley, to the gradient’s norm', () => {
    const x = Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const { last } = run(valley, x);
    assert.ok(last.gradientNorm <= 1e-9, `${last.gradientNorm}`);
    for (const one of x) assert.ok(Math.abs(one - 1) < 1e-7, `${one}`);
  });

  it('lowers the value at every iteration', () => {
    const { logs } = run(valley, Float64Array.of(-1.2, 1));
    logs.slice(1).forEach(({ value }, index) => assert.ok(value < (logs[index]?.value as number), `${index}`));
  });

  it('needs one step where the preconditioner is the Hessian’s inverse, and many without', () => {
    const start = () => Float64Array.from({ length: 13 }, () => 1);
    const exact = run(stretched, start(), 500, (vector) => vector.forEach((v, i) => (vector[i] = v / curvature(i))));
    assert.equal(exact.last.iteration, 1);
    assert.ok(run(stretched, start()).last.iteration > 10);
  });

  it('stops after the iterations that it may take, and at once at a minimum', () => {
    assert.equal(run(valley, Float64Array.of(-1.2, 1), 3).last.iteration, 3);
    assert.deepEqual(run(valley, Float64Array.of(1, 1)).logs, [{ iteration: 0, value: 0, gradientNorm: 0 }]);
  });
});
