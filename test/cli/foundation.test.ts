import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(__dirname, '../../lib/bin/labor-llm.js');

describe('labor-llm foundation', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'labor-llm-foundation-'));
  after(() => rmSync(folder, { recursive: true }));
  const run = (...args: string[]): string => {
    const small = ['hidden_size=16', 'intermediate_size=24', 'num_hidden_layers=1', 'tokenizerChunks=1', 'window=128'];
    const set = small.flatMap((setting) => ['--set', setting]);
    const all = ['foundation', '--out', join(folder, 'small'), '--steps', '2', ...set, ...args];
    return execFileSync(process.execPath, [PROGRAM, ...all], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };

  it('trains on the synthetic market’s resumes, says so in its card, and is done once', () => {
    assert.match(run(), /The foundation lies in/);
    const card = JSON.parse(readFileSync(join(folder, 'small', 'model.json'), 'utf8')) as Record<string, unknown>;
    assert.match(card['corpus'] as string, /^Synthetic resumes, .* market [0-9a-f]{64}$/);
    assert.deepEqual((card['training'] as { losses: unknown[] }).losses.length, 2);
    assert.match(run('--resume'), /holds the foundation already/);
  });

  it('refuses a delta that is no number', () => {
    assert.throws(() => run('--resume', '--delta', 'far'), /--delta is "far": give a number/);
  });
});
