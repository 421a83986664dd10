import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { entryPrompt, titleAnswer, type ResumeParts } from 'labor-llm/resumes';
import { ResumeTokenizer, TokensError } from 'labor-llm/tokens';

const FIXTURES = join(__dirname, '../fixtures/tokens');
const fixture = <T>(name: string): T => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as T;

const titles = readFileSync(join(FIXTURES, 'titles.txt'), 'utf8').split('\n').slice(0, -1);
const resumes = fixture<ResumeParts[]>('resumes.json');
const phrases = fixture<{ added_tokens: { content: string }[] }>('tokenizer.json')
  .added_tokens.slice(1)
  .map(({ content }) => content);
const vocabularySize = 1000;

const textOf = ({ header, entries, end }: ResumeParts): string =>
  header + entries.map(({ prompt, answer }) => prompt + answer).join('') + end;

/** What occurs at least twice. */
const repeated = (values: readonly string[]): string[] => [
  ...new Set(values.filter((value, i) => values.indexOf(value) !== i)),
];

describe('ResumeTokenizer', () => {
  let folder: string;
  let tokenizer: ResumeTokenizer;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'resume-tokenizer-'));
    tokenizer = ResumeTokenizer.train(resumes, { titles, phrases, vocabularySize });
  });
  after(() => rmSync(folder, { recursive: true }));

  it("writes the tokenizer.json that Hugging Face's tokenizers trains on the same resumes (tokenizer.py)", async () => {
    await tokenizer.save(folder);
    assert.deepEqual(readdirSync(folder).sort(), ['tokenizer.json', 'tokenizer_config.json']);
    for (const name of readdirSync(folder)) {
      assert.deepEqual(JSON.parse(readFileSync(join(folder, name), 'utf8')), fixture(name), name);
    }
    const { model } = fixture<{ model: { vocab: object } }>('tokenizer.json');
    assert.equal(tokenizer.vocabularySize, Object.keys(model.vocab).length + phrases.length);
    assert.ok(tokenizer.vocabularySize < vocabularySize - 100, 'steps on the way to whole words are left out');
    assert.equal(tokenizer.endOfText, 0);
  });

  it("gives the ids of Hugging Face's tokenizers for 1,000 strings, and the strings back (encoding.json)", async () => {
    const loaded = await ResumeTokenizer.load(FIXTURES);
    const encoded = fixture<{ text: string; ids: number[] }[]>('encoding.json');
    assert.equal(encoded.length, 1000);
    for (const { text, ids } of encoded) {
      assert.deepEqual(loaded.encode(text), ids, JSON.stringify(text));
      assert.equal(loaded.decode(ids), text);
    }
  });

  it('is the same after saving and loading', async () => {
    await tokenizer.save(folder);
    const loaded = await ResumeTokenizer.load(folder);
    assert.equal(loaded.vocabularySize, tokenizer.vocabularySize);
    assert.equal(loaded.endOfText, tokenizer.endOfText);
    for (const parts of resumes) assert.deepEqual(loaded.encodeResume(parts), tokenizer.encodeResume(parts));
  });

  it('is the same whatever the order of the resumes', async () => {
    const other = ResumeTokenizer.train([...resumes].reverse(), { titles, phrases, vocabularySize });
    await tokenizer.save(join(folder, 'a'));
    await other.save(join(folder, 'b'));
    const [a, b] = ['a', 'b'].map((name) => readFileSync(join(folder, name, 'tokenizer.json'), 'utf8'));
    assert.equal(a, b);
  });

  it('encodes a resume as its whole text, and finds each title with its newline', () => {
    for (const parts of resumes) {
      const { ids, titles: found } = tokenizer.encodeResume(parts);
      assert.deepEqual(Array.from(ids), tokenizer.encode(textOf(parts)));
      assert.deepEqual(
        found.map(({ start, end }) => tokenizer.decode(ids.subarray(start, end))),
        parts.entries.map(({ answer }) => answer),
      );
    }
  });

  it('encodes a prompt as the beginning of the resume that goes on from it', () => {
    const { header, entries } = resumes.find((parts) => parts.entries.length > 2) as ResumeParts;
    const prompt = entries[2]?.prompt as string;
    const { ids, titles: found } = tokenizer.encodePrompt({ header, entries: entries.slice(0, 2), prompt });
    const whole = tokenizer.encodeResume({ header, entries, end: '<END OF DATA>' });
    assert.equal(found.length, 2);
    assert.equal(ids.length, whole.titles[2]?.start);
    assert.deepEqual(ids, whole.ids.subarray(0, ids.length));
  });

  it('takes a year, a phrase and a word that occurs twice as one token each where the vocabulary suffices', () => {
    const large = ResumeTokenizer.train(resumes, { titles, phrases, vocabularySize: 5000 });
    const years = repeated(resumes.flatMap(({ entries }) => entries.map(({ prompt }) => prompt.slice(0, 4))));
    assert.ok(years.length > 40);
    for (const year of years) assert.equal(large.encode(year).length, 1, year);
    for (const phrase of phrases) assert.equal(large.encode(phrase).length, 1, phrase);
    const words = repeated(titles.flatMap((title) => title.split(' ')));
    assert.ok(words.length > 100);
    for (const word of words) assert.equal(large.encode(` ${word}`).length, 1, word);
  });

  it('takes a title of n words as at least n tokens and its newline as one of its own', () => {
    const [newline] = tokenizer.encode('\n');
    for (const title of titles) {
      const ids = tokenizer.encodeSegment(titleAnswer(title));
      assert.equal(ids.at(-1), newline);
      assert.equal(ids.filter((id) => id === newline).length, 1);
      assert.ok(ids.length - 1 >= title.split(' ').length, title);
    }
  });

  describe("a title's tokens", () => {
    const odd = [
      '"Other"',
      "'s helper",
      '(n.e.c.)',
      '1st mates',
      ': x',
      '): y',
      ' Cooks',
      'Cooks ',
      '-',
      '…',
      'Ärzte',
      '医師',
    ];
    const educations = [undefined, 'some college', 'high school', 'odd: (level', 'x)', '1'];
    const next = '1999 (some college):';

    const assertApart = (prompt: string, answer: string): void => {
      const apart = [prompt, answer, next].flatMap((segment) => tokenizer.encode(segment));
      assert.deepEqual(tokenizer.encode(prompt + answer + next), apart, JSON.stringify(prompt + answer));
    };

    it('are the same alone and behind any prompt, for declared and for odd titles', () => {
      for (const education of educations) {
        for (const title of [...titles, ...odd]) assertApart(entryPrompt(1998, education), titleAnswer(title));
      }
    });

    it('are the same alone and behind a prompt for random titles, phrases of the template in them included', () => {
      const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...phrases, ...odd, ' ', ':', '1998'));
      const title = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('').replaceAll('\n', ' '));
      fc.assert(
        fc.property(title, fc.constantFrom(...educations), (text, education) =>
          assertApart(entryPrompt(1998, education), titleAnswer(text)),
        ),
        { seed: 20, numRuns: 500 },
      );
    });

    it('leave a phrase that stands in a title to ordinary tokens', () => {
      const swallowed = ' US worker residing in the';
      const other = ResumeTokenizer.train(resumes, { titles: [...titles, `Agent of a${swallowed} west`], phrases });
      assert.equal(tokenizer.encode(swallowed).length, 1);
      assert.equal(other.encode(swallowed).length, 5);
    });
  });

  it('refuses a phrase that could reach across the boundary of a title, naming it', () => {
    const across = ['): Cooks', '\n1984 (some college):', 'a\n<END OF DATA>', 'nospace', '<|endoftext|> x'];
    for (const phrase of across) {
      assert.throws(
        () => ResumeTokenizer.train(resumes, { titles, phrases: [phrase] }),
        (error: unknown) => error instanceof TokensError && error.value === phrase,
      );
    }
  });

  it('refuses a title or a covariate that holds the token which ends a document', () => {
    const about = { name: 'TokensError', message: /<\|endoftext\|>/ };
    assert.throws(() => ResumeTokenizer.train(resumes, { titles: ['a <|endoftext|> b'] }), about);
    const [first] = resumes as [ResumeParts];
    assert.throws(() => tokenizer.encodeResume({ ...first, header: `${first.header}<|endoftext|>` }), about);
  });

  it('refuses a vocabulary without room for the bytes and the phrases', () => {
    const about = { name: 'TokensError', where: 'vocabularySize' };
    assert.throws(() => ResumeTokenizer.train(resumes, { titles, phrases, vocabularySize: 260 }), about);
  });

  it('says which file is missing or broken', async () => {
    const empty = join(folder, 'empty');
    await assert.rejects(ResumeTokenizer.load(empty), { name: 'TokensError', where: 'tokenizer.json', value: empty });
    const broken = join(folder, 'broken');
    await tokenizer.save(broken);
    writeFileSync(join(broken, 'tokenizer.json'), '{"version": ');
    await assert.rejects(ResumeTokenizer.load(broken), { name: 'TokensError', where: 'tokenizer.json' });
  });
});
