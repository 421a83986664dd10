/** Titles as a tree of tokens: what titles share is scored once. */
import { TokensError } from './errors';

/** N nodes in depth-first order, children by token id; node 0 is the root, where the prompt has just ended. */
export interface TitleTrie {
  /** N, the root included. */
  readonly size: number;
  /** [N] the token that leads to the node; -1 for the root. */
  readonly token: Int32Array;
  /** [N] the node before it, which is always a smaller number; -1 for the root. */
  readonly parent: Int32Array;
  /** [N] number of tokens up to and including the node's; 0 for the root. */
  readonly depth: Int32Array;
  /** [N] the nodes behind each, by token id; none behind a leaf. */
  readonly children: readonly (readonly number[])[];
  /** The nodes that have others behind them, but for the root. */
  readonly inner: readonly number[];
  /** The depth of the deepest node. */
  readonly deepest: number;
  /** [J] the node at which each occupation's title and its newline are complete. */
  readonly leaf: Int32Array;
}

/**
 * The trie of the declared titles' answers.
 *
 * @param answers [J] the tokens of each title with its newline (`ResumeTokenizer.encodeTitles`)
 * @throws TokensError where one is empty, or the same as another or its beginning (as no two titles' answers are).
 */
export const titleTrie = (answers: readonly (readonly number[])[]): TitleTrie => {
  const inOrder = answers.map((tokens, occupation) => ({ tokens, occupation }));
  inOrder.sort((a, b) => compareTokens(a.tokens, b.tokens));
  const token = [-1];
  const parent = [-1];
  const depth = [0];
  const children: number[][] = [[]];
  const leaf = new Int32Array(answers.length);
  /** Nodes from the root to the leaf of the title before. */
  let path = [0];
  let before: readonly number[] = [];
  for (const { tokens, occupation } of inOrder) {
    const shared = sharedLength(before, tokens);
    if (shared === tokens.length || (shared === before.length && before.length > 0)) {
      throw new TokensError('title', occupation, 'has the tokens of another title, or the beginning of them.');
    }
    path = path.slice(0, shared + 1);
    for (const next of tokens.slice(shared)) {
      const before = path.at(-1) as number;
      children[before]?.push(children.push([]) - 1);
      parent.push(before);
      depth.push(path.length);
      path.push(token.push(next) - 1);
    }
    leaf[occupation] = path.at(-1) as number;
    before = tokens;
  }
  return {
    size: token.length,
    token: Int32Array.from(token),
    parent: Int32Array.from(parent),
    depth: Int32Array.from(depth),
    children,
    inner: children.flatMap((behind, node) => (node > 0 && behind.length > 0 ? [node] : [])),
    deepest: depth.reduce((most, one) => Math.max(most, one), 0),
    leaf,
  };
};

const sharedLength = (a: readonly number[], b: readonly number[]): number => {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
};

const compareTokens = (a: readonly number[], b: readonly number[]): number => {
  const i = sharedLength(a, b);
  return (a[i] ?? -1) - (b[i] ?? -1);
};
