import { strict as assert } from 'node:assert';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root, runModule, runProgram, type Ended } from './programs';

describe('the steps of the set-up', function () {
  this.timeout(120_000);
  let checkout: string;
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'labor-llm-setup-'));
    cpSync(join(root, 'setup'), join(checkout, 'setup'), { recursive: true });
    for (const folder of ['native', 'wasm']) {
      cpSync(join(root, 'lib', folder), join(checkout, 'lib', folder), { recursive: true });
    }
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(root, name), join(checkout, name));
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  /** Prepares some steps in the copied checkout, with an empty cache and, if wanted, nothing on the PATH. */
  const prepare = (steps: string, { path = process.env['PATH'] ?? '', retry = false, light = '' } = {}): Ended =>
    runModule(
      `import { prepare } from './setup/steps/index.mjs';
       import { chooseFull, chooseLight, tensorflow } from './setup/steps/tensorflow.mjs';
       import { python, hasPython } from './setup/steps/python.mjs';
       import { library } from './setup/steps/library.mjs';
       ${light};
       await prepare({ only: [${steps}], retry: ${retry} });`,
      { cwd: checkout, env: { PATH: path, CXX: '', LABOR_LLM_BACKEND: '', XDG_CACHE_HOME: join(checkout, 'cache') } },
    );
  const backend = (): unknown => JSON.parse(readFileSync(join(checkout, '.setup', 'backend.json'), 'utf8'));
  const nothing = '/nonexistent';

  it('choose wasm, record why and what to do, and fetch nothing, where there is no compiler', function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    const ended = prepare('tensorflow', { path: nothing });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /the wasm backend is used instead: no C\+\+ compiler \(g\+\+\) was found: install one/);
    assert.match(JSON.stringify(backend()), /"backend":"wasm","reason":"no C\+\+ compiler/);
    assert.equal(existsSync(join(checkout, 'cache')), false);
  });

  it('try again only at the next npm start', function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    prepare('tensorflow', { path: nothing });
    assert.equal(prepare('tensorflow', { path: nothing }).stdout, '');
    assert.match(prepare('tensorflow', { path: nothing, retry: true }).stdout, /no C\+\+ compiler/);
  });

  it('remember --light, even at the next npm start, until --full', () => {
    prepare('tensorflow', { light: 'chooseLight()', path: nothing });
    assert.deepEqual(backend(), { backend: 'wasm', reason: 'chosen with npm start -- --light', light: true });
    assert.equal(prepare('tensorflow', { path: nothing, retry: true }).stdout, '');
    assert.match(prepare('tensorflow', { light: 'chooseFull()', path: nothing }).stdout, /TensorFlow/);
  });

  it('go on without Python and say what to install', () => {
    const ended = prepare('python', { path: nothing });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /no Python for the notebooks was found: install Python 3\.10 or newer/);
    assert.equal(existsSync(join(checkout, '.venv')), false);
  });

  it('compile the library when a source is new, changed or gone, and else not', () => {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(checkout, path)), { recursive: true });
      writeFileSync(join(checkout, path), text);
    };
    for (const name of ['tsconfig.json', 'lib/package.json', 'lib/tsconfig.json']) {
      write(name, readFileSync(join(root, name), 'utf8'));
    }
    write('lib/src/a.ts', 'export const a = 1;');
    assert.match(prepare('library').stdout, /library/);
    assert.ok(existsSync(join(checkout, 'lib/dist/a.js')));
    assert.equal(prepare('library').stdout, '');

    write('lib/src/b.ts', 'export const b = 20;');
    rmSync(join(checkout, 'lib/src/a.ts'));
    assert.match(prepare('library').stdout, /library/);
    assert.ok(existsSync(join(checkout, 'lib/dist/b.js')));
    assert.equal(existsSync(join(checkout, 'lib/dist/a.js')), false);

    write('lib/wasm/kernels.ts', 'export function DecoderNothing(): void {}');
    assert.match(prepare('library').stdout, /library/);
    assert.match(readFileSync(join(checkout, 'lib/dist/tensors/kernels.wasm'), 'latin1'), /DecoderNothing/);

    write('lib/wasm/kernels.ts', 'export const size: i32 = "twenty";');
    const brokenKernels = prepare('library');
    assert.notEqual(brokenKernels.code, 0);
    assert.match(brokenKernels.stdout, /not assignable[^]*kernels\.ts/);

    write('lib/src/b.ts', 'export const b: string = 20;');
    const broken = prepare('library');
    assert.notEqual(broken.code, 0);
    assert.match(broken.stdout, /b\.ts.*not assignable/);
    assert.notEqual(prepare('library').code, 0, 'what does not compile is not done');
  });

  it('all are done in this checkout, which takes less than a second to find out', () => {
    const text = `import { prepare } from './setup/steps/index.mjs'; await prepare();`;
    const times = [1, 2, 3].map(() => {
      const from = Date.now();
      runModule(text);
      return Date.now() - from;
    });
    assert.ok(Math.min(...times) < 1000, `took ${times.join(', ')} ms`);
    const ended = runModule(text);
    // without Python there is a line that says so, each time
    if (existsSync(join(root, '.venv'))) assert.equal(ended.stdout, '');
  });

  it('are reported on by the doctor, which finds nothing broken here', () => {
    const ended = runProgram(process.execPath, ['setup/doctor.mjs']);
    assert.equal(ended.code, 0, ended.stdout);
    assert.match(ended.stdout, /^ok +Node +\d+\./m);
    assert.match(ended.stdout, /^(ok|note) +backend +(tensorflow|wasm): /m);
  });
});
