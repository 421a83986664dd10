import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  publications,
  publish,
  redraw,
  sourceName,
  sourceSurvey,
  type Publication,
  type PublicationState,
  type PublishedStudy,
} from 'labor-llm/studies';
import { toySurvey } from '../models/toy-survey';

describe('published results', function () {
  this.timeout(60_000);
  let output: string;
  let formerOutput: string | undefined;
  let computed: string[];
  beforeEach(() => {
    output = mkdtempSync(join(tmpdir(), 'labor-llm-publish-'));
    formerOutput = process.env['LABOR_LLM_OUTPUT'];
    process.env['LABOR_LLM_OUTPUT'] = output;
    computed = [];
  });
  afterEach(() => {
    if (formerOutput === undefined) delete process.env['LABOR_LLM_OUTPUT'];
    else process.env['LABOR_LLM_OUTPUT'] = formerOutput;
    rmSync(output, { recursive: true });
  });

  const studyOf = (name: string, settings: Partial<PublishedStudy> = {}): PublishedStudy => ({
    name,
    about: 'counts',
    surveys: ['young-women', 'young-men'],
    revision: 1,
    minutes: [2, 60],
    run: async (survey, { onProgress }) => {
      onProgress('counting');
      computed.push(`${survey.name} ${name}`);
      return { persons: survey.careers.length };
    },
    ...settings,
  });
  const small = { profile: 'smoke', seed: 1 } as const;
  /** Toy surveys under the names of the shipped ones; none of young men where it says so. */
  const plan = (
    studies: readonly PublishedStudy[],
    { persons = 10, seed = 1, men = true, only = [] as readonly string[] } = {},
  ): Promise<readonly Publication[]> =>
    publications(
      studies,
      {
        profile: 'smoke',
        seed,
        surveyOf: async (source) =>
          source === 'young-men' && !men ? undefined : { ...toySurvey({ persons }), name: source },
      },
      only,
    );
  const states = (found: readonly Publication[]): readonly (readonly [string, PublicationState])[] =>
    found.map(({ key, state }) => [key, state]);
  const resultOf = (key: string): { persons: number; manifest: Record<string, unknown> } =>
    JSON.parse(readFileSync(join(output, 'data', 'results', 'smoke', `${key}.json`), 'utf8'));

  it('are computed once, each study on each of its surveys, with a manifest', async () => {
    const studies = [studyOf('a'), studyOf('b', { surveys: ['young-men'] })];
    const told: string[] = [];
    const missing = await plan(studies);
    assert.deepEqual(states(missing), [
      ['young-women/a', 'missing'],
      ['young-men/a', 'missing'],
      ['young-men/b', 'missing'],
    ]);
    const done = await publish(missing, small, { onProgress: ({ key }, doing) => told.push(`${key}: ${doing}`) });
    assert.deepEqual(done, ['young-women/a', 'young-men/a', 'young-men/b']);
    assert.deepEqual(told, ['young-women/a: counting', 'young-men/a: counting', 'young-men/b: counting']);
    const { persons, manifest } = resultOf('young-men/b');
    assert.equal(persons, 10);
    assert.deepEqual(
      [manifest['study'], manifest['revision'], manifest['survey'], manifest['command']],
      ['b', 1, 'young-men', 'npm run publish -- --only young-men/b'],
    );
    const again = await plan(studies);
    assert.deepEqual([...new Set(again.map(({ state }) => state))], ['published']);
    assert.deepEqual(await publish(again, small), []);
    assert.equal(computed.length, 3);
  });

  it('go on where a run was stopped', async () => {
    const controller = new AbortController();
    const run = publish(await plan([studyOf('a')]), small, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('stopped')),
    });
    await assert.rejects(run, /stopped/);
    assert.deepEqual(states(await plan([studyOf('a')])), [
      ['young-women/a', 'published'],
      ['young-men/a', 'missing'],
    ]);
    await publish(await plan([studyOf('a')]), small);
    assert.deepEqual(computed, ['young-women a', 'young-men a']);
  });

  it('do not stand for other data, another seed or revision, and not where the file is broken', async () => {
    const study = studyOf('a', { surveys: ['young-women'] });
    await publish(await plan([study]), small);
    const stateWith = async (of: PublishedStudy, options: Parameters<typeof plan>[1] = {}): Promise<string> =>
      (await plan([of], options))[0]?.state ?? '';
    assert.equal(await stateWith(study), 'published');
    assert.equal(await stateWith(study, { persons: 11 }), 'outdated');
    assert.equal(await stateWith(study, { seed: 2 }), 'outdated');
    assert.equal(await stateWith({ ...study, revision: 2 }), 'outdated');
    const path = join(output, 'data', 'results', 'smoke', 'young-women', 'a.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, 100));
    assert.equal(await stateWith(study), 'missing');
  });

  it('of older code stand until they are asked for again', async () => {
    const study = studyOf('a', { surveys: ['young-women'] });
    await publish(await plan([study]), small);
    const path = join(output, 'data', 'results', 'smoke', 'young-women', 'a.json');
    const { manifest } = resultOf('young-women/a');
    writeFileSync(path, JSON.stringify({ manifest: { ...manifest, codeHash: 'of yesterday' } }));
    const old = await plan([study]);
    assert.deepEqual(states(old), [['young-women/a', 'older code']]);
    assert.deepEqual(await publish(old, small), []);
    assert.deepEqual(await publish(old, small, { again: true }), ['young-women/a']);
    assert.deepEqual(states(await plan([study])), [['young-women/a', 'published']]);
  });

  it('write tables and figures of what was computed, and of its numbers again when asked, without the survey', async () => {
    const written: string[] = [];
    const study: PublishedStudy = {
      ...studyOf('a'),
      write: async (survey, results, { results: folder }) => {
        written.push(`${survey}: ${(results as { persons: number }).persons} to ${folder.slice(output.length + 1)}`);
      },
    };
    await publish(await plan([study], { men: false }), small);
    const line = 'young-women: 10 to data/results/smoke/young-women';
    assert.deepEqual(written, [line]);
    const path = join(output, 'data', 'results', 'smoke', 'young-women', 'a.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"persons": 10', '"persons": 11'));
    const studies = [study, studyOf('b')];
    assert.deepEqual(await redraw(studies, 'smoke'), ['young-women/a']);
    assert.deepEqual(written, [line, line.replace('10', '11')]);
    assert.equal(computed.length, 1);
    assert.deepEqual(await redraw(studies, 'smoke', ['young-men/a']), []);
    await assert.rejects(redraw(studies, 'smoke', ['c']), /No study or result is called "c"/);
  });

  it('are left out where the survey is not here, with a guess of the time for the others', async () => {
    const found = await plan([studyOf('a')], { men: false });
    assert.deepEqual(states(found), [
      ['young-women/a', 'missing'],
      ['young-men/a', 'not here'],
    ]);
    const rows = toySurvey({ persons: 10 }).careers.reduce((sum, { observations }) => sum + observations.length, 0);
    assert.deepEqual(
      found.map(({ minutes }) => minutes),
      [2 + (60 * rows) / 1000, null],
    );
    assert.deepEqual(await publish(found, small), ['young-women/a']);
  });

  it('are chosen by study or by key, and an unknown name is refused', async () => {
    const studies = [studyOf('a'), studyOf('b')];
    const keys = async (...only: string[]) => (await plan(studies, { only })).map(({ key }) => key);
    assert.deepEqual(await keys('b', 'young-men/a'), ['young-men/a', 'young-women/b', 'young-men/b']);
    await assert.rejects(keys('c'), /No study or result is called "c"\. Results: young-women\/a, /);
  });

  it('have surveys to be computed on: shipped, drawn, and NLSY97 only with its file', async () => {
    const women = await sourceSurvey('young-women', 'smoke', { seed: 1 });
    assert.deepEqual([women?.name, women?.careers.length], ['young-women', 300]);
    const drawn = await sourceSurvey('synthetic-nlsy97', 'smoke', { seed: 1 });
    const other = await sourceSurvey('synthetic-psid81', 'smoke', { seed: 1 });
    assert.equal(other?.name, sourceName('synthetic-psid81'));
    assert.notEqual(other?.name, drawn?.name);
    assert.match(drawn?.name ?? '', /NLSY97/);
    const second = await sourceSurvey('synthetic-nlsy97-distance', 'smoke', { seed: 1 });
    assert.equal(second?.name, sourceName('synthetic-nlsy97-distance'));
    // a model that reads resumes finds a career's titles by the survey that it says it is of
    assert.ok(second?.careers.every(({ survey }) => survey === second.name));
    assert.deepEqual([drawn, second].map((one) => one?.origin?.settings.form), ['types', 'distance']); // prettier-ignore
    assert.equal(await sourceSurvey('nlsy97', 'smoke', { seed: 1 }), undefined);
  });
});
