import { strict as assert } from 'node:assert';
import { demographics, observedShares } from 'labor-llm/studies';
import { career, survey } from './made-up';

describe('observedShares', () => {
  const titles = ['a', 'b', 'c'];
  const titleOf = (_: unknown, { occupation }: { occupation: number }): string | undefined => titles[occupation];

  it('are of the observations that have one of the values', () => {
    const one = survey(titles, career('1', [0, 0, 0, 1]), career('2', [2, 2]));
    const shares = observedShares(one, ['a', 'b'], titleOf, { resamples: 10 });
    assert.deepEqual(
      shares.map(({ value, share, observations }) => [value, share.value, observations]),
      [
        ['a', 0.75, 3],
        ['b', 0.25, 1],
      ],
    );
    // one person is left: nothing can be said of others
    assert.equal(shares[0]?.share.interval, null);
  });

  it('have the standard error of the binomial where each person has one observation', () => {
    const careers = Array.from({ length: 400 }, (_, i) => career(String(i), [i % 4 === 0 ? 0 : 1]));
    const [a] = observedShares(survey(titles, ...careers), ['a', 'b'], titleOf);
    assert.ok(Math.abs((a?.share.standardError ?? NaN) - Math.sqrt((0.25 * 0.75) / 400)) < 0.001);
  });

  it('draw a person with all observations: ten of each person are no more than one', () => {
    const share = (times: number) => {
      const careers = Array.from({ length: 100 }, (_, i) => career(String(i), Array<number>(times).fill(i % 2)));
      return observedShares(survey(titles, ...careers), ['a', 'b'], titleOf)[0]?.share;
    };
    assert.deepEqual(share(10), share(1));
  });

  it('are null where nobody has a value', () => {
    const [a] = observedShares(survey(titles, career('1', [2])), ['a'], titleOf);
    assert.deepEqual(a?.share, { value: null, standardError: null, interval: null });
  });
});

describe('demographics', () => {
  it('has a row a value that any survey has, with shares of persons, a missing one called so', () => {
    const one = {
      ...survey(['a'], career('1', [0], { sex: 'male' }), career('2', [0], { sex: 'female' })),
      name: 'one',
    };
    const two = { ...survey(['a'], career('1', [0], { sex: 'female' }), career('2', [0])), name: 'two' };
    assert.deepEqual(
      demographics([one, two]).filter(({ characteristic }) => characteristic === 'sex'),
      [
        { characteristic: 'sex', value: 'female', one: 0.5, two: 0.5 },
        { characteristic: 'sex', value: 'male', one: 0.5, two: 0 },
        { characteristic: 'sex', value: 'missing', one: 0, two: 0.5 },
      ],
    );
  });

  it('has education from the least to the most, however often a level occurs, and who does not say it last', () => {
    const withEducation = (id: string, education: string | undefined) => {
      const one = career(id, [0]);
      return { ...one, observations: one.observations.map((row) => ({ ...row, education })) };
    };
    const levels = ["bachelor's degree", "bachelor's degree", undefined, undefined, undefined, 'less than high school'];
    const rows = demographics([survey(['a'], ...levels.map((level, i) => withEducation(String(i), level)))]);
    assert.deepEqual(
      rows.filter(({ characteristic }) => characteristic === 'last education').map(({ value }) => value),
      ['less than high school', "bachelor's degree", 'missing'],
    );
  });
});
