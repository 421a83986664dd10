import { strict as assert } from 'node:assert';
import type { Career, OccupationIndex } from 'labor-llm/careers';
import { evaluate, reportOf, scoreCareers } from 'labor-llm/evaluation';
import type { Distribution, OccupationModel, Query } from 'labor-llm/models';
import type { Progress } from 'labor-llm/support';
import { toyCareer } from '../models/toy-survey';
import { scoredWith } from './scored';

/** A model that gives every occupation of four the probability 1/8, and so keeps half of its mass. */
class Undecided implements OccupationModel {
  readonly name = 'undecided';
  readonly surveys = [{ survey: 'toy', titles: ['a', 'b', 'c', 'd'] }];
  readonly asked: number[] = [];

  constructor(private readonly logProbability = Math.log(1 / 8)) {}

  async logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    this.asked.push(queries.length);
    return Float64Array.from(occupations, () => this.logProbability);
  }

  async distributions(queries: readonly Query[]): Promise<Distribution[]> {
    return queries.map(() => ({ logProbabilities: new Float64Array(4).fill(this.logProbability), keptMass: 1 / 2 }));
  }

  async save(): Promise<void> {}
  dispose(): void {}
}

const withYears = (career: Career, years: readonly number[]): Career => ({
  ...career,
  observations: career.observations.map((observation, index) => ({ ...observation, year: years[index] ?? 0 })),
});

describe('scoreCareers', () => {
  it('tells first, move and stay apart, and the years since the last observation', async () => {
    const career = withYears(toyCareer('p', [1, 1, 2, 1]), [2000, 2001, 2003, 2010]);
    const scored = await scoreCareers(new Undecided(), [career]);
    assert.deepEqual(
      scored.map(({ transition, step, occupation, year }) => [transition, step, occupation, year]),
      [
        ['first', undefined, 1, 2000],
        ['stay', 1, 1, 2001],
        ['move', 2, 2, 2003],
        ['move', 7, 1, 2010],
      ],
    );
  });

  it('asks in blocks of whole careers and reports each', async () => {
    const model = new Undecided();
    const seen: Progress[] = [];
    const careers = [1, 2, 3, 4, 5].map((length) => toyCareer(`p${length}`, new Array<number>(length).fill(0)));
    const scored = await scoreCareers(model, careers, { blockSize: 2, onProgress: (progress) => seen.push(progress) });
    assert.equal(scored.length, 15);
    assert.deepEqual(model.asked, [3, 7, 5]);
    assert.deepEqual(
      seen.map(({ done, total }) => [done, total]),
      [
        [2, 5],
        [4, 5],
        [5, 5],
      ],
    );
  });

  it('refuses an answer that is no log-probability, naming model, person and year', async () => {
    for (const wrong of [NaN, 0.5]) {
      const scoring = scoreCareers(new Undecided(wrong), [toyCareer('p7', [0])]);
      await assert.rejects(scoring, /"undecided" gave (NaN|0.5) .* person "p7" in 2000/);
    }
  });

  it('stops between blocks with the reason of the signal', async () => {
    const controller = new AbortController();
    const careers = [toyCareer('p', [0]), toyCareer('q', [0])];
    const model = new Undecided();
    const scoring = scoreCareers(model, careers, {
      blockSize: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await assert.rejects(scoring, /enough/);
    assert.deepEqual(model.asked, [1]);
  });
});

describe('evaluate', () => {
  const careers = [toyCareer('p', [0, 0, 1]), toyCareer('q', [2])];

  it('reports perplexity 8 of a model that gives 1/8, and 4 where it is renormalised', async () => {
    const { report } = await evaluate(new Undecided(), careers, { split: 'test', distributions: true });
    const round = (value: number | null): number => Math.round((value ?? NaN) * 1e9) / 1e9;
    assert.deepEqual([report.model, report.split, report.persons, report.observations], ['undecided', 'test', 2, 4]);
    assert.deepEqual([report.perplexity, report.perplexityRenormalised].map(round), [8, 4]);
    assert.equal(report.keptMass, 1 / 2);
  });

  it('leaves to null what needs whole distributions where they were not asked for', async () => {
    const { report } = await evaluate(new Undecided(), careers, { split: 'test' });
    assert.deepEqual([report.perplexityRenormalised, report.keptMass], [null, null]);
    assert.deepEqual([report.topAccuracy, report.outcomes, report.representativeness], [null, null, null]);
  });

  it('reports steps, subgroups, accuracy, outcomes and shares where whole distributions were asked for', async () => {
    const { report, shares } = await evaluate(new Undecided(), careers, { split: 'test', distributions: true });
    const { '1 year': yearly, ...otherSteps } = report.byStep;
    assert.deepEqual([yearly?.observations, yearly?.perplexity?.toFixed(9), otherSteps], [2, '8.000000000', {}]);
    assert.deepEqual(Object.keys(report.byEducation), ['high school']);
    assert.deepEqual(report.topAccuracy, { top1: 1 / 4, top5: 1 });
    assert.deepEqual(
      report.outcomes?.map(({ outcome, cases, predicted, observed }) => [
        outcome,
        cases,
        predicted?.toFixed(9),
        observed,
      ]),
      [['move', 2, '0.875000000', 1 / 2]],
    );
    const [all] = report.representativeness?.shares ?? [];
    assert.deepEqual([all?.group, all?.observations, all?.distance.toFixed(9)], ['all', 4, '0.375000000']);
    assert.equal(shares.filter(({ group }) => group === 'all').length, 4);
    assert.equal(report.weighted, null);
  });

  it('reports the same again with survey weights where there are any', async () => {
    const weighted = careers.map((career, index) => ({
      ...career,
      observations: career.observations.map((observation) => ({ ...observation, weight: 1 + 2 * index })),
    }));
    const { report } = await evaluate(new Undecided(), weighted, { split: 'test', distributions: true });
    assert.ok(Math.abs((report.weighted?.perplexity ?? NaN) - 8) < 1e-9);
    const observed = (shares: typeof report.representativeness) => shares?.shares[0]?.distance;
    assert.notEqual(observed(report.weighted?.representativeness ?? null), observed(report.representativeness));
  });

  it('has every key that was agreed on and no other', async () => {
    const { report } = await evaluate(new Undecided(), careers, { split: 'test' });
    assert.deepEqual(Object.keys(report), [
      'model',
      'split',
      'persons',
      'observations',
      'perplexity',
      'standardError',
      'interval',
      'perplexityRenormalised',
      'keptMass',
      'byTransition',
      'byStep',
      'byEducation',
      'bySex',
      'byEthnicity',
      'byAge',
      'topAccuracy',
      'outcomes',
      'representativeness',
      'weighted',
    ]);
    assert.deepEqual(Object.keys(report.byTransition), ['first', 'move', 'stay']);
  });

  it('has each transition type’s own perplexity and count', () => {
    const report = reportOf(
      [
        scoredWith(1 / 2, { transition: 'first' }),
        scoredWith(1 / 4, { transition: 'move' }),
        scoredWith(1 / 16, { transition: 'move' }),
      ],
      { model: 'm', split: 'all' },
    );
    const { first, move, stay } = report.byTransition;
    assert.ok(Math.abs((first.perplexity ?? NaN) - 2) < 1e-12 && first.observations === 1);
    assert.ok(Math.abs((move.perplexity ?? NaN) - 8) < 1e-12 && move.observations === 2);
    assert.deepEqual(stay, { perplexity: null, observations: 0 });
  });
});
