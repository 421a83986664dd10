/** What every `OccupationModel` must do, whichever it is: called by the test of each model. */
import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partOf, type Career, type OccupationIndex, type Survey } from 'labor-llm/careers';
import { scoreCareers } from 'labor-llm/evaluation';
import { fitModel, loadModel, queriesOf, type FitOptions, type OccupationModel } from 'labor-llm/models';
import { toyCareer, toySurvey, toyTitles } from './toy-survey';

/** Runs a fit to its end. */
export const fitToEnd = async (
  name: string,
  surveys: readonly Survey[],
  options: FitOptions = { seed: 1 },
): Promise<OccupationModel> => {
  const steps = fitModel(name, surveys, options);
  for (;;) {
    const item = await steps.next();
    if (item.done === true) return item.value;
  }
};

/** A person id, made from the prefix, that falls into the train persons. */
export const trainPerson = (prefix: string): string => {
  let number = 0;
  while (partOf({ cluster: `${prefix}${number}` }) !== 'train') number += 1;
  return `${prefix}${number}`;
};

const occupationsOf = (career: Career): OccupationIndex[] => career.observations.map(({ occupation }) => occupation);

const assertClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void => {
  assert.equal(actual.length, expected.length);
  Array.from(expected).forEach((value, index) => {
    const difference = Math.abs((actual[index] ?? NaN) - value);
    assert.ok(difference <= tolerance, `at ${index}: ${actual[index]} is not ${value} to ${tolerance}`);
  });
};

/**
 * Describes the behaviours, on a toy survey.
 *
 * @param fit       fits the model on the train persons of surveys; a few steps are enough
 * @param tolerance of log-probabilities that must be the same
 * @param isBlind   says the same whatever it is asked
 * @param tooFew    what it says where there are no more than two train persons, if it cannot be fitted on them
 */
export const describeOccupationModel = (
  name: string,
  fit: (surveys: readonly Survey[]) => Promise<OccupationModel>,
  {
    tolerance = 1e-12,
    isBlind = false,
    tooFew,
  }: { readonly tolerance?: number; readonly isBlind?: boolean; readonly tooFew?: RegExp } = {},
): void => {
  describe(`${name} as an OccupationModel`, () => {
    const survey = toySurvey();
    const long = survey.careers.filter(({ observations }) => observations.length >= 5).slice(0, 3);
    let model: OccupationModel;
    before(async () => {
      model = await fit([survey]);
    });
    after(() => model?.dispose());

    it('puts on the declared occupations the mass that it says it keeps, and no more than 1', async () => {
      for (const { logProbabilities, keptMass } of await model.distributions(long.flatMap(queriesOf))) {
        assert.equal(logProbabilities.length, toyTitles.length);
        const sum = logProbabilities.reduce((total, logProbability) => total + Math.exp(logProbability), 0);
        assert.ok(Math.abs(sum - keptMass) < 1e-5, `${sum} is not ${keptMass}`);
        assert.ok(keptMass > 0 && keptMass < 1 + 1e-5, `kept mass ${keptMass}`);
      }
    });

    it('says of one occupation what its whole distribution says', async () => {
      const queries = long.flatMap(queriesOf);
      const occupations = long.flatMap(occupationsOf);
      const named = await model.logProbabilities(queries, occupations);
      const whole = await model.distributions(queries);
      assertClose(
        named,
        whole.map(({ logProbabilities }, index) => logProbabilities[occupations[index] ?? -1] ?? NaN),
        tolerance,
      );
    });

    it('answers a query alone as it does among others', async () => {
      const queries = long.flatMap(queriesOf);
      const occupations = long.flatMap(occupationsOf);
      const together = await model.logProbabilities(queries, occupations);
      const alone: number[] = [];
      for (const [index, query] of queries.entries()) {
        const [answer = NaN] = await model.logProbabilities([query], [occupations[index] as OccupationIndex]);
        alone.push(answer);
      }
      assertClose(alone, together, tolerance);
    });

    it('gives the same numbers after saving and loading', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'labor-llm-'));
      try {
        await model.save(folder);
        const loaded = await loadModel(folder);
        assert.equal(loaded.name, model.name);
        assert.deepEqual(loaded.surveys, model.surveys);
        const queries = long.flatMap(queriesOf);
        const expected = await model.logProbabilities(queries, long.flatMap(occupationsOf));
        assert.deepEqual(await loaded.logProbabilities(queries, long.flatMap(occupationsOf)), expected);
        loaded.dispose();
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('leaves earlier probabilities unchanged when a later row changes', async () => {
      for (const career of long) {
        const changed: Career = {
          ...career,
          observations: career.observations.map((observation, index) =>
            index < 3
              ? observation
              : {
                  year: observation.year + 2,
                  occupation: ((observation.occupation + 1) % toyTitles.length) as OccupationIndex,
                  education: 'doctorate',
                  region: 'west',
                  weight: 5,
                },
          ),
        };
        const logs = async (of: Career) =>
          (await scoreCareers(model, [of])).map(({ logProbability }) => logProbability);
        const [before, after] = [await logs(career), await logs(changed)];
        assertClose(after.slice(0, 3), before.slice(0, 3), tolerance);
        // the change can be seen at all
        if (!isBlind) assert.ok(Math.abs((after[3] ?? NaN) - (before[3] ?? NaN)) > tolerance);
      }
    });

    it('gives a declared occupation that no train person had a finite probability', async () => {
      const never = (toyTitles.length - 1) as OccupationIndex;
      const queries = queriesOf(long[0] as Career);
      const answers = await model.logProbabilities(
        queries,
        queries.map(() => never),
      );
      for (const answer of answers) assert.ok(Number.isFinite(answer) && answer < 0, `${answer}`);
    });

    it('goes on from an occupation that no train person had', async () => {
      const [, query] = queriesOf(toyCareer('q', [toyTitles.length - 1, 0]));
      assert.ok(query);
      const [answer = NaN] = await model.logProbabilities([query], [0 as OccupationIndex]);
      assert.ok(Number.isFinite(answer), `${answer}`);
    });

    it('answers a person with nothing known and nothing before', async () => {
      const covariates = {
        survey: 'toy',
        sex: undefined,
        ethnicity: undefined,
        region: undefined,
        birthYear: undefined,
      };
      const [distribution] = await model.distributions([{ covariates, history: [], year: 2030, education: undefined }]);
      assert.ok(distribution?.logProbabilities.every(Number.isFinite));
    });

    it('refuses a survey that it was not fitted on, by name', async () => {
      const queries = queriesOf(toyCareer('q', [0, 1], 'elsewhere'));
      await assert.rejects(model.logProbabilities(queries, [0, 1] as OccupationIndex[]), /elsewhere/);
      await assert.rejects(model.distributions(queries), /elsewhere/);
    });

    it('refuses an occupation that is not declared, asked about or in the history', async () => {
      const undeclared = toyTitles.length as OccupationIndex;
      const [first] = queriesOf(toyCareer('q', [0]));
      const [, second] = queriesOf(toyCareer('q', [undeclared, 0]));
      assert.ok(first && second);
      await assert.rejects(model.logProbabilities([first], [undeclared]), Error);
      await assert.rejects(model.logProbabilities([second], [0 as OccupationIndex]), Error);
    });

    const person = trainPerson('only');
    const two = [trainPerson('a'), trainPerson('b')];
    const degenerate: Readonly<Record<string, Survey>> = {
      'one person with one observation and one occupation': {
        ...{ name: 'tiny', occupations: ['Cooks'] },
        careers: [toyCareer(person, [0], 'tiny')],
      },
      'one person with several occupations': {
        ...{ name: 'tiny', occupations: toyTitles },
        careers: [toyCareer(person, [0, 1, 1, 2], 'tiny')],
      },
      'several persons with one occupation': {
        ...{ name: 'tiny', occupations: ['Cooks'] },
        careers: two.map((id) => toyCareer(id, [0, 0, 0], 'tiny')),
      },
      'persons with one observation each': {
        ...{ name: 'tiny', occupations: toyTitles },
        careers: two.map((id, i) => toyCareer(id, [i], 'tiny')),
      },
    };
    for (const [what, tiny] of Object.entries(degenerate)) {
      it(`${tooFew ? 'says why it is not fitted' : 'is fitted, and gives finite numbers,'} on ${what}`, async () => {
        if (tooFew) return assert.rejects(fit([tiny]), tooFew);
        const fitted = await fit([tiny]);
        const scored = await scoreCareers(fitted, [...tiny.careers, toyCareer(person, [0, 0], 'tiny')]);
        for (const { logProbability } of scored) assert.ok(logProbability <= 1e-6 && Number.isFinite(logProbability));
        fitted.dispose();
      });
    }

    it('is fitted where no education is known', async () => {
      const unknown = (career: Career): Career => ({
        ...career,
        observations: career.observations.map((observation) => ({ ...observation, education: undefined })),
      });
      const fitted = await fit([{ ...survey, careers: survey.careers.map(unknown) }]);
      const scored = await scoreCareers(fitted, long);
      assert.ok(scored.every(({ logProbability }) => Number.isFinite(logProbability)));
      fitted.dispose();
    });

    it('says clearly that there is nobody to fit on', async () => {
      await assert.rejects(fit([{ ...survey, careers: [] }]), /train person/);
    });
  });
};
