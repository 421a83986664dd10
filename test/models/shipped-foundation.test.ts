import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Market, surveyOf, type Career } from 'labor-llm/careers';
import { loadDecoder, type Decoder } from 'labor-llm/decoder';
import { drawLayout, layoutResume, renderResume, titleList } from 'labor-llm/resumes';
import { projectFolder, Random } from 'labor-llm/support';
import { startBackend, tf } from 'labor-llm/tensors';
import { ResumeTokenizer } from 'labor-llm/tokens';
import { tokenBatch, windowBatches } from 'labor-llm/training';

const MEBIBYTE = 2 ** 20;

/** Of the shipped foundation, and of the small one: the folder, and how many parameters at least and at most. */
const shipped = [
  { folder: join(projectFolder, 'data', 'foundation'), least: 4e6, most: 8e6 },
  { folder: join(projectFolder, 'data', 'foundation-small'), least: 0.5e6, most: 1e6 },
];

for (const { folder, least, most } of shipped)
  describe(`the shipped ${basename(folder)}`, function () {
    this.timeout(120_000);
    let decoder: Decoder;
    before(async () => {
      await startBackend();
      decoder = await loadDecoder(folder);
    });
    after(() => decoder.dispose());
    const survey = surveyOf('nlsy97', { persons: 20, seed: 3 });
    const resumes = survey.careers.map((career) => renderResume(career, career.observations, survey.occupations));
    /** Mean loss of a token, with documents one behind the other; only those of the last `count`. */
    const lossOf = async (documents: readonly string[], count = documents.length): Promise<number> => {
      const tokenizer = await ResumeTokenizer.load(folder);
      const ids = documents.map((text) => [tokenizer.endOfText, ...tokenizer.encode(text)]);
      const weights = ids.flatMap((own, index) => own.map((_, at) => (at > 0 && index >= ids.length - count ? 1 : 0)));
      const batch = tokenBatch([{ ids: Int32Array.from(ids.flat()), weights: Float32Array.from(weights) }]);
      return tf.tidy(() => decoder.loss(batch).dataSync()[0] as number);
    };
    const mean = (losses: readonly number[]): number => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    const market = new Market('resumes', {});
    /** Of persons that it has not read; `from` numbers them. */
    const careersUnread = (count: number, from: number): readonly Career[] =>
      [...market.careers(1, 9_000_000 + from + 2 * count, 9_000_000 + from)]
        .filter(({ observations }) => observations.length > 0)
        .slice(0, count);
    /** Their resumes, in layouts that it has not read. */
    const unread = (count: number, from: number): readonly string[] => {
      const layout = drawLayout(new Random(99, from));
      return careersUnread(count, from).map((career) =>
        layoutResume(layout, career, career.observations, market.occupations),
      );
    };

    it('is small enough to be shipped, and its card says how it was made', () => {
      const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
      assert.ok(bytes < 20 * MEBIBYTE, `${bytes} bytes`);
      const { training } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
        readonly training: { readonly parameters: number; readonly steps: number };
      };
      const readme = readFileSync(join(folder, 'README.md'), 'utf8');
      assert.ok(training.parameters >= least && training.parameters <= most, `${training.parameters} parameters`);
      assert.ok(readme.includes(`${training.steps.toLocaleString('en-US')} steps`));
      assert.ok(readme.includes(`${(training.parameters / 1e6).toFixed(1)} million parameters`));
    });

    it('has room for the list of all titles before a resume', async () => {
      const config = readFileSync(join(folder, 'config.json'), 'utf8');
      const { max_position_embeddings: positions } = JSON.parse(config) as { readonly max_position_embeddings: number };
      const tokenizer = await ResumeTokenizer.load(folder);
      const longest = resumes.map((text) => tokenizer.encode(text).length);
      const tokens = tokenizer.encode(titleList(survey.occupations)).length + Math.max(...longest);
      assert.ok(tokens <= positions, `${tokens} tokens`);
    });

    it('knows resumes that it has not read, and not the template in which surveys are read', async () => {
      const tokenizer = await ResumeTokenizer.load(folder);
      /** As it reads: windows that hold several documents. */
      const inWindows = (texts: readonly string[]): number => {
        const documents = texts.map((text) => tokenizer.encode(text));
        const batches = windowBatches(documents, tokenizer.endOfText, 512, 512);
        return mean(batches.map((batch) => tf.tidy(() => decoder.loss(batch).dataSync()[0] as number)));
      };
      const known = inWindows(Array.from({ length: 10 }, (_, i) => unread(6, 100 * i)).flat());
      assert.ok(known < 1, `${known} nats a token`);
      const templated = inWindows(resumes);
      assert.ok(templated > 2 * known, `${templated} nats a token of the template, ${known} of its own layouts`);
    });

    it('calls jobs as the resumes before call them, also by names that nobody has heard of', async () => {
      const [here, elsewhere] = [
        market.occupations.map((_, index) => ['Violet quarter', 'Marble', 'Slow harbor, seven'][index % 3] ?? ''),
        market.occupations,
      ];
      /** Of the fifth person's resume, in the invented names, behind four in these or in the titles as they are. */
      const behind = async (called: readonly string[]): Promise<number> => {
        const losses = Array.from({ length: 12 }, async (_, i) => {
          const layout = drawLayout(new Random(98, i));
          const texts = careersUnread(5, 100 * i).map((career, index) =>
            layoutResume(layout, career, career.observations, index === 4 ? here : called),
          );
          return await lossOf(texts, 1);
        });
        return mean(await Promise.all(losses));
      };
      const [known, unknown] = [await behind(here), await behind(elsewhere)];
      assert.ok(
        known < 0.7 * unknown,
        `${known} nats a token where the resumes before say the names, ${unknown} where not`,
      );
    });

    it('goes on in the layout of the resumes before', async () => {
      const groups = Array.from({ length: 12 }, (_, i) => unread(5, 100 * i));
      const alone = mean(await Promise.all(groups.map((texts) => lossOf(texts.slice(-1)))));
      const behind = mean(await Promise.all(groups.map((texts) => lossOf(texts, 1))));
      assert.ok(behind < 0.9 * alone, `${behind} nats a token behind four others, ${alone} alone`);
    });
  });
