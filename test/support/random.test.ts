import { strict as assert } from 'node:assert';
import { Random } from 'labor-llm/support';

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);
const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;

describe('Random', () => {
  it('gives what the authors’ C program xoshiro128starstar.c 1.1 gives', () => {
    // seed, first outputs and last state as github.com/edorfaus/xoshiro-6502 (test-rom/testdata.asm) has them from the C program
    const random = Random.fromState([0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0]);
    assert.deepEqual(
      draw(4, () => random.next()),
      [0xf1391922, 0x6fe53806, 0xa5be2840, 0xf510ee70],
    );
    assert.deepEqual(random.state, [0xfc65379c, 0x52006d70, 0x87487639, 0xf1908343]);
  });

  it('fills its state by SplitMix64, whose first words for seed 1234567 are on Rosetta Code', () => {
    const words = [6457827717110365317n, 3203168211198807973n];
    const expected = words.flatMap((word) => [Number(word & 0xffffffffn), Number(word >> 32n)]);
    assert.deepEqual(new Random(1234567).state, expected);
  });

  it('goes on from a kept state as if it had never stopped', () => {
    const random = new Random(7);
    draw(10, () => random.normal());
    const again = Random.fromState(JSON.parse(JSON.stringify(random.state)));
    assert.deepEqual(
      draw(100, () => random.normal()),
      draw(100, () => again.normal()),
    );
  });

  it('gives streams of a seed that have nothing of one another', () => {
    const [a, b, c, d] = [new Random(1), new Random(1, 1), new Random(2, 1), new Random(1, 2)].map((random) =>
      draw(5000, () => random.uniform() - 0.5),
    ) as [number[], number[], number[], number[]];
    for (const [x, y] of [
      [a, b],
      [b, c],
      [c, d],
      [b, d],
    ] as const) {
      // correlation of independent uniforms: standard deviation 1 / sqrt(5000) = 0.014
      assert.ok(Math.abs(mean(x.map((value, index) => value * (y[index] ?? 0))) * 12) < 0.06);
    }
  });

  it('has the moments of the uniform and of the normal distribution', () => {
    const random = new Random(3);
    const uniform = draw(200_000, () => random.uniform());
    assert.ok(uniform.every((value) => value >= 0 && value < 1));
    // four standard errors of each
    assert.ok(Math.abs(mean(uniform) - 1 / 2) < 4 * Math.sqrt(1 / 12 / 200_000));
    const normal = draw(200_000, () => random.normal());
    assert.ok(Math.abs(mean(normal)) < 4 * Math.sqrt(1 / 200_000));
    assert.ok(Math.abs(mean(normal.map((value) => value ** 2)) - 1) < 4 * Math.sqrt(2 / 200_000));
    assert.ok(Math.abs(mean(normal.map((value) => value ** 4)) - 3) < 4 * Math.sqrt(96 / 200_000));
  });

  it('draws whole numbers evenly, also where n does not divide 2^32', () => {
    const random = new Random(4);
    const n = 3 * 2 ** 30; // the remainder alone would make the first third twice as likely
    const low = draw(30_000, () => random.integer(n)).filter((value) => value < 2 ** 30).length;
    assert.ok(Math.abs(low - 10_000) < 4 * Math.sqrt((30_000 * 2) / 9));
    assert.equal(random.integer(1), 0);
  });

  it('picks each item as the whole number of its place would', () => {
    const [random, same] = [new Random(6), new Random(6)];
    const picked = Array.from({ length: 300 }, () => random.pick(['a', 'b', 'c']));
    assert.deepEqual(
      picked,
      Array.from(picked, () => ['a', 'b', 'c'][same.integer(3)]),
    );
    assert.deepEqual([...new Set(picked)].sort(), ['a', 'b', 'c']);
    assert.throws(() => random.pick([]), RangeError);
  });

  it('shuffles into every order equally often', () => {
    const random = new Random(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.shuffle(['a', 'b', 'c', 'd']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(chiSquare < 49.7, `chi-square ${chiSquare}, 23 degrees of freedom, p = 0.001 at 49.7`);
  });

  it('refuses seeds, states and ranges that it cannot take, and says what it takes', () => {
    assert.throws(() => new Random(1.5), /seed is 1.5: give a whole number/);
    assert.throws(() => new Random(1, -1), /stream is -1/);
    assert.throws(() => Random.fromState([0, 0, 0, 0]), RangeError);
    assert.throws(() => Random.fromState([1, 2, 3, 2 ** 32]), RangeError);
    assert.throws(() => new Random(1).integer(0), RangeError);
  });
});
