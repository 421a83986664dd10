import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from 'labor-llm/support';
import { backends } from '../support/backends';
import { surveyCsv, toySurvey } from './toy-survey';

const program = path.join(__dirname, '../../lib/bin/labor-llm.js');
const STEPS = 12;

const cases = backends.flatMap((backend, index) =>
  // bag-of-jobs is trained by the loop that career is: once is enough
  [...(['labor-llm', 'career'] as const), ...(index === 0 ? (['bag-of-jobs'] as const) : [])].map((model) => ({
    backend,
    model,
  })),
);

for (const { backend, model } of cases) {
  describe(`labor-llm fit --model ${model}, killed, backend ${backend}`, () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'labor-llm-'));
      await writeFile(path.join(folder, 'toy.csv'), surveyCsv(toySurvey({ persons: 24 })));
    });
    after(async () => {
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    });

    const children: ChildProcess[] = [];

    const start = (out: string) => {
      const options = [
        'fit',
        '--model',
        model,
        '--data',
        'toy.csv',
        '--out',
        out,
        '--steps',
        String(STEPS),
        '--resume',
        // what is left out in an epoch must be the same after a kill
        ...(model === 'bag-of-jobs' ? [] : ['--set', 'leaveOut=0.4']),
      ];
      const child = spawn(process.execPath, [program, ...options], {
        cwd: folder,
        env: { ...process.env, LABOR_LLM_BACKEND: backend },
        stdio: 'ignore',
      });
      children.push(child);
      return child;
    };
    const finish = async (out: string): Promise<void> => {
      const [code] = (await once(start(out), 'exit')) as [number];
      assert.equal(code, 0);
    };
    const stepReached = (out: string): number => {
      const found = existsSync(path.join(folder, out)) ? readdirSync(path.join(folder, out)) : [];
      return Math.max(0, ...found.map((name) => Number(/^checkpoint-(\d+)$/.exec(name)?.[1] ?? 0)));
    };
    const resultOf = async (out: string) => {
      const card = JSON.parse(await readFile(path.join(folder, out, 'model.json'), 'utf8')) as {
        training: { losses: number[]; best: unknown };
      };
      assert.equal(card.training.losses.length, STEPS);
      return {
        training: card.training,
        weights: await readFile(path.join(folder, out, 'model.safetensors'), 'base64'),
      };
    };

    it('and taken up again twice gives the unbroken run’s losses and weights to the last bit', async function () {
      this.timeout(300_000);
      await finish('unbroken');
      const random = new Random(Date.now());
      const kills = [1 + random.integer(4), 6 + random.integer(4)]; // steps at which it is killed
      for (const step of kills) {
        const child = start('broken');
        const exited = once(child, 'exit');
        while (stepReached('broken') < step && child.exitCode === null) await sleep(2);
        child.kill('SIGKILL');
        await exited;
        assert.equal(child.signalCode, 'SIGKILL', `killed at step ${step} of ${kills.join(' and ')}`);
        assert.ok(!existsSync(path.join(folder, 'broken', 'model.json')));
      }
      await finish('broken');
      assert.deepEqual(await resultOf('broken'), await resultOf('unbroken'));
      assert.deepEqual(
        readdirSync(path.join(folder, 'broken')).filter((name) => name.startsWith('checkpoint')),
        [],
      );
    });

    it('with nothing left to do leaves the fitted model as it is', async () => {
      const before = await readFile(path.join(folder, 'unbroken', 'model.json'), 'utf8');
      await finish('unbroken');
      assert.equal(await readFile(path.join(folder, 'unbroken', 'model.json'), 'utf8'), before);
    });
  });
}
