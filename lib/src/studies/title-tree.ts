/** Some titles as the tree of tokens in which the decoder finds them, each branch with its probability. */
import type { OccupationIndex } from '../careers';
import type { LaborLlm, Query } from '../models';
import { titleTrie } from '../tokens/title-trie';

/** A token on the way to titles. */
export interface TitleTreeNode {
  /** The token as text, without the space before it; a newline is `⏎`, a space alone `␣`. */
  readonly text: string;
  /** The node before, by its position; -1 behind the prompt. */
  readonly parent: number;
  /** Tokens up to and including this one. */
  readonly depth: number;
  /** P(token | prompt and the tokens before). */
  readonly probability: number;
  /** P(all tokens up to this one | prompt): at the end of a title the title's. */
  readonly reached: number;
  /** The occupation whose title ends here; undefined on the way. */
  readonly occupation?: OccupationIndex;
}

const shown = (token: string): string => token.replace('\n', '⏎').trim() || '␣';

/** The nodes of the tree of these titles, parents before children, by depth first. */
export const titleTree = (
  model: LaborLlm,
  query: Query,
  occupations: readonly OccupationIndex[],
): readonly TitleTreeNode[] => {
  const titles = model.titleTokens(query, occupations);
  const trie = titleTrie(titles.map(({ ids }) => ids));
  const logs = new Float64Array(trie.size);
  const ends = new Map<number, OccupationIndex>();
  titles.forEach(({ logProbabilities }, title) => {
    let node = trie.leaf[title] as number;
    ends.set(node, occupations[title] as OccupationIndex);
    for (let at = logProbabilities.length - 1; at >= 0; at--) {
      logs[node] = logProbabilities[at] as number;
      node = trie.parent[node] as number;
    }
  });
  const reached = new Float64Array(trie.size);
  const nodes: TitleTreeNode[] = [];
  for (let node = 1; node < trie.size; node++) {
    const parent = trie.parent[node] as number;
    const log = logs[node] as number;
    reached[node] = (reached[parent] as number) + log;
    const occupation = ends.get(node);
    nodes.push({
      text: shown(model.tokenizer.decode([trie.token[node] as number])),
      parent: parent - 1, // the root is no token
      depth: trie.depth[node] as number,
      probability: Math.exp(log),
      reached: Math.exp(reached[node] as number),
      ...(occupation === undefined ? {} : { occupation }),
    });
  }
  return nodes;
};

/**
 * Titles that show what a tree is for: the most probable one, then the most probable of those that begin with the same word
 * as another, each with the most probable of these.
 */
export const branchingTitles = (
  titles: readonly string[],
  probabilities: ArrayLike<number>,
  count: number,
): readonly OccupationIndex[] => {
  const firstWords = titles.map((title) => /[\p{L}\p{N}]+/u.exec(title)?.[0] ?? title);
  const families = new Map<string, number>();
  for (const word of firstWords) families.set(word, (families.get(word) ?? 0) + 1);
  const isAlone = (j: number): boolean => families.get(firstWords[j] as string) === 1;
  const [first, ...others] = titles
    .map((_, j) => j)
    .sort((a, b) => (probabilities[b] as number) - (probabilities[a] as number));
  if (first === undefined) return [];
  const left = [first, ...others.filter((j) => !isAlone(j)), ...others.filter(isAlone)];
  const chosen: number[] = [];
  while (chosen.length < count && left.length > 0) {
    const next = left.shift() as number;
    chosen.push(next);
    const relative = left.findIndex((j) => firstWords[j] === firstWords[next]);
    if (relative >= 0 && chosen.length < count) chosen.push(...left.splice(relative, 1));
  }
  return chosen as OccupationIndex[];
};
