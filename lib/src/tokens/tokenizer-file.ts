/** A tokenizer in the form of Hugging Face's `tokenizer.json` and `tokenizer_config.json`. */
import { PIECE_PATTERN } from './byte-level';
import type { Bpe } from './train-bpe';

/** Begins and ends every document and pads batches; id 0. */
export const END_OF_TEXT = '<|endoftext|>';

const addedToken = (id: number, content: string, special: boolean) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special,
});

/** The content of `tokenizer.json`; the phrases get the ids after the vocabulary's. */
export const tokenizerJson = ({ vocabulary, merges }: Bpe, phrases: readonly string[]): object => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [
    addedToken(0, END_OF_TEXT, true),
    ...phrases.map((phrase, i) => addedToken(vocabulary.length + i, phrase, false)),
  ],
  normalizer: null,
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: PIECE_PATTERN }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  },
  post_processor: null,
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: true,
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    merges,
  },
});

/** The content of a `tokenizer.json` with phrases added as tokens from an id on. */
export const withAddedTokens = (json: object, first: number, phrases: readonly string[]): object => {
  const { added_tokens: before = [] } = json as { added_tokens?: readonly object[] };
  return { ...json, added_tokens: [...before, ...phrases.map((phrase, i) => addedToken(first + i, phrase, false))] };
};

/** The content of `tokenizer_config.json`, for `AutoTokenizer.from_pretrained`. */
export const tokenizerConfigJson = (): object => ({
  tokenizer_class: 'PreTrainedTokenizerFast',
  bos_token: END_OF_TEXT,
  eos_token: END_OF_TEXT,
  pad_token: END_OF_TEXT,
  clean_up_tokenization_spaces: false,
});
