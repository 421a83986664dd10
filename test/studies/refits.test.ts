import { strict as assert } from 'node:assert';
import { partOf, splitSurvey, type OccupationIndex, type Survey } from 'labor-llm/careers';
import { spreadOf, spreadOfDifference } from 'labor-llm/evaluation';
import { EmpiricalModel, type OccupationModel } from 'labor-llm/models';
import { overSeeds, overTrainPersons, resampledTrainPersons } from 'labor-llm/studies';
import { toyCareer, toySurvey } from '../models/toy-survey';

describe('resampledTrainPersons', () => {
  const survey = toySurvey({ persons: 200 });
  const { train, validation, test } = splitSurvey(survey);
  const resample = resampledTrainPersons(survey, 1, 0);
  const parts = splitSurvey(resample);

  it('draws as many train persons, some twice and some not at all, and leaves the others as they are', () => {
    assert.equal(parts.train.careers.length, train.careers.length);
    const distinct = new Set(parts.train.careers.map(({ person }) => person)).size / train.careers.length;
    assert.ok(Math.abs(distinct - (1 - Math.exp(-1))) < 0.1, `${distinct} of the persons`);
    assert.deepEqual(parts.validation.careers, validation.careers);
    assert.deepEqual(parts.test.careers, test.careers);
  });

  it('draws the members of a household together', () => {
    const households = {
      ...survey,
      careers: survey.careers.map((career, i) => ({ ...career, cluster: `h${i >> 1}` })),
    };
    const counts = new Map<string, number>();
    for (const { cluster, person } of resampledTrainPersons(households, 1, 0).careers) {
      if (partOf({ cluster }) === 'train') counts.set(person, (counts.get(person) ?? 0) + 1);
    }
    for (const [person, count] of counts) {
      const { cluster } = households.careers.find((one) => one.person === person) as Survey['careers'][0];
      const mates = households.careers.filter((one) => one.cluster === cluster);
      assert.ok(mates.every((mate) => counts.get(mate.person) === count));
    }
  });

  it('is the same for the same seed and number', () => {
    assert.deepEqual(resampledTrainPersons(survey, 1, 0), resample);
    assert.notDeepEqual(resampledTrainPersons(survey, 1, 1).careers, resample.careers);
    assert.notDeepEqual(resampledTrainPersons(survey, 2, 0).careers, resample.careers);
  });
});

/** P(occupation 0) is its share among the train persons, each of one observation: a mean, whose error is known. */
const shareModel = async (survey: Survey, shift = 0): Promise<OccupationModel> => {
  const train = splitSurvey(survey).train.careers;
  const zeros = train.filter(({ observations }) => observations[0]?.occupation === 0).length;
  const p = (zeros + shift) / train.length;
  return {
    name: 'share',
    surveys: [{ survey: 'toy', titles: ['a', 'b'] }],
    logProbabilities: async (_, occupations) => Float64Array.from(occupations, (j) => Math.log(j === 0 ? p : 1 - p)),
    distributions: async () => [],
    save: async () => {},
    dispose: () => {},
  };
};

describe('standard errors by fitting again', () => {
  const careers = Array.from({ length: 600 }, (_, index) => toyCareer(`p${index}`, [index % 4 === 0 ? 0 : 1]));
  const survey: Survey = { name: 'toy', occupations: ['a', 'b'], careers };
  const scored = [toyCareer('q', [0]), toyCareer('r', [1])];

  it('over train persons is that of the delta method, for a share', async () => {
    const { train } = splitSurvey(survey);
    const n = train.careers.length;
    const p =
      train.careers.filter(({ observations }) => observations[0]?.occupation === (0 as OccupationIndex)).length / n;
    const { mean, standardError, values } = await overTrainPersons(survey, (one) => shareModel(one), scored, {
      refits: 400,
      seed: 1,
    });
    // perplexity exp(-(log p + log(1 - p)) / 2) of the two: its derivative by p times the share's standard error
    const perplexity = 1 / Math.sqrt(p * (1 - p));
    const derivative = (perplexity * Math.abs(1 / p - 1 / (1 - p))) / 2;
    const expected = derivative * Math.sqrt((p * (1 - p)) / n);
    assert.equal(values.length, 400);
    assert.ok(Math.abs((mean ?? NaN) - perplexity) < 3 * expected);
    assert.ok(Math.abs((standardError ?? NaN) / expected - 1) < 0.12, `${standardError} is not ${expected}`);
  });

  it('pairs the differences of two models that are refitted on the same resamples', async () => {
    const options = { refits: 30, seed: 1 };
    const one = await overTrainPersons(survey, (of) => shareModel(of), scored, options);
    const other = await overTrainPersons(survey, (of) => shareModel(of, 1), scored, options);
    const difference = spreadOfDifference(one, other);
    assert.ok((difference.standardError ?? NaN) < (one.standardError ?? NaN) / 10);
    assert.throws(() => spreadOfDifference(one, spreadOf([1])), /fitted 30 and 1 times: fit both as often/);
  });

  it('over seeds is none for a model that draws nothing, and apart from that over train persons', async () => {
    const toy = toySurvey();
    const fit = async (of: Survey, seed: number) => EmpiricalModel.fit([of], { seed });
    const held = splitSurvey(toy).test.careers;
    const seeds = await overSeeds(toy, fit, held, [1, 2, 3]);
    assert.equal(seeds.standardError, 0);
    const training = await overTrainPersons(toy, fit, held, { refits: 5, seed: 1 });
    assert.ok((training.standardError ?? 0) > 0.01);
  });

  it('is unknown of a single fit', () => {
    assert.deepEqual(spreadOf([2]), { values: [2], mean: 2, standardError: null });
    assert.deepEqual(spreadOf([]), { values: [], mean: null, standardError: null });
  });
});
