import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSurvey, splitSurvey, type Career, type OccupationIndex, type Survey } from 'labor-llm/careers';
import { scoreCareers } from 'labor-llm/evaluation';
import type { MultinomialLogit } from 'labor-llm/models';
import { ModelError, queriesOf, type FitLog } from 'labor-llm/models';
import { fitMultinomialLogit } from '../../lib/dist/models/multinomial-logit.js';
import { trainPerson } from './contract';
import { toyCareer, toySurvey } from './toy-survey';

const PANEL = join(__dirname, '../../data/young-women-groups/young-women-groups.csv.gz');
const golden = JSON.parse(readFileSync(join(__dirname, '../fixtures/models/multinomial_logit.json'), 'utf8')) as {
  ridge: number;
  features: string[];
  titles: string[];
  oneStage: { logLikelihood: Record<Part, number>; coefficients: number[][]; intercepts: number[] };
  twoStage: { logLikelihood: Record<Part, number> };
};
const PARTS = ['train', 'validation', 'test'] as const;
type Part = (typeof PARTS)[number];

const fit = async (survey: Survey, config: Record<string, unknown>) => {
  const logs: FitLog[] = [];
  const fitting = fitMultinomialLogit([survey], { seed: 1, config });
  for (;;) {
    const item = await fitting.next();
    if (item.done === true) return { model: item.value as MultinomialLogit, logs };
    logs.push(item.value);
  }
};

const meanLogProbability = async (model: MultinomialLogit, careers: readonly Career[]): Promise<number> => {
  const scored = await scoreCareers(model, careers);
  return scored.reduce((sum, { logProbability }) => sum + logProbability, 0) / scored.length;
};

const assertNear = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} is not ${expected} to ${tolerance}`);

describe('MultinomialLogit', () => {
  describe('against scikit-learn on the shipped panel (fixtures/models/multinomial_logit.py)', function () {
    this.timeout(120_000);
    let survey: Survey;
    before(async () => {
      survey = await readSurvey(PANEL);
    });
    const config = { ridge: golden.ridge, tolerance: 1e-7 };

    it('has in one stage its coefficients, intercepts and log-likelihoods', async () => {
      const { model } = await fit(survey, { ...config, stages: 1 });
      for (const part of PARTS) {
        const expected = golden.oneStage.logLikelihood[part];
        assertNear(await meanLogProbability(model, splitSurvey(survey)[part].careers), expected, 1e-5, part);
      }
      const own = new Map(
        model.coefficients().map(({ feature, outcome, value }) => [JSON.stringify([feature, outcome]), value]),
      );
      const { titles, features, oneStage } = golden;
      const valueOf = (feature: string, title: string) => own.get(JSON.stringify([feature, title])) ?? NaN;
      assert.equal(own.size, (features.length + 1) * titles.length);
      features.forEach((feature, f) =>
        titles.forEach((title, j) => {
          const expected = oneStage.coefficients[f]?.[j] as number;
          assertNear(valueOf(feature, title), expected, 1e-3, `${feature}, ${title}`);
        }),
      );
      // the intercepts may all be shifted by the same
      const intercepts = titles.map((title) => valueOf('intercept', title));
      const mean = intercepts.reduce((sum, value) => sum + value, 0) / intercepts.length;
      intercepts.forEach((value, j) =>
        assertNear(value - mean, oneStage.intercepts[j] as number, 1e-3, `intercept of ${titles[j]}`),
      );
    });

    it('has in two stages the log-likelihoods of the reference', async () => {
      const { model } = await fit(survey, { ...config, stages: 2 });
      for (const part of PARTS) {
        const expected = golden.twoStage.logLikelihood[part];
        assertNear(await meanLogProbability(model, splitSurvey(survey)[part].careers), expected, 1e-5, part);
      }
    });
  });

  it('is fitted to the norm of the gradient that is asked for, and says which it reached', async () => {
    const { logs } = await fit(toySurvey(), { tolerance: 1e-6 });
    const notes = logs.flatMap(({ note }) => note ?? []);
    assert.equal(notes.length, 2); // staying, and where
    for (const note of notes) {
      const [, norm] = /gradient norm (\S+) after \d+ iterations/.exec(note) ?? [];
      assert.ok(Number(norm) <= 1e-6, note);
    }
    const stopped = await fit(toySurvey(), { tolerance: 1e-6, maxIterations: 2 });
    assert.match(stopped.logs.flatMap(({ note }) => note ?? []).join(), /above the tolerance 0.000001/);
  });

  it('gives the same numbers to the last bit when it is fitted again', async () => {
    const queries = toySurvey().careers.flatMap(queriesOf);
    const [one, two] = [await fit(toySurvey(), {}), await fit(toySurvey(), {})];
    assert.deepEqual(await one.model.distributions(queries), await two.model.distributions(queries));
  });

  it('names the coefficients of both stages', async () => {
    const { model } = await fit(toySurvey(), {});
    const coefficients = model.coefficients();
    const of = (stage: string) => coefficients.filter((coefficient) => coefficient.stage === stage);
    assert.deepEqual([...new Set(of('stay').map(({ outcome }) => outcome))], ['move', 'stay']);
    assert.ok(
      of('occupation').some(
        ({ feature, outcome }) => feature === 'last occupation: Cooks' && outcome === 'Managers, "other"',
      ),
    );
    assert.ok(!of('occupation').some(({ outcome }) => outcome === 'Never seen')); // it has no coefficients
  });

  it('gives an occupation that no train person had its smoothed share', async () => {
    const survey = toySurvey();
    const observations = splitSurvey(survey).train.careers.flatMap((career) => career.observations).length;
    const { model } = await fit(survey, { stages: 1 });
    const [query] = queriesOf(toyCareer('q', [0]));
    assert.ok(query);
    const [answer = NaN] = await model.logProbabilities([query], [6 as OccupationIndex]);
    assertNear(Math.exp(answer), 0.5 / (observations + 0.5 * 7), 1e-12, 'never seen');
  });

  it('is finite where everybody stays, where nobody does, and where nobody has two observations', async () => {
    const names = ['a', 'b', 'c'].map(trainPerson);
    for (const occupations of [[0, 0, 0], [0, 1, 0], [1]]) {
      const careers = names.map((name) => toyCareer(name, occupations, 'small'));
      const { model } = await fit({ name: 'small', occupations: ['x', 'y', 'z'], careers }, {});
      const queries = queriesOf(toyCareer('q', [0, 0, 1, 2, 2], 'small'));
      for (const { logProbabilities } of await model.distributions(queries)) {
        assert.ok(logProbabilities.every(Number.isFinite), `${logProbabilities.join()} after ${occupations.join()}`);
        const sum = logProbabilities.reduce((total, logP) => total + Math.exp(logP), 0);
        assertNear(sum, 1, 1e-9, occupations.join());
      }
    }
  });

  it('refuses settings that cannot be', async () => {
    await assert.rejects(fit(toySurvey(), { stages: 3 }), /stages is 3: give 1 or 2/);
    await assert.rejects(fit(toySurvey(), { ridge: 0 }), ModelError);
    await assert.rejects(fit(toySurvey(), { penalty: 1 }), /no setting "penalty".*ridge/);
  });
});
