import { strict as assert } from 'node:assert';
import type { OccupationIndex, PersonId } from 'labor-llm/careers';
import { ShareCollector, transitionShares, type ScoredObservation } from 'labor-llm/evaluation';
import { Random } from 'labor-llm/support';
import { assertClose } from '../support/closeness';
import { scoredOutcome, scoredWith } from './scored';

/** Persons with several observations each, whose occupations come as `truth` says of their sex. */
const simulated = (persons: number, truth: Readonly<Record<string, readonly number[]>>): ScoredObservation[] => {
  const random = new Random(3);
  return Array.from({ length: persons }, (_, person) => {
    const sex = person % 2 === 0 ? 'female' : 'male';
    return Array.from({ length: 1 + (person % 5) }, () => {
      let uniform = random.uniform();
      const occupation = (truth[sex] as readonly number[]).findIndex((p) => (uniform -= p) < 0) as OccupationIndex;
      return scoredWith(1 / 2, { person: `p${person}` as PersonId, sex, occupation, weight: 1 + (person % 3) });
    });
  }).flat();
};

const truth = { female: [0.5, 0.3, 0.2], male: [0.2, 0.2, 0.6] };

const collected = (
  scored: readonly ScoredObservation[],
  predicted: (o: ScoredObservation) => readonly number[],
  options = {},
) => {
  const collector = new ShareCollector(options);
  for (const one of scored) collector.add(one, Float64Array.from(predicted(one)));
  return collector;
};

describe('ShareCollector', () => {
  const scored = simulated(800, truth);
  const right = ({ sex }: ScoredObservation) => truth[sex as 'female' | 'male'];
  const pooled = () => [0.35, 0.25, 0.4];

  it('has predicted and observed share of each occupation in each group', () => {
    const shares = collected(scored, right).shares();
    const women = scored.filter(({ sex }) => sex === 'female');
    const own = shares.filter(({ characteristic, group }) => characteristic === 'sex' && group === 'female');
    assertClose(
      own.map(({ predicted }) => predicted),
      truth.female,
      1e-12,
    );
    assertClose(
      own.map(({ observed }) => observed),
      [0, 1, 2].map((j) => women.filter(({ occupation }) => occupation === j).length / women.length),
      1e-12,
    );
    for (const { predicted, observed, difference } of own)
      assertClose([difference.value as number], [predicted - observed], 1e-9);
  });

  it('has the cluster-robust standard error of the difference', () => {
    const [share] = collected(scored, right, { resamples: 2000 }).shares();
    const residuals = new Map<string, number>();
    const mean = share?.difference.value as number;
    for (const one of scored) {
      const difference = (right(one)[0] as number) - Number(one.occupation === 0);
      residuals.set(one.cluster, (residuals.get(one.cluster) ?? 0) + difference - mean);
    }
    const analytic = Math.sqrt([...residuals.values()].reduce((sum, r) => sum + r * r, 0)) / scored.length;
    assertClose([share?.difference.standardError as number], [analytic], 0.06);
  });

  it('tells a model that is right of each sex from one that is right only of both together', () => {
    const distance = (predicted: (o: ScoredObservation) => readonly number[], group: string) =>
      collected(scored, predicted)
        .distances()
        .find((one) => one.group === group);
    assert.ok((distance(right, 'female')?.distance as number) < 2.5 * (distance(right, 'female')?.byChance as number));
    assert.ok((distance(pooled, 'all')?.distance as number) < 0.03);
    // |0.35 - 0.5| + |0.25 - 0.3| + |0.4 - 0.2|, halved
    assert.ok(Math.abs((distance(pooled, 'female')?.distance as number) - 0.2) < 0.03);
    assert.ok((distance(pooled, 'female')?.distance as number) > 5 * (distance(pooled, 'female')?.byChance as number));
  });

  it('counts an observation of weight 3 as three', () => {
    const repeated = scored.flatMap((one) => Array.from({ length: one.weight }, () => one));
    const weighted = collected(scored, right, { weighted: true }).shares();
    const expected = collected(repeated, right).shares();
    weighted.forEach((share, index) => {
      assertClose([share.observed], [expected[index]?.observed as number], 1e-12);
      assertClose(
        [share.difference.standardError as number],
        [expected[index]?.difference.standardError as number],
        1e-9,
      );
    });
  });

  it('resamples a cluster the same when it comes in two pieces', () => {
    const pieces = [...scored.filter((_, index) => index % 2 === 0), ...scored.filter((_, index) => index % 2 === 1)];
    const [one] = collected(pieces, right).shares();
    const [other] = collected(scored, right).shares();
    assertClose([one?.difference.standardError as number], [other?.difference.standardError as number], 1e-9);
  });
});

describe('transitionShares', () => {
  const random = new Random(4);
  const scored = Array.from({ length: 600 }, (_, index) => {
    const [probability, happened] = [0.3, random.uniform() < 0.3];
    const one = scoredOutcome(
      'move',
      { probability, happened },
      { person: `p${index % 150}` as PersonId, sex: 'male' },
    );
    return {
      ...one,
      distribution: {
        ...(one.distribution as NonNullable<typeof one.distribution>),
        from: index % 3 === 0 ? 'In school' : 'at work',
        outcomes: {
          'In school': { probability: index % 3 === 0 ? 0.8 : 0.1, happened: random.uniform() < 0.1 },
          move: { probability, happened },
        },
      },
    };
  });
  const rows = transitionShares(scored);
  const row = (characteristic: string, from: string, outcome: string) =>
    rows.find((one) => one.characteristic === characteristic && one.from === from && one.outcome === outcome);

  it('has a row for each group, state before and outcome', () => {
    assert.deepEqual(
      [...new Set(rows.map(({ characteristic }) => characteristic))],
      ['all', 'education', 'sex', 'ethnicity', 'age'],
    );
    assert.deepEqual([...new Set(rows.map(({ from }) => from))], ['any', 'In school', 'at work']);
    assert.deepEqual([row('sex', 'In school', 'move')?.group, row('sex', 'In school', 'move')?.cases], ['male', 200]);
    assert.equal(row('all', 'any', 'move')?.cases, 600);
  });

  it('tells from where a model predicts too much: its interval does not hold 0 there alone', () => {
    const wrong = row('all', 'In school', 'In school');
    assert.ok(Math.abs((wrong?.difference.value as number) - 0.7) < 0.07);
    assert.ok((wrong?.difference.interval?.[0] as number) > 0.5);
    const right = row('all', 'at work', 'In school')?.difference.interval as readonly [number, number];
    assert.ok(right[0] < 0 && right[1] > 0, String(right));
  });

  it('is empty without distributions', () => {
    assert.deepEqual(transitionShares([scoredWith(1 / 2)]), []);
  });
});
