import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  areaUnderCurve,
  calibrationCurve,
  calibrationError,
  logLoss,
  observedShare,
  predictedShare,
  type Case,
} from 'labor-llm/evaluation';
import { assertClose } from '../support/closeness';

/** What scikit-learn says (fixtures/evaluation/binary.json, made by binary.py). */
interface Reference {
  readonly probability: readonly number[];
  readonly happened: readonly boolean[];
  readonly weight: readonly number[];
  readonly auc: number;
  readonly logLoss: number;
  readonly weightedAuc: number;
  readonly weightedLogLoss: number;
  readonly observed: readonly number[];
  readonly predicted: readonly number[];
}

const references = JSON.parse(readFileSync(join(__dirname, '../fixtures/evaluation/binary.json'), 'utf8')) as Record<
  'distinct' | 'tied',
  Reference
>;

const casesOf = ({ probability, happened, weight }: Reference, weighted: boolean): Case[] =>
  probability.map((p, index) => ({
    probability: p,
    happened: happened[index] as boolean,
    weight: weighted ? (weight[index] as number) : 1,
  }));

const caseOf = (probability: number, happened: boolean, weight = 1): Case => ({ probability, happened, weight });

describe('binary metrics', () => {
  for (const [name, reference] of Object.entries(references).filter(([key]) => key !== 'top')) {
    it(`agree with scikit-learn on AUC and log-loss to 1e-9, weighted and not: ${name} probabilities`, () => {
      const [plain, weighted] = [casesOf(reference, false), casesOf(reference, true)];
      assertClose(
        [areaUnderCurve(plain), logLoss(plain), areaUnderCurve(weighted), logLoss(weighted)].map(Number),
        [reference.auc, reference.logLoss, reference.weightedAuc, reference.weightedLogLoss],
        1e-9,
      );
    });
  }

  it('agree with scikit-learn on the calibration curve by quantiles', () => {
    const curve = calibrationCurve(casesOf(references.distinct, false));
    assertClose(
      curve.map(({ predicted }) => predicted),
      references.distinct.predicted,
      1e-12,
    );
    assertClose(
      curve.map(({ observed }) => observed),
      references.distinct.observed,
      1e-12,
    );
    assert.deepEqual(new Set(curve.map(({ cases }) => cases)), new Set([40]));
  });

  it('count a tie as half: AUC 1/2 where all probabilities are the same, whatever the order', () => {
    const cases = [caseOf(0.3, true), caseOf(0.3, false), caseOf(0.3, false)];
    assert.equal(areaUnderCurve(cases), 0.5);
    assert.equal(areaUnderCurve([...cases].reverse()), 0.5);
  });

  it('have AUC 1 where the event always had the higher probability and 0 where it never had', () => {
    const cases = [caseOf(0.9, true), caseOf(0.4, true), caseOf(0.3, false), caseOf(0.1, false)];
    assert.equal(areaUnderCurve(cases), 1);
    assert.equal(areaUnderCurve(cases.map((one) => ({ ...one, happened: !one.happened }))), 0);
  });

  it('are null, not 0, of what cannot be known', () => {
    assert.equal(areaUnderCurve([caseOf(0.5, true), caseOf(0.6, true)]), null);
    assert.equal(areaUnderCurve([caseOf(0.5, true), caseOf(0.6, false, 0)]), null);
    for (const metric of [areaUnderCurve, logLoss, predictedShare, observedShare]) assert.equal(metric([]), null);
    assert.deepEqual(calibrationCurve([]), []);
    assert.equal(calibrationError([]), null);
  });

  it('have an infinite log-loss where the impossible came, unless it counts nothing', () => {
    assert.equal(logLoss([caseOf(0, true), caseOf(0.5, true)]), Infinity);
    assert.equal(logLoss([caseOf(0, true, 0), caseOf(0.5, true)]), Math.LN2);
  });

  it('count a case of weight 3 as three', () => {
    const weighted = [caseOf(0.2, false, 3), caseOf(0.2, true, 1), caseOf(0.7, true, 2), caseOf(0.4, false, 1)];
    const repeated = weighted.flatMap((one) => Array.from({ length: one.weight }, () => ({ ...one, weight: 1 })));
    for (const metric of [areaUnderCurve, logLoss, predictedShare, observedShare]) {
      assertClose([Number(metric(weighted))], [Number(metric(repeated))], 1e-12);
    }
  });

  it('keep tied cases in one bin, so that their order cannot matter', () => {
    const cases = [
      ...Array.from({ length: 90 }, (_, i) => caseOf(0.1, i % 9 === 0)),
      ...Array.from({ length: 10 }, () => caseOf(0.8, true)),
    ];
    const curve = calibrationCurve(cases);
    assert.deepEqual(
      curve.map(({ cases: count }) => count),
      [90, 10],
    );
    assert.deepEqual(calibrationCurve([...cases].reverse()), curve);
    // bins: 0.1 against 1/9 with share 0.9, and 0.8 against 1 with share 0.1
    assertClose([Number(calibrationError(curve))], [0.9 * (1 / 9 - 0.1) + 0.1 * 0.2], 1e-12);
  });
});
