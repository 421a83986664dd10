import { strict as assert } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, runModule } from './programs';

/** Takes the lock, does something and prints what it did. */
const holder = (lock: string, doing: string): string => `
  import { withLock } from './setup/support/lock.mjs';
  import { run } from './setup/support/commands.mjs';
  import { appendFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  await withLock(${JSON.stringify(lock)}, async () => { ${doing} });`;

/** Whether a process runs; a zombie, which nobody has waited for yet, does not. */
const isAlive = (pid: number): boolean => {
  if (process.platform === 'linux') {
    const stat = `/proc/${pid}/stat`;
    return existsSync(stat) && !/^\d+ \(.*\) Z/.test(readFileSync(stat, 'utf8'));
  }
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
};

const waitFor = async (condition: () => boolean): Promise<void> => {
  for (let waited = 0; !condition(); waited++) {
    assert.ok(waited < 100, 'waited 10 s in vain');
    await sleep(100);
  }
};

describe('the lock of the set-up', () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-lock-'));
    lock = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lets one process work at a time', async () => {
    const log = JSON.stringify(join(folder, 'log'));
    const text = holder(lock, `appendFileSync(${log}, 'in '); await sleep(300); appendFileSync(${log}, 'out ');`);
    const children = [1, 2, 3].map(() => spawn(process.execPath, ['--input-type=module', '-e', text], { cwd: root }));
    await Promise.all(children.map((child) => once(child, 'close')));
    assert.equal(readFileSync(join(folder, 'log'), 'utf8'), 'in out in out in out ');
    assert.equal(existsSync(lock), false);
  });

  it('is taken over from a killed process at once, and the program that it had started is ended', async function () {
    if (process.platform === 'win32') this.skip();
    const text = holder(lock, `await run('sleep', ['1234.5']);`);
    const killed = spawn(process.execPath, ['--input-type=module', '-e', text], { cwd: root });
    const childOf = (): number | undefined => {
      if (!existsSync(lock)) return undefined;
      return (JSON.parse(readFileSync(lock, 'utf8')) as { child?: { pid: number } }).child?.pid;
    };
    await waitFor(() => childOf() !== undefined);
    const leftover = childOf()!;
    killed.kill('SIGKILL');
    await once(killed, 'close');
    assert.ok(isAlive(leftover));

    const from = Date.now();
    assert.equal(runModule(holder(lock, `console.log('mine');`)).stdout, 'mine\n');
    assert.ok(Date.now() - from < 5000);
    assert.equal(isAlive(leftover), false);
  });

  it('is taken over when its process id lives on in another program but nobody has touched it for a minute', () => {
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname() }));
    const twoMinutesAgo = new Date(Date.now() - 120_000);
    utimesSync(lock, twoMinutesAgo, twoMinutesAgo);
    assert.equal(runModule(holder(lock, `console.log('mine');`)).stdout, 'mine\n');
  });

  it('ends no program whose command is not the noted one, for process ids are used again', async () => {
    const bystander = spawn('sleep', ['60']);
    writeFileSync(
      lock,
      JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), child: { pid: bystander.pid, args: ['ci', '--no-fund'] } }),
    );
    assert.equal(runModule(holder(lock, `console.log('mine');`)).stdout, 'mine\n');
    assert.ok(isAlive(bystander.pid!));
    bystander.kill();
    await once(bystander, 'close');
  });
});
