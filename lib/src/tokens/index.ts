/** Text as token ids: byte-level BPE trained on resumes, in Hugging Face's files, and the trie of title tokens. */
export { TokensError } from './errors';
export { ResumeTokenizer, type TokenizedResume, type TokenizerTraining } from './resume-tokenizer';
export { titleTrie, type TitleTrie } from './title-trie';
export { trainBpe, type Bpe, type BpeOptions } from './train-bpe';
