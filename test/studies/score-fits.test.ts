import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareScores, evaluate } from 'labor-llm/evaluation';
import { EmpiricalModel } from 'labor-llm/models';
import { partsLine } from 'labor-llm/report';
import { heldOut, inTurn, plotted, scoreFits, type PartsLog, type PlannedFit } from 'labor-llm/studies';
import { toySurvey } from '../models/toy-survey';

const ended = async <Result>(
  study: AsyncGenerator<PartsLog, Result>,
): Promise<{ logs: PartsLog[]; result: Result }> => {
  const logs: PartsLog[] = [];
  for (;;) {
    const item = await study.next();
    if (item.done === true) return { logs, result: item.value };
    logs.push(item.value);
  }
};

describe('scoreFits', () => {
  const survey = toySurvey({ persons: 80 });
  const other = toySurvey({ persons: 40, seed: 2, name: 'other' });
  const held = heldOut(survey);
  const planned: readonly PlannedFit<{ lambda: number }>[] = [1, 50].map((lambda) => ({
    of: { lambda },
    model: 'empirical',
    surveys: [survey],
    options: { seed: 1, config: { lambda } },
  }));
  let store: string;
  beforeEach(async () => {
    store = await mkdtemp(join(tmpdir(), 'labor-llm-fits-'));
  });
  afterEach(() => rm(store, { recursive: true }));

  it('scores each fit on the held-out persons as evaluate does, so that differences are paired', async () => {
    const { logs, result } = await ended(scoreFits(planned, held, { store, seed: 3 }));
    assert.deepEqual(
      logs.map(({ part, parts, what }) => [part, parts, what]),
      [
        [1, 2, '1'],
        [2, 2, '50'],
      ],
    );
    for (const { of, perplexity, scored } of result) {
      const model = EmpiricalModel.fit([survey], { seed: 1, config: of });
      const { report, observations } = await evaluate(model, held.careers, { split: held.split, seed: 3 });
      assert.ok(Math.abs((perplexity.value ?? NaN) - (report.perplexity ?? Infinity)) < 1e-9);
      assert.deepEqual(perplexity.interval, report.interval);
      assert.equal(compareScores(scored, observations).difference.value, 0);
    }
  });

  it('fits nothing a second time, and gives the same numbers', async () => {
    const first = await ended(scoreFits(planned, held, { store }));
    const again = await ended(scoreFits(planned, held, { store }));
    assert.equal(again.logs.length, 0);
    assert.deepEqual(again.result, first.result);
  });

  it('tells apart the held-out persons of two surveys that one fit is of', async () => {
    const fit: PlannedFit<{ data: string }> = {
      of: { data: 'both' },
      model: 'empirical',
      surveys: [survey, other],
      options: { seed: 1 },
    };
    const { result: own } = await ended(scoreFits([fit], held, { store }));
    const { result: others } = await ended(scoreFits([fit], heldOut(other), { store }));
    assert.notDeepEqual(others[0]?.perplexity, own[0]?.perplexity);
    assert.equal(others[0]?.scored[0]?.survey, 'other');
  });

  it('asks a fit about the persons as it is told to, where it is', async () => {
    const [fit] = planned as [PlannedFit<{ lambda: number }>];
    const longer = held.careers.map((career) => ({ ...career, observations: [...career.observations].slice(0, 1) }));
    await assert.rejects(
      ended(scoreFits([fit, { ...fit, of: { lambda: 0 }, options: { seed: 2 }, careers: longer }], held, { store })),
    );
  });
});

describe('inTurn', () => {
  it('runs the trainings one after the other and gives their results by name', async () => {
    async function* training(steps: number) {
      for (let step = 1; step <= steps; step++) yield { step, steps };
      return steps;
    }
    const { logs, result } = await ended(inTurn({ short: training(1), long: training(2) }));
    assert.deepEqual(result, { short: 1, long: 2 });
    assert.deepEqual(
      logs.map(({ what, part, step }) => [what, part, step]),
      [
        ['short', 1, 1],
        ['long', 2, 1],
        ['long', 2, 2],
      ],
    );
  });
});

describe('what is shown of a study', () => {
  it('is which part runs, and the time left if all parts take as long', () => {
    const log = { part: 2, parts: 4, what: 'codes', step: 5, steps: 10 };
    assert.equal(partsLine(log, 30), '2 of 4 (codes): step 5 of 10, 50 s left');
  });

  it('is an interval of no length where none is known', () => {
    assert.deepEqual(plotted({ value: 2, standardError: null, interval: null }), { value: 2, interval: [2, 2] });
  });
});
