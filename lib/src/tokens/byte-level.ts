/**
 * Text in the form that byte-level BPE works on (Radford et al. 2019, GPT-2's encoder.py): split where no merge may
 * reach across, and each byte of the UTF-8 written as one printable character.
 */

/**
 * The pieces of a text that merges stay within: a newline; digits; a word with its punctuation; each of the last two
 * with the space before it, if any. So a title of n words is at least n tokens, a year can be one, the newline after a
 * title is always one of its own, and no piece depends on what stands before or after it in another segment.
 *
 * No \s or \p{...} in it: the engines behind `tokenizers` in Rust and in JavaScript differ in those.
 */
export const PIECE_PATTERN = '\\n| ?[0-9]+| ?[^ \\n0-9]+| ';

const PIECES = new RegExp(PIECE_PATTERN, 'gu');

/** The pieces of a text, which joined are the text. */
export const piecesOf = (text: string): readonly string[] => text.match(PIECES) ?? [];

/** [256] The character that stands for each byte: printable ones for themselves, the others from U+0100 on. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(printable ? byte : next++);
  });
})();

/** The UTF-8 bytes of a text, each as its character. */
export const asByteCharacters = (text: string): string =>
  Array.from(Buffer.from(text, 'utf8'), (byte) => BYTE_CHARACTERS[byte]).join('');
