import { strict as assert } from 'node:assert';
import { setTimeout } from 'node:timers/promises';
import { showWork } from 'labor-llm/report';
import { inFakeNotebook, printed } from './fake-notebook';

describe('showWork', () => {
  it('shows what is done with the time left of it, and leaves one line without times', async () => {
    const sent = await inFakeNotebook(async () => {
      const result = await showWork(
        async (say) => {
          say('career', 'fit: step 1 of 4', 0.25);
          await setTimeout(600); // longer than lines are apart
          say('career', 'fit: step 2 of 4', 0.5);
          return 7;
        },
        (models) => `${models} models`,
      );
      assert.equal(result, 7);
    });
    const lines = sent.map(({ data }) => String(data['text/plain']));
    assert.deepEqual(lines.slice(0, 2), ['Starting …', 'career: fit: step 1 of 4']);
    assert.match(lines[2] ?? '', /^career: fit: step 2 of 4, [23] s left$/);
    assert.equal(lines.at(-1), '7 models');
    assert.equal(new Set(sent.map(({ transient }) => transient.display_id)).size, 1);
  });

  it('tells the work to stop at an interrupt', async () => {
    const listeners = process.listenerCount('SIGINT');
    const text = await printed(() =>
      assert.rejects(
        showWork(
          async (_, signal) => {
            process.emit('SIGINT', 'SIGINT');
            signal.throwIfAborted();
          },
          () => 'never',
        ),
        /Interrupted/,
      ),
    );
    assert.equal(text, 'Stopped before the end.');
    assert.equal(process.listenerCount('SIGINT'), listeners);
  });
});
