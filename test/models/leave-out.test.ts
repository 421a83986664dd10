import { strict as assert } from 'node:assert';
import { splitSurvey } from 'labor-llm/careers';
import { leaveOut, writtenByEpoch } from '../../lib/dist/models/leave-out.js';
import { fitToEnd } from './contract';
import { toySurvey } from './toy-survey';

const careers = splitSurvey(toySurvey({ persons: 400 })).train.careers;
const rows = (of: typeof careers): number => of.reduce((sum, { observations }) => sum + observations.length, 0);

describe('leaving observations out', () => {
  it('takes half of the most from all, evenly from none to the most of each, and leaves the others as they are', () => {
    const left = leaveOut(careers, 0.4, 1, 0);
    const share = 1 - rows(left) / rows(careers);
    assert.ok(Math.abs(share - 0.2) < 0.03, `${share}`);
    left.forEach(({ observations, ...covariates }, index) => {
      const { observations: before, ...same } = careers[index] as (typeof careers)[number];
      assert.deepEqual(covariates, same);
      assert.deepEqual(
        observations,
        before.filter((one) => observations.includes(one)),
      );
    });
  });

  it('is the same for the same seed and epoch, and another in each epoch', () => {
    assert.deepEqual(leaveOut(careers, 0.4, 1, 3), leaveOut(careers, 0.4, 1, 3));
    assert.notDeepEqual(leaveOut(careers, 0.4, 1, 3), leaveOut(careers, 0.4, 1, 4));
    assert.notDeepEqual(leaveOut(careers, 0.4, 1, 3), leaveOut(careers, 0.4, 2, 3));
  });

  it('leaves nobody without an observation', () => {
    const short = careers.map((career) => ({ ...career, observations: career.observations.slice(0, 1) }));
    for (let epoch = 0; epoch < 20; epoch++) assert.equal(rows(leaveOut(short, 0.99, 1, epoch)), short.length);
  });

  it('writes careers once where nothing is left out, and anew in each epoch where something is', () => {
    let written = 0;
    const write = () => ++written;
    const whole = writtenByEpoch(careers, 0, 1, write);
    assert.equal(whole(0), whole(1));
    assert.equal(written, careers.length);
    const parts = writtenByEpoch(careers, 0.2, 1, write);
    parts(0);
    parts(1);
    assert.equal(written, 3 * careers.length);
  });

  it('is refused where it is no share below 1, by both models that have it', async () => {
    for (const name of ['labor-llm', 'career'] as const) {
      for (const most of [1, -0.1, NaN]) {
        await assert.rejects(
          fitToEnd(name, [toySurvey()], { seed: 1, steps: 1, config: { leaveOut: most } }),
          /leaveOut is .*: give a share from 0/,
        );
      }
    }
  });
});
