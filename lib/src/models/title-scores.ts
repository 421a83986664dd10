/**
 * Probabilities of all titles at several places of one career: the titles form a tree of tokens, whose branches are run
 * behind the career's own pass, so that what titles share is computed once. Exact, or cut where a branch has next to no
 * probability.
 */
import { setImmediate } from 'node:timers/promises';
import { Branches, type Decoder, type PrefixCache } from '../decoder';
import { logProbabilitiesAt, tf } from '../tensors';
import type { TitleTrie } from '../tokens';

/** Most tokens of a run, which bounds memory at any number of titles. */
const BLOCK_TOKENS = 8192;

/** What is known of the titles at one place. */
export interface TitleScores {
  /** [J] log P(title, its newline included); -Infinity where its branch was not followed. */
  readonly logProbabilities: Float64Array;
  /** Probability of the branches that were not followed; 0 without a bound. */
  readonly leftOut: number;
}

/** Where titles are asked about: behind how many of a prefix's tokens, and which. */
export interface AskedTitles {
  readonly length: number;
  readonly trie: TitleTrie;
}

/** One place: [N] log-probability of each node of its trie, the root's being 0. */
interface Place extends AskedTitles {
  readonly logs: Float64Array;
  leftOut: number;
}

/** A node of the trie at a place, which is run as a token. */
interface Visit {
  readonly place: Place;
  readonly node: number;
  /** The number of its parent among the tokens run. */
  readonly parent: number;
  /** Whether it runs only so that others can follow it. */
  readonly known?: boolean;
}

/** Sets the log-probabilities of the children of nodes from the hidden states behind them. */
const follow = (
  decoder: Decoder,
  hidden: tf.Tensor2D,
  nodes: readonly (Pick<Visit, 'place' | 'node' | 'known'> | undefined)[],
): void => {
  const rows: number[] = [];
  const children: number[] = [];
  const tokens: number[] = [];
  nodes.forEach((visit, row) => {
    if (visit === undefined || visit.known) return;
    const { trie } = visit.place;
    for (const child of trie.children[visit.node] as readonly number[]) {
      rows.push(row);
      children.push(child);
      tokens.push(trie.token[child] as number);
    }
  });
  const edges = tf.tidy(() =>
    logProbabilitiesAt(decoder.logits(hidden), Int32Array.from(rows), Int32Array.from(tokens)).dataSync(),
  );
  children.forEach((child, edge) => {
    const { place, node } = nodes[rows[edge] as number] as Visit;
    place.logs[child] = (place.logs[node] as number) + (edges[edge] as number);
  });
};

/** Runs nodes behind the prefix, parents before children, and follows them. */
const visitAll = (branches: Branches, visits: readonly Visit[]): void => {
  const hidden = branches.run({
    ids: visits.map(({ place, node }) => place.trie.token[node] as number),
    parents: visits.map(({ parent }) => parent),
    lengths: visits.map(({ place }) => place.length),
  });
  follow(branches.decoder, hidden, visits);
  hidden.dispose();
};

const isInner = (trie: TitleTrie, node: number): boolean => (trie.children[node] as readonly number[]).length > 0;

/** The only child of a node, where it is an inner node. */
const onlyInner = (trie: TitleTrie, node: number): number | undefined => {
  const [only, ...others] = trie.children[node] as readonly number[];
  return only !== undefined && others.length === 0 && isInner(trie, only) ? only : undefined;
};

/** Every inner node at every place, in blocks: one that begins within a tree runs the nodes above its first again. */
const exact = async (open: () => Branches, places: readonly Place[], blockTokens: number): Promise<void> => {
  let visits: Visit[] = [];
  const run = async (): Promise<void> => {
    if (visits.length === 0) return;
    const branches = open();
    try {
      visitAll(branches, visits);
    } finally {
      branches.dispose();
    }
    visits = [];
    await setImmediate();
  };
  for (const place of places) {
    const { trie } = place;
    const numbers = new Int32Array(trie.size).fill(-1);
    const visit = (node: number, known: boolean): void => {
      const above = trie.parent[node] as number;
      if (above > 0 && numbers[above] === -1) visit(above, true);
      numbers[node] = visits.length;
      visits.push({ place, node, parent: above > 0 ? (numbers[above] as number) : -1, known });
    };
    for (const node of trie.inner) {
      if (visits.length >= blockTokens) {
        await run();
        numbers.fill(-1);
      }
      visit(node, false);
    }
  }
  await run();
};

/** In waves: only nodes of at least the bound's probability are run, each with the nodes that must follow it. */
const cut = async (branches: Branches, places: readonly Place[], bound: number, blockTokens: number): Promise<void> => {
  const least = Math.log(bound);
  let wave: Visit[] = [];
  /** Takes the children of a node whose log-probabilities are known into the next wave, or gives them up. */
  const consider = (place: Place, node: number, number: number, next: Visit[]): void => {
    for (const child of place.trie.children[node] as readonly number[]) {
      if (!isInner(place.trie, child)) continue;
      const log = place.logs[child] as number;
      if (log >= least) next.push({ place, node: child, parent: number });
      else place.leftOut += Math.exp(log);
    }
  };
  for (const place of places) consider(place, 0, -1, wave);
  while (wave.length > 0) {
    const next: Visit[] = [];
    for (let begin = 0; begin < wave.length; begin += blockTokens) {
      const visits: Visit[] = [];
      const first = branches.size;
      for (const { place, node, parent } of wave.slice(begin, begin + blockTokens)) {
        visits.push({ place, node, parent });
        // an only child that goes on is run along: it costs less than a wave of its own
        for (let only = onlyInner(place.trie, node); only !== undefined; only = onlyInner(place.trie, only)) {
          visits.push({ place, node: only, parent: first + visits.length - 1 });
        }
      }
      visitAll(branches, visits);
      visits.forEach(({ place, node }, index) => {
        if (onlyInner(place.trie, node) === undefined) consider(place, node, first + index, next);
      });
      await setImmediate();
    }
    wave = next;
  }
};

/**
 * Log-probabilities of a trie's titles behind the first tokens of a prefix, at several places of it.
 *
 * @param bound   a branch of less probability is not followed; 0 for exact probabilities
 * @returns [places]
 * @throws DecoderError where a title behind the longest prompt stands beyond the decoder's positions
 */
export const scoreTitles = async (
  decoder: Decoder,
  prefix: PrefixCache,
  asked: readonly AskedTitles[],
  bound = 0,
  blockTokens = BLOCK_TOKENS,
): Promise<TitleScores[]> => {
  const places = asked.map(({ length, trie }): Place => {
    const logs = new Float64Array(trie.size).fill(-Infinity);
    logs[0] = 0;
    return { length, trie, logs, leftOut: 0 };
  });
  tf.tidy(() => {
    const ends = tf.gather(
      prefix.hidden,
      Int32Array.from(places, ({ length }) => length - 1),
    ); // [places, C]
    follow(
      decoder,
      ends,
      places.map((place) => ({ place, node: 0 })),
    );
  });
  const positions = places.reduce((most, { length, trie }) => Math.max(most, length + trie.deepest), 0);
  const open = (): Branches => new Branches(decoder, prefix, positions);
  if (bound > 0) {
    const branches = open();
    try {
      await cut(branches, places, bound, blockTokens);
    } finally {
      branches.dispose();
    }
  } else {
    await exact(open, places, blockTokens);
  }
  return places.map(({ trie, logs, leftOut }) => ({
    logProbabilities: Float64Array.from(trie.leaf, (node) => logs[node] as number),
    leftOut,
  }));
};
