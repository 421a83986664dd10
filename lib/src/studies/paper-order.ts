/** The order of models that the paper reports, pair by pair, beside what was found; also where the two disagree. */
import type { Estimate } from '../evaluation';

/** Of two models the one that the paper finds less perplexed, and what is known of it. */
interface PaperPair {
  readonly lower: string;
  readonly higher: string;
  readonly paper: string;
}

const pairs: readonly PaperPair[] = [
  { lower: 'labor-llm', higher: 'career', paper: 'on PSID 8.18 against 8.58, the best before' },
  { lower: 'career', higher: 'multinomial-logit', paper: 'CAREER was the best before' },
  { lower: 'career', higher: 'empirical', paper: 'CAREER was the best before' },
  { lower: 'labor-llm', higher: 'numeric', paper: 'codes in place of titles hurt' },
  { lower: 'labor-llm', higher: 'in-context', paper: 'fine-tuning beats in-context learning' },
  { lower: 'labor-llm', higher: 'off-the-shelf', paper: 'off the shelf is far worse' },
  { lower: 'in-context', higher: 'off-the-shelf', paper: 'examples help' },
];

export interface OrderFinding extends PaperPair {
  /** Perplexity of `lower` minus that of `higher`, paired. */
  readonly difference: Estimate;
  /** What the interval allows to say. */
  readonly found: 'agrees' | 'disagrees' | 'cannot be told';
}

/** @param difference of two models' perplexities; undefined where one of them is not there */
export const paperOrder = (
  difference: (lower: string, higher: string) => Estimate | undefined,
): readonly OrderFinding[] =>
  pairs.flatMap((pair) => {
    const found = difference(pair.lower, pair.higher);
    return found === undefined ? [] : [{ ...pair, difference: found, found: verdictOf(found) }];
  });

const verdictOf = ({ interval }: Estimate): OrderFinding['found'] => {
  if (interval === null) return 'cannot be told';
  const [low, high] = interval;
  return high < 0 ? 'agrees' : low > 0 ? 'disagrees' : 'cannot be told';
};
