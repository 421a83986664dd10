import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadModel, queriesOf, type FitLog } from 'labor-llm/models';
import { fitStored, listStore, pruneStore, type Stored, type StoredOptions } from 'labor-llm/studies';
import { tinyDecoder } from '../models/tiny-decoder';
import { toySurvey } from '../models/toy-survey';

const tiny = { ...tinyDecoder, checkpointSeconds: 0 };
const tinyCareer = { layers: 1, width: 12, heads: 2, feedForward: 24 };

describe('the store of fitted models', function () {
  this.timeout(60_000);
  const survey = toySurvey({ persons: 40 });
  let store: string;
  beforeEach(async () => {
    store = await mkdtemp(join(tmpdir(), 'labor-llm-store-'));
  });
  afterEach(() => rm(store, { recursive: true }));

  const fit = async (
    name: string,
    options: StoredOptions & { readonly signal?: AbortSignal } = { seed: 1 },
    onLog: (log: FitLog) => void = () => {},
    of = survey,
  ): Promise<Stored> => {
    const steps = fitStored(name, [of], options, store);
    for (;;) {
      const item = await steps.next();
      if (item.done === true) return item.value;
      onLog(item.value);
    }
  };

  it('fits once what is of the same data and settings, and anew what is of others', async () => {
    const first = await fit('empirical');
    const again = await fit('empirical');
    assert.deepEqual([first.wasFitted, again.wasFitted, again.folder === first.folder], [false, true, true]);
    assert.equal(again.seconds, first.seconds);
    const others = [
      await fit('empirical', { seed: 2 }),
      await fit('empirical', { seed: 1, config: { lambda: 5 } }),
      await fit('uniform'),
      await fit('empirical', { seed: 1 }, () => {}, toySurvey({ persons: 41 })),
    ];
    assert.equal(new Set([first, ...others].map(({ folder }) => folder)).size, 5);
    assert.ok(others.every(({ wasFitted }) => !wasFitted));
    assert.equal((await readdir(store)).length, 5);
  });

  it('fits anew from a base of other weights, not from one that lies elsewhere or about which something else is written', async () => {
    const { folder: base, model } = await fit('career', { seed: 1, steps: 1, config: tinyCareer });
    model.dispose();
    const fromBase = async (where = base): Promise<Stored> => {
      const stored = await fit('career', { seed: 1, steps: 1, config: tinyCareer, base: where });
      stored.model.dispose();
      return stored;
    };
    const first = await fromBase();
    await writeFile(join(base, 'README.md'), 'What it is.');
    await writeFile(join(base, 'lock.json'), 'Somebody loads it.');
    assert.equal((await fromBase()).folder, first.folder);
    const elsewhere = join(store, 'moved');
    await cp(base, elsewhere, { recursive: true });
    assert.deepEqual([(await fromBase(elsewhere)).folder, first.wasFitted], [first.folder, false]);
    await rm(elsewhere, { recursive: true });
    const other = await fit('career', { seed: 2, steps: 1, config: tinyCareer });
    other.model.dispose();
    await copyFile(join(other.folder, 'model.safetensors'), join(base, 'model.safetensors'));
    assert.notEqual((await fromBase()).folder, first.folder);
  });

  it('holds folders that every command takes', async () => {
    const { model, folder } = await fit('empirical');
    const [query] = queriesOf(survey.careers[0] as (typeof survey.careers)[0]);
    assert.ok(query);
    assert.deepEqual(await (await loadModel(folder)).distributions([query]), await model.distributions([query]));
  });

  it('goes on with a fit that was stopped, and adds up its time', async () => {
    const options = { seed: 1, steps: 6, config: tiny };
    const whole = await fit('labor-llm', { ...options, seed: 2 });
    whole.model.dispose();
    const controller = new AbortController();
    const stopped = fit('labor-llm', { ...options, signal: controller.signal }, ({ step }) => {
      if (step === 3) controller.abort(new Error('enough'));
    });
    await assert.rejects(stopped, /enough/);
    const [unfinished] = (await listStore(store)).filter(({ isFitted }) => !isFitted);
    assert.equal(unfinished?.model, 'labor-llm');
    assert.ok((unfinished?.seconds ?? 0) > 0);
    const seen: number[] = [];
    const ended = await fit('labor-llm', options, ({ step }) => seen.push(step));
    ended.model.dispose();
    assert.deepEqual(seen, [4, 5, 6]);
    const steps = ended.logs.map(({ step }) => step);
    assert.deepEqual(steps, [1, 2, 3, 4, 5, 6]);
    const again = await fit('labor-llm', options);
    again.model.dispose();
    assert.deepEqual(again.logs, ended.logs);
    assert.equal(ended.folder, unfinished?.folder);
    assert.ok(ended.seconds > (unfinished?.seconds ?? Infinity));
    assert.ok((await listStore(store)).every(({ isFitted }) => isFitted));
  });

  it('waits for another process that is at the same fit, and tells its steps', async () => {
    const options = { seed: 1, steps: 3, config: tiny };
    const whole = await fit('labor-llm', options);
    whole.model.dispose();
    const { folder } = whole;
    const other = spawn('sleep', ['60']);
    try {
      const card = await readFile(join(folder, 'model.json'));
      await rm(join(folder, 'model.json'));
      await writeFile(join(folder, 'lock.json'), JSON.stringify({ pid: other.pid, host: hostname() }));
      const seen: number[] = [];
      const following = fit('labor-llm', options, ({ step }) => seen.push(step));
      while (seen.length < 3) await sleep(20);
      await writeFile(join(folder, 'model.json'), card);
      await rm(join(folder, 'lock.json'));
      const { model, wasFitted } = await following;
      model.dispose();
      assert.deepEqual([wasFitted, seen], [true, [1, 2, 3]]);
      assert.ok(!existsSync(join(folder, 'lock.json')));
    } finally {
      other.kill();
    }
  });

  it('stops waiting when it is told to', async () => {
    const { folder } = await fit('empirical');
    const lock = join(folder, 'lock.json');
    await writeFile(lock, JSON.stringify({ pid: process.pid, host: 'another-machine' }));
    await assert.rejects(fit('empirical', { seed: 1, signal: AbortSignal.abort(new Error('enough')) }), /enough/);
    assert.ok(existsSync(lock));
  });

  for (const [whose, owner] of [
    ['a process that is gone', { pid: 2 ** 22 + 1, host: hostname() }],
    ['this process, whose cell was interrupted', { pid: process.pid, host: hostname() }],
    ['nobody who can be made out', {}],
  ] as const) {
    it(`takes over the lock of ${whose}`, async () => {
      const { folder } = await fit('empirical');
      const lock = join(folder, 'lock.json');
      await writeFile(lock, JSON.stringify(owner));
      const longAgo = new Date(Date.now() - 3_600_000);
      if (owner.pid === undefined) await utimes(lock, longAgo, longAgo);
      assert.ok((await fit('empirical')).wasFitted);
      assert.ok(!existsSync(lock));
    });
  }

  it('keeps nothing of a fit that cannot be', async () => {
    await assert.rejects(fit('empirical', { seed: 1, config: { lamda: 1 } }), /has no setting "lamda"/);
    assert.deepEqual(await readdir(store), []);
  });

  it('says what it holds and prunes what other code has fitted, or all', async () => {
    const { folder } = await fit('empirical');
    await fit('uniform');
    const [entry] = await listStore(store);
    assert.deepEqual(
      [entry?.model, entry?.surveys, entry?.options, entry?.isFitted, entry?.isCurrent],
      ['empirical', ['toy'], { seed: 1 }, true, true],
    );
    assert.ok((entry?.bytes ?? 0) > 100);
    assert.deepEqual(await pruneStore('outdated', store), []);
    const path = join(folder, 'store.json');
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), codeHash: 'of yesterday' }));
    assert.deepEqual(
      (await pruneStore('outdated', store)).map(({ model }) => model),
      ['empirical'],
    );
    assert.ok(!existsSync(folder));
    assert.equal((await pruneStore('all', store)).length, 1);
    assert.deepEqual(await readdir(store), []);
    assert.deepEqual(await listStore(join(store, 'never')), []);
  });
});
