import { strict as assert } from 'node:assert';
import { correlation } from 'labor-llm/evaluation';
import { Random } from 'labor-llm/support';

/** Every case its own cluster. */
const apart = (count: number) => ({ of: Uint32Array.from({ length: count }, (_, i) => i), count });

describe('correlation', () => {
  it('is 1 on a rising line, -1 on a falling one, and that of a textbook example', () => {
    const line = [1, 2, 5, 7].map((x) => [x, 3 * x + 1e6] as const);
    assert.ok(Math.abs((correlation(line, apart(4)).value ?? NaN) - 1) < 1e-12);
    const falling = line.map(([x, y]) => [x, -y] as const);
    assert.ok(Math.abs((correlation(falling, apart(4)).value ?? NaN) + 1) < 1e-12);
    // numpy.corrcoef([1, 2, 3, 4, 5], [2, 1, 4, 3, 6])[0, 1]
    const pairs = [1, 2, 3, 4, 5].map((x, i) => [x, [2, 1, 4, 3, 6][i] as number] as const);
    assert.ok(Math.abs((correlation(pairs, apart(5)).value ?? NaN) - 0.8219949365) < 1e-9);
  });

  it('has the standard error of large samples, (1 - r²) / √n, for normal pairs', () => {
    const random = new Random(1);
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
    const pairs = Array.from({ length: 2000 }, () => {
      const x = normal();
      return [x, 0.8 * x + 0.6 * normal()] as const;
    });
    const { value, standardError } = correlation(pairs, apart(2000), { resamples: 400 });
    assert.ok(Math.abs((value ?? NaN) - 0.8) < 0.03);
    assert.ok(Math.abs((standardError ?? NaN) / (0.36 / Math.sqrt(2000)) - 1) < 0.15, `${standardError}`);
  });

  it('draws a cluster with all its cases: every case twice says no more than once', () => {
    const pairs = [1, 2, 3, 4, 5, 6].map((x, i) => [x, [2, 1, 4, 3, 6, 4][i] as number] as const);
    const twice = pairs.flatMap((pair) => [pair, pair]);
    const clusters = { of: Uint32Array.from(twice, (_, i) => i >> 1), count: 6 };
    const [once, again] = [correlation(pairs, apart(6)), correlation(twice, clusters)];
    assert.ok(Math.abs((once.standardError ?? NaN) - (again.standardError ?? 0)) < 1e-12);
  });

  it('is null where a number does not vary', () => {
    assert.equal(
      correlation(
        [
          [1, 2],
          [1, 3],
        ],
        apart(2),
      ).value,
      null,
    );
  });
});
