import { strict as assert } from 'node:assert';
import { progressLine, showProgress, type StepLog } from 'labor-llm/report';
import { inFakeNotebook, printed } from './fake-notebook';

async function* threeSteps(): AsyncGenerator<StepLog, string> {
  for (const step of [1, 2, 3]) {
    yield {
      step,
      steps: 3,
      loss: 4 - step,
      secondsLeft: 3 - step,
      ...(step === 2 ? { validationLoss: Math.log(2.5) } : {}),
    };
  }
  return 'the model';
}

describe('showProgress', () => {
  it('gives what the generator returns, and every log', async () => {
    let shown: Awaited<ReturnType<typeof showProgress<StepLog, string>>> | undefined;
    await printed(async () => (shown = await showProgress(threeSteps())));
    assert.equal(shown?.result, 'the model');
    assert.deepEqual(
      shown?.logs.map(({ loss }) => loss),
      [3, 2, 1],
    );
  });

  it('replaces one output of the cell, and leaves no time and no picture in it at the end', async () => {
    const sent = await inFakeNotebook(() => showProgress(threeSteps()));
    assert.equal(new Set(sent.map(({ transient }) => transient.display_id)).size, 1);
    assert.deepEqual([sent[0]?.update, sent[1]?.update], [false, true]);
    assert.match(String(sent[1]?.data['image/svg+xml']), /^<svg .*step 1 of 3, training loss 3\.000, 2 s left/s);
    assert.deepEqual(sent.at(-1)?.data, {
      'text/plain': '3 steps: training loss from 3.000 to 1.000, validation perplexity 2.500.',
    });
  });

  it('says that what is returned without a step was there before', async () => {
    async function* kept(): AsyncGenerator<StepLog, string> {
      return 'the model';
    }
    const sent = await inFakeNotebook(() => showProgress(kept()));
    assert.deepEqual(sent.at(-1)?.data, { 'text/plain': 'Kept from before: no step was needed.' });
  });

  it('leaves the same line of a fit that was kept, or gone on with, as of one made now', async () => {
    const logs: StepLog[] = [1, 2, 3, 4].map((step) => ({ step, steps: 4, loss: 5 - step }));
    const fitted = async (from: number) => {
      async function* fit(): AsyncGenerator<StepLog, { logs: readonly StepLog[] }> {
        yield* logs.slice(from);
        return { logs };
      }
      return (await inFakeNotebook(() => showProgress(fit()))).at(-1)?.data;
    };
    const whole = { 'text/plain': '4 steps: training loss from 4.000 to 1.000.' };
    assert.deepEqual([await fitted(0), await fitted(2), await fitted(4)], [whole, whole, whole]);
  });

  it('stops the generator at an interrupt, so that nothing computes on behind the cell', async () => {
    const listeners = process.listenerCount('SIGINT');
    let closed = false;
    async function* endless(): AsyncGenerator<StepLog, never> {
      try {
        for (let step = 1; ; step++) {
          if (step === 5) process.emit('SIGINT', 'SIGINT');
          yield { step, steps: 1e9, loss: 1 };
        }
      } finally {
        closed = true;
      }
    }
    await printed(async () => assert.rejects(showProgress(endless()), /Interrupted at step 5 of 1000000000/));
    assert.ok(closed);
    assert.equal(process.listenerCount('SIGINT'), listeners);
  });

  it('says where it stopped when the fit fails, and passes the error on', async () => {
    async function* failing(): AsyncGenerator<StepLog, never> {
      throw new RangeError('no person to fit on');
    }
    const sent = await inFakeNotebook(() => assert.rejects(showProgress(failing()), /no person to fit on/));
    assert.deepEqual(sent.at(-1)?.data, { 'text/plain': 'No step was made. Stopped before the end.' });
  });
});

describe('progressLine', () => {
  it('rounds the time left to seconds below a minute and a half and to minutes above', () => {
    const line = (secondsLeft: number): string => progressLine({ step: 1, steps: 9, loss: 2, secondsLeft });
    assert.equal(line(34.2), 'step 1 of 9, training loss 2.000, 35 s left');
    assert.equal(line(200), 'step 1 of 9, training loss 2.000, 3 min left');
  });
});
