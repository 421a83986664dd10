import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OccupationIndex, Survey } from 'labor-llm/careers';
import { defaultBase, loadModel, queriesOf, shippedFoundation, type FitOptions } from 'labor-llm/models';
import { projectFolder } from 'labor-llm/support';
import { ResumeTokenizer } from 'labor-llm/tokens';
import type { LaborLlm } from '../../lib/dist/models/labor-llm.js';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';
import { describeOccupationModel, fitToEnd } from './contract';
import { toyCareer, toySurvey } from './toy-survey';

const foreign = join(__dirname, '../fixtures/decoder/foreign');
const shipped = join(projectFolder, 'data', 'foundation');
const small = { hidden_size: 32, intermediate_size: 64, num_hidden_layers: 2, vocabulary: 420, batchTokens: 1024 };
const fit = async (name: string, survey: Survey, options: Partial<FitOptions> = {}): Promise<LaborLlm> =>
  (await fitToEnd(name, [survey], { seed: 1, steps: 3, ...options })) as LaborLlm;

/** The log-probability of what the first person with some years was in each year. */
const logsOf = async (model: LaborLlm, survey: Survey): Promise<Float64Array> => {
  const career = survey.careers.find(({ observations }) => observations.length > 4);
  assert.ok(career);
  return model.logProbabilities(
    queriesOf(career),
    career.observations.map(({ occupation }) => occupation),
  );
};

onEachBackend('a base', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-base-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is any Llama checkpoint with its tokenizer (fixtures/decoder/foreign, made by foreign_base.py)', async () => {
    const expected = JSON.parse(readFileSync(join(foreign, 'expected.json'), 'utf8')) as {
      readonly header: string;
      readonly headerTokens: readonly number[];
      readonly tokens: Readonly<Record<string, readonly number[]>>;
      readonly logProbabilities: Readonly<Record<string, number>>;
      readonly hidden: readonly number[];
    };
    const tokenizer = await ResumeTokenizer.load(foreign);
    const titles = Object.keys(expected.tokens);
    assert.deepEqual(tokenizer.encode(expected.header), expected.headerTokens);
    assert.deepEqual(tokenizer.encodeTitles(titles), Object.values(expected.tokens));
    const occupations = [...titles];
    const careers = [toyCareer('p', [0, 1])];
    const model = await fit('off-the-shelf', { name: 'toy', occupations, careers }, { base: foreign });
    const query = queriesOf(careers[0] as (typeof careers)[0])[1];
    assert.ok(query);
    const [whole] = await model.distributions([query]);
    assertClose(whole?.logProbabilities as Float64Array, Object.values(expected.logProbabilities), 1e-3, 'titles');
    assertClose(await model.embeddings([query]), expected.hidden, 1e-4, 'the last hidden state');
    model.dispose();
  });

  it('is the shipped foundation where nobody names one, for models that read text in a decoder of its size', async () => {
    assert.equal(await shippedFoundation(), shipped);
    assert.equal(await defaultBase('labor-llm', { dropout: 0.2 }), shipped);
    assert.equal(await defaultBase('labor-llm', { hidden_size: 32 }), undefined);
    assert.equal(await defaultBase('numeric', { vocabulary: 420 }), undefined);
    assert.equal(await defaultBase('career'), undefined);
  });

  it('is where a fit begins: its weights, its tokens, the template’s phrases as tokens beside them', async () => {
    const survey = toySurvey();
    const base = join(folder, 'base');
    const before = await fit('labor-llm', survey, { config: small, folder: base, steps: 30 });
    const other = toySurvey({ name: 'other survey', seed: 2 });
    // a step so small that nothing moves
    const after = await fit('labor-llm', survey, { base, config: { peak: 1e-9 }, steps: 1 });
    assertClose(await logsOf(after, survey), await logsOf(before, survey), 1e-4, 'same survey');
    const moved = await fit('labor-llm', other, { base, steps: 30 });
    assert.equal(moved.decoder.config.hidden_size, 32);
    assert.ok(moved.tokenizer.vocabularySize > 300);
    for (const model of [before, after, moved]) model.dispose();
  });

  it('gives its own tokens to a survey with other phrases, which count as one token each and change no text', async () => {
    const survey = toySurvey({ name: 'toy' });
    const model = await fit('labor-llm', survey, { base: foreign, config: { batchTokens: 4096 } });
    const { tokenizer } = model;
    const known = await ResumeTokenizer.load(foreign);
    assert.ok(tokenizer.vocabularySize > known.vocabularySize);
    assert.ok(model.decoder.config.vocab_size >= tokenizer.vocabularySize);
    for (const phrase of [' (high school), aged', ', 1 year after', ' 2 years as', ' In school', ' the same\n']) {
      assert.equal(tokenizer.encode(phrase).length, 1, phrase);
    }
    assert.deepEqual(tokenizer.encode('Zookeepers'), known.encode('Zookeepers'));
    model.dispose();
  });

  it('refuses a shape of one’s own, a folder that is none, and a model without one', async () => {
    const survey = toySurvey();
    await assert.rejects(
      fit('labor-llm', survey, { base: foreign, config: { hidden_size: 64 } }),
      /hidden_size .*base/,
    );
    await assert.rejects(fit('labor-llm', survey, { base: join(folder, 'none') }), /no such file/);
    await assert.rejects(fit('off-the-shelf', survey), /--base DIR/);
  });
});

onEachBackend('titles written otherwise', () => {
  it('are codes for the numeric model, unique, in prompts and answers, and kept by a fit that begins from it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'labor-llm-numeric-'));
    try {
      const survey = toySurvey();
      const model = await fit('numeric', survey, { config: small, folder });
      const { titles = {} } = model.template;
      assert.deepEqual(Object.keys(titles).sort(), [...survey.occupations].sort());
      assert.deepEqual(
        Object.values(titles).sort(),
        survey.occupations.map((_, index) => `job ${index + 1}`),
      );
      const [expected, loaded] = [await logsOf(model, survey), (await loadModel(folder)) as LaborLlm];
      assertClose(await logsOf(loaded, survey), expected, 1e-6, 'loaded');
      const more = { ...survey, occupations: [...survey.occupations, 'Astronauts'] };
      const next = await fit('numeric', more, { base: folder, seed: 9 });
      assert.deepEqual(next.template.titles, { ...titles, Astronauts: `job ${survey.occupations.length + 1}` });
      await assert.rejects(fit('labor-llm', survey, { base: folder }), /written otherwise/);
      for (const one of [model, loaded, next]) one.dispose();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are each other’s where they are permuted: no title keeps its own', async () => {
    const survey = toySurvey();
    const model = await fit('labor-llm', survey, { config: { ...small, titles: 'permuted' } });
    const { titles = {} } = model.template;
    assert.deepEqual(Object.values(titles).sort(), [...survey.occupations].sort());
    for (const [title, written] of Object.entries(titles)) assert.notEqual(written, title);
    model.dispose();
    await assert.rejects(fit('labor-llm', survey, { config: { titles: 'runes' } }), /"runes": it is one of words/);
  });
});

onEachBackend('prompts without fine-tuning', () => {
  let folder: string;
  const survey = toySurvey();
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-base-'));
    (await fit('labor-llm', toySurvey({ name: 'before', seed: 5 }), { config: small, folder, steps: 20 })).dispose();
  });
  after(() => rmSync(folder, { recursive: true }));

  describeOccupationModel('in-context', ([only]) => fit('in-context', only as Survey, { base: folder }), {
    tooFew: /^ModelError: There are [12] train persons for 3 examples/,
    tolerance: 2e-4,
  });

  it('see the examples, of train persons alone, and the list of titles before the resume', async () => {
    const plain = await fit('off-the-shelf', survey, { base: folder });
    const listed = await fit('off-the-shelf', survey, { base: folder, config: { titleList: true } });
    const inContext = await fit('in-context', survey, { base: folder, config: { examples: 2 } });
    assert.deepEqual(plain.template.preface, { titleList: false, resumes: [] });
    assert.equal(inContext.template.preface?.resumes.length, 2);
    const logs = await Promise.all([plain, listed, inContext].map((model) => logsOf(model, survey)));
    assert.ok(Math.abs((logs[0]?.[0] as number) - (logs[1]?.[0] as number)) > 1e-3, 'the list changes nothing');
    assert.ok(Math.abs((logs[0]?.[0] as number) - (logs[2]?.[0] as number)) > 1e-3, 'examples change nothing');
    const [query] = queriesOf(survey.careers[0] as (typeof survey.careers)[0]);
    assert.ok(query);
    const [whole] = await inContext.distributions([query]);
    const [alone] = await inContext.logProbabilities([query], [2 as OccupationIndex]);
    assert.ok(Math.abs((whole?.logProbabilities[2] as number) - (alone as number)) < 1e-4);
    assert.ok((whole?.keptMass as number) < 1);
    // one pass over the whole text, list or examples included
    for (const model of [listed, inContext]) {
      const [tokens] = model.titleTokens(query, [2 as OccupationIndex]);
      const atOnce = tokens?.logProbabilities.reduce((sum, log) => sum + log, 0);
      const [behind] = await model.logProbabilities([query], [2 as OccupationIndex]);
      assertClose([behind as number], [atOnce as number], 1e-4, model.name);
    }
    for (const model of [plain, listed, inContext]) model.dispose();
  });

  it('refuses more examples than there are train persons', async () => {
    await assert.rejects(fit('in-context', survey, { base: folder, config: { examples: 500 } }), /for 500 examples/);
  });
});
