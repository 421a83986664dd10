import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FitLog } from 'labor-llm/models';
import { fitFoundation, type ResumeCorpus } from '../../lib/dist/models/foundation.js';
import type { LaborLlm } from '../../lib/dist/models/labor-llm.js';
import { onEachBackend } from '../support/backends';
import { fitToEnd } from './contract';
import { smallDecoder } from './tiny-decoder';
import { toySurvey, toyTitles } from './toy-survey';

const corpus: ResumeCorpus = {
  description: 'toy resumes',
  titles: toyTitles,
  chunk: (number) => toySurvey({ seed: number + 1, persons: 80 }).careers,
};
const config = {
  ...smallDecoder,
  vocabulary: 500,
  tokenizerChunks: 1,
  window: 64,
  longWindow: 256,
  batchTokens: 512,
};

onEachBackend('a foundation', () => {
  let folder: string;
  const fit = async (name: string, options: { steps: number; config?: object; resume?: boolean; stopAt?: number }) => {
    const { steps, stopAt, resume = false } = options;
    const stop = new AbortController();
    const logs: FitLog[] = [];
    const fitting = fitFoundation(corpus, {
      ...{ seed: 1, steps, resume, folder: join(folder, name), signal: stop.signal },
      config: { ...config, ...options.config },
    });
    for (;;) {
      const item = await fitting.next();
      if (item.done === true) {
        item.value?.decoder.dispose();
        return logs;
      }
      logs.push(item.value);
      if (item.value.step === stopAt) stop.abort(new Error('stopped'));
    }
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-foundation-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('learns resumes: a token of theirs costs less and less', async () => {
    const logs = await fit('learnt', { steps: 140, config: { peak: 5e-3, invented: 0, listed: 0 } });
    const mean = (part: readonly FitLog[]): number => part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
    assert.ok(
      mean(logs.slice(-10)) < 0.6 * mean(logs.slice(0, 10)),
      `${mean(logs.slice(-10))} after ${mean(logs.slice(0, 10))}`,
    );
    assert.ok(logs.some(({ validationLoss }) => validationLoss !== undefined));
  });

  it('is what a fit begins from, and what is asked off the shelf', async () => {
    const base = join(folder, 'learnt');
    const survey = toySurvey();
    for (const name of ['labor-llm', 'off-the-shelf', 'embedding-logit'] as const) {
      const model = await fitToEnd(name, [survey], { seed: 1, base, ...(name === 'labor-llm' && { steps: 2 }) });
      assert.equal(model.name, name);
      model.dispose();
    }
  });

  it('goes on from a checkpoint to the same losses, and has nothing to do where it is done', async () => {
    const whole = await fit('whole', { steps: 12 });
    await assert.rejects(fit('stopped', { steps: 12, stopAt: 5 }), /stopped/);
    const rest = await fit('stopped', { steps: 12, resume: true });
    assert.deepEqual(
      rest.map(({ loss }) => loss),
      whole.slice(5).map(({ loss }) => loss),
    );
    assert.deepEqual(await fit('stopped', { steps: 12, resume: true }), []);
    assert.ok(!readdirSync(join(folder, 'stopped')).some((name) => name.startsWith('checkpoint')));
    const read = (name: string): Buffer => readFileSync(join(folder, name, 'model.safetensors'));
    assert.deepEqual(read('stopped'), read('whole'));
  });

  it('can be of codes, which a numeric model then goes on with', async () => {
    await fit('codes', { steps: 2, config: { titles: 'codes' } });
    const base = join(folder, 'codes');
    const model = (await fitToEnd('numeric', [toySurvey()], { seed: 7, steps: 1, base })) as LaborLlm;
    const card = JSON.parse(readFileSync(join(base, 'model.json'), 'utf8')) as { template: { titles: object } };
    assert.deepEqual(model.template.titles, card.template.titles);
    model.dispose();
    assert.ok(existsSync(join(base, 'tokenizer.json')));
  });
});
