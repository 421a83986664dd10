/** How many times as perplexed one model is as another: what compares models of whatever level, small fits included. */
import { perplexityEstimate, type BootstrapOptions, type Compared, type Estimate } from '../evaluation';
import { StudyError } from './study-error';

/**
 * The first's perplexity divided by the second's, paired: each resample of persons is one for both.
 *
 * @throws StudyError unless both are of as many observations
 */
export const perplexityRatio = (
  first: readonly Compared[],
  second: readonly Compared[],
  options: BootstrapOptions = {},
): Estimate => {
  if (first.length !== second.length) {
    throw new StudyError(`${first.length} and ${second.length} observations cannot be paired: score the same persons.`);
  }
  // exp of minus the mean of log P1 - log P2 is the ratio
  const ratio = first.map((one, i) => ({
    ...one,
    logProbability: one.logProbability - (second[i] as Compared).logProbability,
  }));
  return perplexityEstimate(ratio, options);
};

/** As many digits as can be read in a sentence: `7.12`, `1,297`, `2.1 million`, `0.0041`. */
export const shortNumber = (value: number, digits = 2): string => {
  const size = Math.abs(value);
  if (size >= 1e6) {
    return value.toLocaleString('en-US', { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 2 });
  }
  if (size >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
  return size === 0 || size >= 0.01 ? value.toFixed(digits) : String(Number(value.toPrecision(2)));
};

/** A share in words: `10 %`, `0.5 %`. */
export const percentOf = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** What the interval of a ratio allows to say, with so many digits behind the point. */
export const ratioVerdict = (first: string, second: string, { value, interval }: Estimate, digits = 2): string => {
  if (value === null || interval === null) return `${first} and ${second} cannot be compared on so few persons.`;
  const [low, high] = interval;
  const size = `${shortNumber(value, digits)} times its perplexity (${shortNumber(low, digits)} to ${shortNumber(high, digits)})`;
  if (high < 1) return `${first}: less perplexed than ${second}, ${size}.`;
  if (low > 1) return `${first}: more perplexed than ${second}, ${size}.`;
  return `${first}: whether less or more perplexed than ${second} cannot be told, ${size}.`;
};
