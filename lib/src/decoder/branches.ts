/**
 * Scoring many continuations of one prefix: the prefix is run once and its keys and values kept; then tokens are run as
 * a forest behind it, each seeing the prefix as far as it follows it, the tokens on its path and itself. What
 * continuations share is computed once.
 */
import { atPositions, attention, tf, toHeads, treeAttention, type Rotary } from '../tensors';
import type { Decoder } from './decoder';

/** What a pass over T tokens leaves behind. Dispose of it with `disposeCache`. */
export interface PrefixCache {
  /** For each layer [H, T, D], turned by their positions, grouped heads already spread. */
  readonly keys: readonly tf.Tensor3D[];
  readonly values: readonly tf.Tensor3D[];
  /** [T, C] hidden states after the last norm. */
  readonly hidden: tf.Tensor2D;
  readonly length: number;
}

export const disposeCache = ({ keys, values, hidden }: PrefixCache): void => tf.dispose([...keys, ...values, hidden]);

/** Runs a prefix of T tokens and keeps what its continuations need. */
export const runPrefix = (decoder: Decoder, ids: ArrayLike<number>): PrefixCache => {
  const { H, G, D } = decoder.heads;
  const T = ids.length;
  const keys: tf.Tensor3D[] = [];
  const values: tf.Tensor3D[] = [];
  const hidden = tf.tidy(() => {
    const rotary = decoder.positions(T);
    const x = decoder.embed(tf.tensor1d(Int32Array.from(ids), 'int32'));
    return decoder.layers(x, (_, q, k, v) => {
      keys.push(tf.keep(toHeads(k, { H, G, D }, rotary))); // [H, T, D]
      values.push(tf.keep(toHeads(v, { H, G, D }))); // [H, T, D]
      return attention(q, k, v, rotary, { B: 1, T, H, G, D });
    });
  });
  return { keys, values, hidden, length: T };
};

/**
 * What `runPrefix` leaves of a prefix and tokens behind it together, without running the prefix again.
 *
 * @returns a cache of its own: both are the caller's to dispose of
 */
export const extendPrefix = (decoder: Decoder, prefix: PrefixCache, ids: readonly number[]): PrefixCache => {
  const length = prefix.length + ids.length;
  const branches = new Branches(decoder, prefix, length);
  const hidden = branches.run({
    ids,
    parents: ids.map((_, n) => n - 1),
    lengths: ids.map(() => prefix.length),
  });
  const behind = <T extends tf.Tensor>(before: T, after: T, axis: number): T => tf.concat([before, after], axis) as T;
  const extended = {
    keys: prefix.keys.map((keys, layer) => behind(keys, branches.keys[layer] as tf.Tensor3D, 1)),
    values: prefix.values.map((values, layer) => behind(values, branches.values[layer] as tf.Tensor3D, 1)),
    hidden: behind(prefix.hidden, hidden, 0),
    length,
  };
  hidden.dispose();
  branches.dispose();
  return extended;
};

/** N tokens that are run at once. */
export interface BranchTokens {
  /** [N] */
  readonly ids: readonly number[];
  /** [N] the token before each, by its number among all that were run behind this prefix; -1 where that is the prefix. */
  readonly parents: readonly number[];
  /** [N] how many of the prefix's tokens each sees, and follows. */
  readonly lengths: readonly number[];
}

/** Tokens behind a prefix, run in one wave or in several, each of which sees the ones before. */
export class Branches {
  #keys: readonly tf.Tensor3D[] = [];
  #values: readonly tf.Tensor3D[] = [];
  readonly #parents: number[] = [];
  /** [M] place of each token behind the prefix. */
  readonly #positions: number[] = [];
  readonly #rotary: Rotary;

  /** @param places one more than the last place at which a token can stand, the prefix's counted */
  constructor(
    readonly decoder: Decoder,
    readonly prefix: PrefixCache,
    places: number,
  ) {
    this.#rotary = decoder.positions(places);
  }

  /** For each layer [H, M, D], of the M tokens so far. */
  get keys(): readonly tf.Tensor3D[] {
    return this.#keys;
  }

  get values(): readonly tf.Tensor3D[] {
    return this.#values;
  }

  /** Tokens so far, which is the number that the next one gets. */
  get size(): number {
    return this.#parents.length;
  }

  /** @returns [N, C] hidden states after the last norm; the caller's to dispose of */
  run({ ids, parents, lengths }: BranchTokens): tf.Tensor2D {
    const { H, G, D } = this.decoder.heads;
    const first = this.size;
    this.#parents.push(...parents);
    parents.forEach((parent, n) => {
      this.#positions.push(parent < 0 ? (lengths[n] as number) : (this.#positions[parent] as number) + 1);
    });
    const forest = { parents: Int32Array.from(this.#parents), lengths: Int32Array.from(lengths) };
    const [keys, values]: [tf.Tensor3D[], tf.Tensor3D[]] = [[], []];
    const hidden = tf.tidy(() => {
      const rotary = atPositions(this.#rotary, this.#positions.slice(first));
      const grown = (earlier: tf.Tensor3D | undefined, x: tf.Tensor3D): tf.Tensor3D =>
        tf.keep(earlier === undefined ? x : tf.concat([earlier, x], 1));
      return this.decoder.layers(this.decoder.embed(tf.tensor1d(Int32Array.from(ids), 'int32')), (layer, q, k, v) => {
        const kh = grown(this.#keys[layer], toHeads(k, { H, G, D }, rotary)); // [H, M, D]
        const vh = grown(this.#values[layer], toHeads(v, { H, G, D })); // [H, M, D]
        keys.push(kh);
        values.push(vh);
        const qh = toHeads(q, { H, G: H, D }, rotary, 1 / Math.sqrt(D)); // [H, N, D]
        const [prefixKeys, prefixValues] = [this.prefix.keys[layer], this.prefix.values[layer]] as [
          tf.Tensor3D,
          tf.Tensor3D,
        ];
        return treeAttention(qh, prefixKeys, prefixValues, kh, vh, forest);
      });
    });
    tf.dispose([...this.#keys, ...this.#values]);
    [this.#keys, this.#values] = [keys, values];
    return hidden;
  }

  dispose(): void {
    tf.dispose([...this.#keys, ...this.#values, this.#rotary.cos, this.#rotary.sin, this.#rotary.quarter]);
  }
}
