import { strict as assert } from 'node:assert';
import { timesAsFast } from 'labor-llm/studies';

describe('timesAsFast', () => {
  it('counts each way once a round, a first round not counted, and gives the median of the ratios', async () => {
    // a clock that each way moves by what it takes: ratios 9 (not counted), 2, 5, 3
    const slow = [9, 2, 10, 3];
    const fast = [1, 1, 2, 1];
    const { now } = performance;
    let clock = 0;
    performance.now = () => clock;
    try {
      const ratio = await timesAsFast(
        () => (clock += slow.shift() as number),
        async () => (clock += fast.shift() as number),
        3,
      );
      assert.equal(ratio, 3);
    } finally {
      performance.now = now;
    }
    assert.deepEqual([slow, fast], [[], []]);
  });
});
