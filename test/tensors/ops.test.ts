import { strict as assert } from 'node:assert';
import { Random } from 'labor-llm/support';
import {
  addResidual,
  attention,
  crossEntropy,
  dropout,
  embedding,
  gelu,
  layerNorm,
  linear,
  logProbabilityOf,
  rmsNorm,
  rotaryAt,
  squaredNorm,
  swiglu,
  tf,
  useBackend,
  withStockForms,
} from 'labor-llm/tensors';
import { backends, onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';

const random = new Random(11);
const normal = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
  );

/** An operation with the shapes of its differentiable inputs. */
interface Case {
  readonly name: string;
  readonly shapes: number[][];
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor;
}

const attentionCase = (T: number, G: number, rate = 0): Case => {
  const shape = { B: 2, T, H: 4, G, D: 6 };
  const keys = [2 * T, G * 6];
  return {
    name: `attention, ${T} positions, 4 query heads on ${G} key heads${rate > 0 ? `, dropout ${rate}` : ''}`,
    shapes: [[2 * T, 24], keys, keys],
    run: (q, k, v) => {
      const rotary = rotaryAt(
        [...Array(T).keys()],
        [0, 1, 2].map((i) => 10_000 ** (-i / 3)),
      );
      const drop = rate > 0 ? { rate, seed: 17 } : undefined;
      return attention(q as tf.Tensor2D, k as tf.Tensor2D, v as tf.Tensor2D, rotary, shape, drop);
    },
  };
};

const cases: Case[] = [
  { name: 'linear', shapes: [[7, 5], [3, 5]], run: (x, w) => linear(x as tf.Tensor2D, w as tf.Tensor2D) }, // prettier-ignore
  {
    name: 'embedding, with an index that repeats',
    shapes: [[6, 4]],
    run: (table) => embedding(tf.tensor1d([5, 0, 5, 2], 'int32'), table as tf.Tensor2D),
  },
  { name: 'rmsNorm', shapes: [[7, 5], [5]], run: (x, gain) => rmsNorm(x as tf.Tensor2D, gain as tf.Tensor1D, 1e-5) },
  { name: 'swiglu', shapes: [[4, 9], [4, 9]], run: (gate, up) => swiglu(gate as tf.Tensor2D, up as tf.Tensor2D) }, // prettier-ignore
  {
    name: 'layerNorm',
    shapes: [[7, 5], [5], [5]],
    run: (x, gain, bias) => layerNorm(x as tf.Tensor2D, gain as tf.Tensor1D, bias as tf.Tensor1D, 1e-5),
  },
  { name: 'gelu', shapes: [[5, 9]], run: (x) => gelu(x as tf.Tensor2D) },
  attentionCase(5, 4),
  attentionCase(5, 2),
  attentionCase(37, 2), // more than a block of queries
  attentionCase(37, 2, 0.4),
  { name: 'dropout', shapes: [[40, 5]], run: (x) => dropout(x as tf.Tensor2D, { rate: 0.3, seed: 9 }) },
  {
    name: 'addResidual',
    shapes: [[40, 5], [40, 5]], // prettier-ignore
    run: (h, x) => addResidual(h as tf.Tensor2D, x as tf.Tensor2D, { rate: 0.3, seed: 9 }),
  },
  {
    name: 'crossEntropy',
    shapes: [[4, 6]],
    run: (logits) =>
      crossEntropy(logits as tf.Tensor2D, tf.tensor1d([0, 5, 2, 2], 'int32'), tf.tensor1d([1, 0.25, 0, 2])),
  },
];

/** What an output's entries are weighted by before they are added up, so that every entry counts. */
const weightOf = (i: number): number => Math.cos(2 * i + 1);

/** sum(run(...) · weights), added up in 64 bits: differences of it are small. */
const valueOf = ({ run }: Case, inputs: tf.Tensor[]): number => {
  const y = tf.tidy(() => run(...inputs).dataSync() as Float32Array);
  return y.reduce((sum, value, i) => sum + value * weightOf(i), 0);
};

/** Value and gradients of sum(run(...) · weights). */
const valueAndGradients = ({ run }: Case, inputs: tf.Tensor[]): Float32Array[] => {
  const scalarOf = (...tensors: tf.Tensor[]): tf.Scalar => {
    const y = run(...tensors);
    const weights = tf.tensor(
      Array.from({ length: y.size }, (_, i) => weightOf(i)),
      y.shape,
    );
    return tf.sum(tf.mul(y, weights));
  };
  const { value, grads } = tf.valueAndGrads(scalarOf)(inputs);
  const result = [value, ...grads].map((tensor) => tensor.dataSync() as Float32Array);
  tf.dispose([value, ...grads]);
  return result;
};

onEachBackend('operations', () => {
  for (const one of cases) {
    describe(one.name, () => {
      let inputs: tf.Tensor[];
      beforeEach(() => {
        inputs = one.shapes.map(normal);
      });
      afterEach(() => tf.dispose(inputs));

      it('has the gradient that finite differences of its value have', () => {
        const [, ...gradients] = valueAndGradients(one, inputs) as [Float32Array, ...Float32Array[]];
        inputs.forEach((input, position) => {
          const values = input.dataSync();
          const direction = values.map((_, i) => Math.sin(3 * i + 1));
          const at = (h: number): number => {
            const moved = tf.tensor(
              values.map((x, i) => x + h * (direction[i] as number)),
              input.shape,
            );
            const result = valueOf(
              one,
              inputs.map((other, i) => (i === position ? moved : other)),
            );
            moved.dispose();
            return result;
          };
          const h = 4e-3;
          const numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
          const gradient = gradients[position] as Float32Array;
          const along = gradient.reduce((sum, g, i) => sum + g * (direction[i] as number), 0);
          assert.ok(Math.abs(along - numeric) < 2e-3 * Math.max(1, Math.abs(numeric)), `${along} against ${numeric}`);
        });
      });

      it('is by our kernels what it is in stock operations, value and gradients', () => {
        const fused = valueAndGradients(one, inputs);
        const stock = withStockForms(() => valueAndGradients(one, inputs));
        fused.forEach((values, i) => assertClose(values, stock[i] as Float32Array, 1e-5, `output ${i}`));
      });
    });
  }

  it('linear is in its forms the same where matrices are cut into blocks, and blocks at their edges', () => {
    const x = normal([259, 513]) as tf.Tensor2D;
    const w = normal([1031, 513]) as tf.Tensor2D;
    const dy = normal([259, 1031]);
    const loss = (x: tf.Tensor, w: tf.Tensor): tf.Scalar =>
      tf.sum(tf.mul(linear(x as tf.Tensor2D, w as tf.Tensor2D), dy));
    const outputs = (): Float32Array[] =>
      tf.tidy(() => [linear(x, w), ...tf.grads(loss)([x, w])].map((tensor) => tensor.dataSync() as Float32Array));
    const stock = withStockForms(outputs);
    outputs().forEach((values, i) => assertClose(values, stock[i] as Float32Array, 1e-5, `output ${i}`));
    tf.dispose([x, w, dy]);
  });

  it('squaredNorm adds up the squares of all tensors', () => {
    const norm = tf.tidy(() => squaredNorm([tf.tensor1d([1, 2]), tf.tensor2d([[3], [4]])]).dataSync()[0]);
    assert.equal(norm, 30);
  });

  it('logProbabilityOf is right where exponentials would overflow', () => {
    const logits = tf.tensor2d([
      [1000, 0, 1000],
      [-1000, -1000, -1001],
    ]);
    const logs = logProbabilityOf(logits, tf.tensor1d([0, 2], 'int32')).dataSync();
    assertClose(logs, [-Math.LN2, -1 - Math.log(2 + Math.exp(-1))], 5e-5);
    logits.dispose();
  });

  it('dropout drops the share that it is asked to, and keeps the mean', () => {
    const dropped = tf.tidy(() => dropout(tf.ones([400, 100]), { rate: 0.25, seed: 3 }).dataSync());
    const zeros = dropped.filter((x) => x === 0).length / dropped.length;
    assert.ok(Math.abs(zeros - 0.25) < 0.01, `${zeros}`);
    assert.ok(dropped.every((x) => x === 0 || Math.abs(x - 4 / 3) < 1e-6));
  });
});

describe('dropout', () => {
  it('drops the same units on every backend', async function () {
    if (backends.length < 2) {
      console.log('      skipped: the tensorflow backend is not set up here');
      this.skip();
    }
    const masks = [];
    for (const backend of backends) {
      await useBackend(backend);
      masks.push([...tf.tidy(() => dropout(tf.ones([33, 7]), { rate: 0.4, seed: 123_456 })).dataSync()]);
    }
    assert.deepEqual(masks[1], masks[0]);
  });
});
