import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Market, surveyOf } from 'labor-llm/careers';
import { loadDecoder } from 'labor-llm/decoder';
import { layoutResume, renderResume, titleList } from 'labor-llm/resumes';
import { projectFolder, Random } from 'labor-llm/support';
import { startBackend, tf } from 'labor-llm/tensors';
import { ResumeTokenizer } from 'labor-llm/tokens';
import { windowBatches } from 'labor-llm/training';

const folder = join(projectFolder, 'data', 'foundation');
const MEBIBYTE = 2 ** 20;

describe('the shipped foundation', function () {
  this.timeout(120_000);
  const survey = surveyOf('nlsy97', { persons: 20, seed: 3 });
  const resumes = survey.careers.map((career) => renderResume(career, career.observations, survey.occupations));
  const lossOf = async (texts: readonly string[]): Promise<number> => {
    await startBackend();
    const decoder = await loadDecoder(folder);
    const tokenizer = await ResumeTokenizer.load(folder);
    const documents = texts.map((text) => tokenizer.encode(text));
    const batches = windowBatches(documents, tokenizer.endOfText, 512, 512);
    const losses = batches.map((batch) => tf.tidy(() => decoder.loss(batch).dataSync()[0] as number));
    decoder.dispose();
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  };

  it('is small enough to be shipped, and its card says how it was made', () => {
    const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    assert.ok(bytes < 20 * MEBIBYTE, `${bytes} bytes`);
    const { training } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
      readonly training: { readonly parameters: number; readonly steps: number };
    };
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    assert.ok(training.parameters >= 4e6 && training.parameters <= 8e6, `${training.parameters} parameters`);
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
    const market = new Market('resumes', {});
    const random = new Random(5, 0);
    const unread = [...market.careers(1, 9_000_060, 9_000_000)].filter(({ observations }) => observations.length > 0);
    const laidOut = unread.map((career) => layoutResume(career, career.observations, market.occupations, random));
    const known = await lossOf(laidOut);
    assert.ok(known < 1, `${known} nats a token`);
    const templated = await lossOf(resumes);
    assert.ok(templated > 2 * known, `${templated} nats a token of the template, ${known} of its own layouts`);
  });
});
