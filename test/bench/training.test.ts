import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { updateBench } from '../../bench/results';
import { configOf, operationsOf, sizes } from '../../bench/sizes';
import { assertSameWork, measureOurs, trainingRow } from '../../bench/training';
import { writeTask } from '../../bench/training-task';
import { backends } from '../support/backends';

describe('the training benchmark', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-bench-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('times decoders of the sizes, widths and operations that were set for it', () => {
    assert.deepEqual(
      sizes.map((size) => configOf(size).intermediate_size),
      [704, 512, 1376],
    );
    // 1024 tokens x (6 x 3,475,712 parameters + 12 x 4 x 256 x 128)
    assert.equal(operationsOf(sizes[0]!, 3_475_712), 22_965_387_264);
  });

  for (const backend of backends) {
    it(`measures a step of a small decoder in a process of its own, backend ${backend}`, async () => {
      const size = { B: 2, T: 8, C: 16, L: 1, H: 2, V: 50 };
      const parameters = await writeTask(size, folder);
      assert.equal(parameters, 50 * 16 + 4 * 16 * 16 + 3 * 16 * 64 + 3 * 16);
      const ours = await measureOurs(folder, backend, { warmUp: 0, seconds: 0.01 });
      assert.ok(Math.abs((ours.losses[0] as number) - Math.log(50)) < 0.1, `${ours.losses[0]}`);
      assert.equal(ours.losses.length, 2);
      assert.ok(ours.milliseconds > 0 && ours.productGflops > 0 && ours.peakMegabytes > 50);
      const theirs = {
        ...ours,
        milliseconds: 3 * ours.milliseconds,
        peakMegabytes: ours.peakMegabytes / 2,
        version: '',
      };
      const row = trainingRow(backend, size, parameters, [ours], [theirs]);
      assert.equal(row.backend, backend);
      assert.equal(row.size, '2,8,16,1,2,50');
      assert.ok(Math.abs(row.ratio - 3) < 1e-9 && Math.abs(row.memoryRatio - 2) < 1e-9);
    });
  }

  it('refuses sides whose losses differ: they would not have done the same work', () => {
    assertSameWork([6.93, 6.5], [6.93005, 6.50005], 'alike');
    assert.throws(() => assertSameWork([6.93, 6.5], [6.93, 6.6], 'wasm'), /wasm: the first losses are 6.93, 6.5 here/);
  });
});

describe('bench.json', () => {
  let folder: string;
  const before = process.env['LABOR_LLM_OUTPUT'];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-bench-'));
    process.env['LABOR_LLM_OUTPUT'] = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['LABOR_LLM_OUTPUT'];
    else process.env['LABOR_LLM_OUTPUT'] = before;
    rmSync(folder, { recursive: true });
  });

  it('keeps the other parts, and what made them, when one is measured again', async () => {
    const path = join(folder, 'data', 'results', 'published', 'bench.json');
    mkdirSync(dirname(path), { recursive: true });
    const scoring = { manifest: { study: 'bench', scoring: { node: 'v1' } }, scoring: [{ ratio: 2 }], training: [1] };
    writeFileSync(path, JSON.stringify(scoring));
    assert.equal(await updateBench('training', [{ ratio: 1 }]), path);
    const bench = JSON.parse(readFileSync(path, 'utf8'));
    assert.deepEqual(bench.scoring, [{ ratio: 2 }]);
    assert.deepEqual(bench.training, [{ ratio: 1 }]);
    assert.deepEqual(bench.manifest.scoring, { node: 'v1' });
    assert.equal(bench.manifest.training.node, process.version);
    assert.match(bench.manifest.training.command, /^npm run bench -- training$/);
  });
});
