/**
 * Seeded random numbers: xoshiro128** 1.1 (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators",
 * ACM TOMS 47, arXiv 1805.01407), its 128 bits of state filled by SplitMix64 as its authors advise. The same seed gives
 * the same numbers on every machine. Not for cryptography.
 */

/** The whole state of a `Random`: four 32-bit words, to be kept in a checkpoint. */
export type RandomState = readonly [number, number, number, number];

const MASK_64 = (1n << 64n) - 1n;

/** SplitMix64 (Steele, Lea and Flood 2014): a stream of 64-bit words from any seed, 0 included. */
function* splitMix64(seed: bigint): Generator<bigint, never> {
  let state = seed & MASK_64;
  for (;;) {
    state = (state + 0x9e3779b97f4a7c15n) & MASK_64;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK_64;
    yield z ^ (z >> 31n);
  }
}

const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

/**
 * A generator of random numbers with a state of its own.
 *
 * @example
 * const random = new Random(1);
 * random.next();    // 1695105466
 * random.uniform(); // 0.33134478...
 */
export class Random {
  // four fields, not an array: the generator is inside the loops of bootstrap and dropout
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 0;

  /**
   * @param seed   a whole number from 0 to 2^53 - 1.
   * @param stream another whole number: one seed gives as many unrelated streams as there are numbers, so that, say, the
   *               order of batches in epoch 7 does not depend on what was drawn in epoch 6.
   * @throws RangeError if one of them is no such number.
   */
  constructor(seed: number, stream = 0) {
    for (const [name, value] of Object.entries({ seed, stream })) {
      if (!Number.isSafeInteger(value) || value < 0) {
        throw new RangeError(`${name} is ${value}: give a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`);
      }
    }
    // hashed before it is mixed with the seed, so that (seed 1, stream 2) has nothing of (seed 2, stream 1)
    const words = splitMix64(BigInt(seed) ^ (stream === 0 ? 0n : splitMix64(BigInt(stream)).next().value));
    const first = words.next().value;
    const second = words.next().value;
    this.state = [
      Number(first & 0xffffffffn),
      Number(first >> 32n),
      Number(second & 0xffffffffn),
      Number(second >> 32n),
    ];
  }

  /** A generator that goes on from a kept state. */
  static fromState(state: RandomState): Random {
    const random = new Random(0);
    random.state = state;
    return random;
  }

  /** The state as four unsigned 32-bit words, plain JSON. */
  get state(): RandomState {
    return [this.a >>> 0, this.b >>> 0, this.c >>> 0, this.d >>> 0];
  }

  /** @throws RangeError unless the state is four unsigned 32-bit words, not all of them 0. */
  set state(state: RandomState) {
    const isWord = (word: number) => Number.isInteger(word) && word >= 0 && word <= 0xffffffff;
    if (state.length !== 4 || !state.every(isWord) || state.every((word) => word === 0)) {
      throw new RangeError(`Random state [${state.join(', ')}]: it takes four 32-bit words that are not all 0.`);
    }
    [this.a, this.b, this.c, this.d] = state;
  }

  /** A whole number from 0 to 2^32 - 1, each equally likely. */
  next(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.b, 5), 7), 9);
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = rotateLeft(this.d, 11);
    return result >>> 0;
  }

  /** A number from 0 up to, but not including, 1, with all 53 bits of a double. */
  uniform(): number {
    const high = this.next() >>> 5; // 27 bits
    const low = this.next() >>> 6; // 26 bits
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** A draw from the normal distribution with mean 0 and variance 1 (Box and Muller 1958; the second one is not kept). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform())); // 1 - u is never 0
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * A whole number from 0 to n - 1, each exactly equally likely.
   *
   * @throws RangeError unless n is a whole number from 1 to 2^32.
   */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
      throw new RangeError(`integer(${n}): n must be a whole number from 1 to 2^32.`);
    }
    const limit = 0x100000000 - (0x100000000 % n); // draws beyond the last whole multiple of n would favour small numbers
    let word = this.next();
    while (word >= limit) word = this.next();
    return word % n;
  }

  /** One of the items, each equally likely. @throws RangeError where there is none. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.integer(items.length)] as Item;
  }

  /** Puts an array's items into random order, in place (Fisher and Yates), and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = items[last];
      (items as { [index: number]: unknown })[last] = items[other];
      (items as { [index: number]: unknown })[other] = kept;
    }
    return items;
  }
}
