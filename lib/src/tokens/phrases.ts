/** Fixed phrases as single tokens, without harm to titles. */
import { TokensError } from './errors';
import { END_OF_TEXT } from './tokenizer-file';

/**
 * The phrases that can be single tokens: those that are a whole answer (its newline aside) or stand in none, so that no
 * phrase is found within a longer title.
 *
 * A tokenizer finds phrases before anything else, anywhere in a text. None may be found across the boundary of two
 * segments, or tokens would depend on what a title stands next to: before an answer that is ": ", after it a newline
 * and a year's digit or the "<" of the last line.
 *
 * @throws TokensError for a phrase that could be.
 */
export const safePhrases = (phrases: readonly string[], answers: ReadonlySet<string>): readonly string[] => {
  for (const phrase of phrases) {
    if (/: |\n[0-9<]/u.test(phrase)) {
      throw new TokensError('phrase', phrase, 'could reach across the boundary of a title: leave it out.');
    }
    // byte-level decoders take a token for plain text by the space in it
    if (!phrase.includes(' ')) throw new TokensError('phrase', phrase, 'has no space: leave it to the merges.');
    if (phrase.includes(END_OF_TEXT)) throw new TokensError('phrase', phrase, `holds ${END_OF_TEXT}: leave it out.`);
  }
  const all = [...answers];
  return [...new Set(phrases)].filter(
    (phrase) => !all.some((answer) => answer.trimEnd() !== phrase.trimEnd() && answer.includes(phrase)),
  );
};

/** What is left of a text between phrases, the longest phrase taken where several begin at one place. */
export const splitByPhrases = (text: string, phrases: readonly string[]): readonly string[] => {
  const longestFirst = [...phrases].sort((a, b) => b.length - a.length);
  return text.split(new RegExp(longestFirst.map(escapeRegExp).join('|'), 'u')).filter((rest) => rest !== '');
};

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
