/**
 * The tokenizer of resumes: trained on train persons' resumes and the declared titles, kept in Hugging Face's files.
 *
 * A resume is always encoded in its segments (header, prompts, answers), and the tokens are joined: what stands before
 * a title cannot change its tokens, so P(title | prompt) does not depend on how the pair is tokenized. The pieces that
 * merges stay within (byte-level.ts) make that the same as encoding the whole text at once, for any title.
 */
import type * as HuggingFace from '@huggingface/tokenizers' with { 'resolution-mode': 'import' };
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { titleAnswer, type PromptParts, type ResumeParts } from '../resumes';
import { writeFileAtomic } from '../support';
import { asByteCharacters, piecesOf } from './byte-level';
import { TokensError } from './errors';
import { safePhrases, splitByPhrases } from './phrases';
import { END_OF_TEXT, tokenizerConfigJson, tokenizerJson, withAddedTokens } from './tokenizer-file';
import { pruneBpe } from './prune-bpe';
import { trainBpe } from './train-bpe';

// The package's types are for ESM alone, though its build for Node has CommonJS too: `import` would not compile here.
const { Tokenizer } = createRequire(__filename)('@huggingface/tokenizers') as typeof HuggingFace;

export interface TokenizerTraining {
  /** The declared titles of every survey: public, so each counts once even where no train person has it. */
  readonly titles: readonly string[];
  /** Strings to take as single tokens (`templatePhrases`); one that stands in a title stays ordinary text. */
  readonly phrases?: readonly string[];
  /** Upper bound of the vocabulary while it is learnt, phrases included; what only led to whole words is left out then. */
  readonly vocabularySize?: number;
}

/** As `tokenizer_config.json` names a token. */
type SpecialToken = string | { readonly content: string } | null;

/** A resume as token ids, and where its titles are among them. */
export interface TokenizedResume {
  /** [T] without `endOfText` at either end. */
  readonly ids: Int32Array;
  /** For each entry, title and newline are ids[start, end). */
  readonly titles: readonly { readonly start: number; readonly end: number }[];
}

const DEFAULT_VOCABULARY_SIZE = 2048;
/** A pair that occurs once is no pattern. */
const MINIMUM_COUNT = 2;
/** Segments kept with their ids: headers repeat less than entries do, and would grow without end in a server. */
const CACHED_SEGMENTS = 200_000;

export class ResumeTokenizer {
  /** Number of ids, the phrases' included: rows of the embedding. */
  readonly vocabularySize: number;
  /** The id of the token that ends every document, and pads batches. */
  readonly endOfText: number;
  /** The id of the token that begins every document: in tokenizers of ours the one that ends it. */
  readonly beginOfText: number;
  private readonly library: HuggingFace.Tokenizer;
  private readonly cache = new Map<string, readonly number[]>();

  private constructor(
    private readonly tokenizerText: string,
    private readonly configText: string,
  ) {
    const config = parseObject(configText, 'tokenizer_config.json');
    this.library = new Tokenizer(parseObject(tokenizerText, 'tokenizer.json'), config);
    this.vocabularySize = Math.max(...this.library.get_vocab().values()) + 1;
    const { eos_token, bos_token } = config as Record<'eos_token' | 'bos_token', SpecialToken | undefined>;
    const idOf = (name: string, token: SpecialToken | undefined): number => {
      const content = typeof token === 'object' ? token?.content : token;
      const id = content === undefined ? undefined : this.library.token_to_id(content);
      if (id === undefined) throw new TokensError(`tokenizer_config.json, ${name}`, content, 'is no token.');
      return id;
    };
    this.endOfText = idOf('eos_token', eos_token);
    this.beginOfText = idOf('bos_token', bos_token ?? eos_token);
  }

  /**
   * Trains on resumes, which the caller has taken from train persons only. The same resumes give the same tokenizer.
   *
   * @throws TokensError for a phrase that could reach across a title's boundary, and a vocabulary without room.
   */
  static train(resumes: Iterable<ResumeParts>, options: TokenizerTraining): ResumeTokenizer {
    const segments = new Map<string, number>();
    const answers = new Set<string>();
    const count = (segment: string): void => void segments.set(segment, (segments.get(segment) ?? 0) + 1);
    for (const title of options.titles) {
      const answer = titleAnswer(title);
      if (answer.includes(END_OF_TEXT)) throw new TokensError('title', title, `holds ${END_OF_TEXT}: rename it.`);
      answers.add(answer);
    }
    answers.forEach(count);
    for (const { header, entries, end } of resumes) {
      count(header);
      count(end);
      for (const { prompt, answer } of entries) {
        count(prompt);
        count(answer);
        answers.add(answer);
      }
    }

    const phrases = safePhrases(options.phrases ?? [], answers);
    const pieces = new Map<string, number>();
    for (const [segment, times] of segments) {
      for (const text of splitByPhrases(segment, [END_OF_TEXT, ...phrases])) {
        for (const piece of piecesOf(text)) {
          const word = asByteCharacters(piece);
          pieces.set(word, (pieces.get(word) ?? 0) + times);
        }
      }
    }
    const vocabularySize = (options.vocabularySize ?? DEFAULT_VOCABULARY_SIZE) - phrases.length;
    if (!(vocabularySize >= 257)) {
      const reason = `leaves no room for 256 bytes, ${END_OF_TEXT} and ${phrases.length} phrases: take a larger one.`;
      throw new TokensError('vocabularySize', options.vocabularySize, reason);
    }
    const special = [END_OF_TEXT];
    const trained = trainBpe(pieces, { special, vocabularySize, minimumCount: MINIMUM_COUNT });
    const bpe = pruneBpe(trained, pieces.keys(), special);
    return new ResumeTokenizer(
      `${JSON.stringify(tokenizerJson(bpe, phrases), null, 1)}\n`,
      `${JSON.stringify(tokenizerConfigJson(), null, 2)}\n`,
    );
  }

  /**
   * Reads `tokenizer.json` and `tokenizer_config.json` from a folder.
   *
   * @throws TokensError where one is not there or not what it should be.
   */
  static async load(folder: string): Promise<ResumeTokenizer> {
    const read = async (name: string): Promise<string> =>
      readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new TokensError(name, folder, `has no such file that could be read (${error.code}).`);
      });
    return new ResumeTokenizer(await read('tokenizer.json'), await read('tokenizer_config.json'));
  }

  /**
   * A tokenizer that takes phrases as single tokens besides, of ids behind all others; one that stands in a title stays
   * ordinary text, one that is a token already stays that.
   *
   * @returns with `pieces`, [new tokens] the ids that each was before
   * @throws TokensError for a phrase that could reach across a title's boundary
   */
  withPhrases(
    phrases: readonly string[],
    titles: readonly string[],
  ): { readonly tokenizer: ResumeTokenizer; readonly pieces: readonly (readonly number[])[] } {
    const added = safePhrases(phrases, new Set(titles.map(titleAnswer))).filter(
      (phrase) => this.encode(phrase).length > 1,
    );
    const json = withAddedTokens(parseObject(this.tokenizerText, 'tokenizer.json'), this.vocabularySize, added);
    return {
      tokenizer: new ResumeTokenizer(`${JSON.stringify(json, null, 1)}\n`, this.configText),
      pieces: added.map((phrase) => this.encode(phrase)),
    };
  }

  /** Writes `tokenizer.json` and `tokenizer_config.json` into a folder, each atomically. */
  async save(folder: string): Promise<void> {
    await writeFileAtomic(join(folder, 'tokenizer_config.json'), this.configText);
    await writeFileAtomic(join(folder, 'tokenizer.json'), this.tokenizerText);
  }

  /** The ids of any text, as every library that reads the file gives them; no `endOfText` is added. */
  encode(text: string): number[] {
    return this.library.encode(text, { add_special_tokens: false }).ids;
  }

  /** The text of ids; `decode(encode(text))` is the text. */
  decode(ids: ArrayLike<number>): string {
    return ids.length === 0 ? '' : this.library.decode(Array.from(ids), { clean_up_tokenization_spaces: false });
  }

  /** `encode` of a segment (a header, a prompt, an answer), remembered: segments repeat all through a survey. */
  encodeSegment(segment: string): readonly number[] {
    const known = this.cache.get(segment);
    if (known) return known;
    const ids = this.encode(segment);
    if (ids.includes(this.endOfText)) {
      throw new TokensError('text', segment, 'holds the token that ends a document: rename it in the survey.');
    }
    if (this.cache.size >= CACHED_SEGMENTS) this.cache.clear();
    this.cache.set(segment, ids);
    return ids;
  }

  /** The tokens of each title's answer (` Title\n`), which is what `titleTrie` takes. */
  encodeTitles(titles: readonly string[]): readonly (readonly number[])[] {
    return titles.map((title) => this.encodeSegment(titleAnswer(title)));
  }

  /** A resume's ids and where its titles are. */
  encodeResume({ header, entries, end }: ResumeParts): TokenizedResume {
    return this.encodeParts(header, entries, end);
  }

  /** As `encodeResume`, up to the colon after which the title to predict follows. */
  encodePrompt({ header, entries, prompt }: PromptParts): TokenizedResume {
    return this.encodeParts(header, entries, prompt);
  }

  private encodeParts(header: string, entries: ResumeParts['entries'], last: string): TokenizedResume {
    const segments = [this.encodeSegment(header)];
    const titles: { start: number; end: number }[] = [];
    let length = this.encodeSegment(header).length;
    for (const { prompt, answer } of entries) {
      const promptIds = this.encodeSegment(prompt);
      const answerIds = this.encodeSegment(answer);
      segments.push(promptIds, answerIds);
      const start = length + promptIds.length;
      length = start + answerIds.length;
      titles.push({ start, end: length });
    }
    const lastIds = this.encodeSegment(last);
    segments.push(lastIds);
    const ids = new Int32Array(length + lastIds.length);
    let at = 0;
    for (const segment of segments) {
      ids.set(segment, at);
      at += segment.length;
    }
    return { ids, titles };
  }
}

const parseObject = (text: string, file: string): object => {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // said below, as for JSON that is no object
  }
  throw new TokensError(file, text.slice(0, 40), 'is no JSON object: write the tokenizer again.');
};
