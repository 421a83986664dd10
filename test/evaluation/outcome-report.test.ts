import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OccupationIndex, PersonId } from 'labor-llm/careers';
import { AT_WORK, MOVE, nonWorkingStates, outcomeReports, scoreCareers, topAccuracy } from 'labor-llm/evaluation';
import { EmpiricalModel } from 'labor-llm/models';
import { Random } from 'labor-llm/support';
import { toyCareer, toySurvey, toyTitles } from '../models/toy-survey';
import { assertClose } from '../support/closeness';
import { scoredOutcome, scoredWith } from './scored';

describe('nonWorkingStates', () => {
  it('are those that the survey declares, by title and whatever the case', () => {
    const names = (titles: readonly string[]) =>
      nonWorkingStates(titles).map(([title, index]) => [title, Number(index)]);
    assert.deepEqual(names(['Cooks', 'In school', 'Not working']), [
      ['Not working', 2],
      ['In school', 1],
    ]);
    assert.deepEqual(names(['In Education', 'Unemployed', 'Not in labor force']), [
      ['Unemployed', 1],
      ['Not in labor force', 2],
      ['In Education', 0],
    ]);
    assert.deepEqual(names(['Cooks', 'Unemployed insurance clerks']), []);
  });
});

describe('what is kept of distributions', () => {
  it('is P(state) of every observation and 1 - P(last occupation) of all but the first', async () => {
    const survey = toySurvey();
    const model = EmpiricalModel.fit([survey], { seed: 1 });
    const career = toyCareer('p', [0, 4, 4, 3]);
    const whole: Float64Array[] = [];
    const scored = await scoreCareers(model, [career], {
      distributions: true,
      onDistribution: (_, probabilities) => whole.push(probabilities),
    });
    assert.deepEqual(
      scored.map(({ distribution }) => distribution?.from),
      [undefined, AT_WORK, 'Not working', 'Not working'],
    );
    scored.forEach(({ distribution, last, occupation }, index) => {
      const probabilities = whole[index] as Float64Array;
      const { [MOVE]: move, ...states } = distribution?.outcomes ?? {};
      assert.deepEqual(states, {
        'Not working': { probability: probabilities[4], happened: occupation === 4 },
        'In school': { probability: probabilities[3], happened: occupation === 3 },
      });
      if (last === undefined) assert.equal(move, undefined);
      else assert.deepEqual(move, { probability: 1 - (probabilities[last] as number), happened: occupation !== last });
    });
  });
});

describe('outcomeReports', () => {
  const random = new Random(1);
  const scored = Array.from({ length: 400 }, (_, index) => {
    const probability = random.uniform();
    return scoredOutcome(
      'In school',
      { probability, happened: random.uniform() < probability },
      { person: `p${index % 80}` as PersonId, weight: 1 + (index % 3) },
    );
  });

  it('has the AUC with an interval over persons, and 2 as the binary perplexity of a thrown coin', () => {
    const [report, ...others] = outcomeReports(scored);
    assert.equal(others.length, 0);
    assert.deepEqual([report?.outcome, report?.cases], ['In school', 400]);
    // probability uniform and calibrated: AUC 5/6 exactly in the population
    const { value, interval } = report?.auc ?? { value: null, interval: null };
    assert.ok(value !== null && Math.abs(value - 5 / 6) < 0.06, `${value}`);
    assert.ok(interval && interval[0] < value && value < interval[1] && interval[1] - interval[0] < 0.15);
    assert.ok((report?.calibrationError ?? NaN) < 0.1);
    const coin = scored.map((one) =>
      scoredOutcome('x', { probability: 0.5, happened: one.distribution?.outcomes['In school']?.happened ?? false }),
    );
    assertClose([Number(outcomeReports(coin)[0]?.perplexity)], [2], 1e-12);
  });

  it('has an interval over persons for each point of the calibration curve, as wide as the binomial of so many cases', () => {
    const alone = scored.map((one, index) => ({ ...one, person: `q${index}` as PersonId, cluster: `q${index}` }));
    const [report] = outcomeReports(alone);
    assert.equal(report?.calibration.length, 10);
    for (const { observed, cases, interval } of report?.calibration ?? []) {
      const [low, high] = interval ?? [NaN, NaN];
      assert.ok(low <= observed && observed <= high);
      if (observed === 0 || observed === 1) continue;
      const wide = 2 * 1.96 * Math.sqrt((observed * (1 - observed)) / cases);
      assert.ok(Math.abs((high - low) / wide - 1) < 0.3, `${high - low} is not ${wide}`);
    }
  });

  it('is other with weights, and the same as with each observation repeated', () => {
    const [weighted] = outcomeReports(scored, { weighted: true });
    const [repeated] = outcomeReports(scored.flatMap((one) => Array.from({ length: one.weight }, () => one)));
    const [plain] = outcomeReports(scored);
    for (const key of ['logLoss', 'observed', 'predicted'] as const) {
      assertClose([Number(weighted?.[key])], [Number(repeated?.[key])], 1e-12);
      assert.notEqual(weighted?.[key], plain?.[key]);
    }
    assertClose([Number(weighted?.auc.standardError)], [Number(repeated?.auc.standardError)], 1e-12);
  });

  it('leaves out resamples in which there is no AUC where they are few, and has no interval where they are many', () => {
    const rare = (count: number) =>
      scored.map((one, index) =>
        scoredOutcome('x', { probability: index / 400, happened: index < count }, { person: one.person }),
      );
    assert.notEqual(outcomeReports(rare(8))[0]?.auc.interval, null);
    assert.equal(outcomeReports(rare(1))[0]?.auc.interval, null); // a third of the resamples lack the one person
  });

  it('has no reports without distributions', () => {
    assert.deepEqual(outcomeReports([scoredWith(1 / 2)]), []);
  });
});

describe('topAccuracy', () => {
  const { top } = JSON.parse(readFileSync(join(__dirname, '../fixtures/evaluation/binary.json'), 'utf8')) as {
    top: Record<'probabilities', number[][]> & Record<'occupation' | 'weight', number[]> & Record<string, number>;
  };

  it('agrees with scikit-learn, weighted and not (fixtures/evaluation/binary.json, made by binary.py)', () => {
    const scored = top.probabilities.map((probabilities, index) => {
      const own = probabilities[top.occupation[index] as number] as number;
      const above = probabilities.filter((probability) => probability > own).length;
      return scoredWith(own, {
        distribution: { from: undefined, outcomes: {}, above, tied: 1 },
        weight: top.weight[index] as number,
      });
    });
    for (const k of [1, 3]) {
      assertClose([Number(topAccuracy(scored, k))], [top[`top${k}`] as number], 1e-12);
      assertClose([Number(topAccuracy(scored, k, { weighted: true }))], [top[`weightedTop${k}`] as number], 1e-12);
    }
  });

  it('is k / J of a model that finds all equally likely, not 1', async () => {
    const surveys = [{ survey: 'toy', titles: toyTitles }];
    const flat = { logProbabilities: new Float64Array(7).fill(-Math.log(7)), keptMass: 1 };
    const model = {
      name: 'flat',
      surveys,
      logProbabilities: async () => new Float64Array(),
      distributions: async (queries: readonly unknown[]) => queries.map(() => flat),
      save: async () => {},
      dispose: () => {},
    };
    const scored = await scoreCareers(model, [toyCareer('p', [0, 1, 5])], { distributions: true });
    assertClose([Number(topAccuracy(scored, 1)), Number(topAccuracy(scored, 5))], [1 / 7, 5 / 7], 1e-12);
  });

  it('is null where no distribution was asked for', () => {
    assert.equal(topAccuracy([scoredWith(1 / 2, { occupation: 1 as OccupationIndex })], 1), null);
  });
});
