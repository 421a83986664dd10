import { strict as assert } from 'node:assert';
import { stayByAgeAndStep, stayShares } from 'labor-llm/studies';
import { toyCareer } from '../models/toy-survey';

describe('stayShares', () => {
  it('counts steps and stays by group, first observations in none', () => {
    const careers = [toyCareer('a', [0, 0, 1]), toyCareer('b', [2]), toyCareer('c', [3, 3])];
    const shares = stayShares(careers, ({ career: { person } }) => (person === 'a' ? 'a' : 'others'));
    assert.deepEqual(
      shares.map(({ group, steps, share }) => [group, steps, share.value]),
      [
        ['a', 2, 0.5],
        ['others', 1, 1],
      ],
    );
  });

  it('says no interval of one person', () => {
    const [one] = stayShares([toyCareer('a', [0, 0, 1])], () => 'all');
    assert.equal(one?.share.interval, null);
  });

  it('has the standard error of a mean over persons where each has one step: sqrt(p (1 - p) / n)', () => {
    const careers = Array.from({ length: 400 }, (_, index) => toyCareer(`p${index}`, [0, index % 4 === 0 ? 1 : 0]));
    const [all] = stayShares(careers, () => 'all', { resamples: 2000 });
    const expected = Math.sqrt((0.75 * 0.25) / 400);
    assert.equal(all?.share.value, 0.75);
    assert.ok(Math.abs((all?.share.standardError ?? NaN) / expected - 1) < 0.06);
  });

  it('draws a person whole: of like steps within persons the interval is as wide as of one step each', () => {
    const careers = Array.from({ length: 400 }, (_, index) =>
      toyCareer(`p${index}`, index % 4 === 0 ? [0, 1, 0, 1, 0] : [0, 0, 0, 0, 0]),
    );
    const [all] = stayShares(careers, () => 'all', { resamples: 2000 });
    assert.ok(Math.abs((all?.share.standardError ?? NaN) / Math.sqrt((0.75 * 0.25) / 400) - 1) < 0.06);
  });
});

describe('stayByAgeAndStep', () => {
  it('puts a step into the band of the age at its end, and leaves out bands of fewer than 50 steps', () => {
    // born in 1980, observed from 2000 on: aged 21 at the first step's end, 22 and 23 at the next
    const careers = Array.from({ length: 60 }, (_, index) =>
      toyCareer(`p${index}`, index < 20 ? [0, 0, 0, 0, 1] : [0, 0]),
    );
    assert.deepEqual(
      stayByAgeAndStep(careers).map(({ step, age, steps }) => [step, age, steps]),
      [['1 year', 22, 100]],
    );
  });
});
