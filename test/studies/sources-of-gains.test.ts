import { strict as assert } from 'node:assert';
import { partOf, splitSurvey, surveyOf } from 'labor-llm/careers';
import {
  covariateNames,
  leftOutFits,
  moreDataFits,
  otherSurvey,
  shareFits,
  sourcesOfGainsPlan,
  titleFits,
  titlesSurveys,
  withTrainShare,
} from 'labor-llm/studies';
import { toySurvey } from '../models/toy-survey';

const survey = toySurvey({ persons: 200 });
const personsOf = (share: number): readonly string[] =>
  splitSurvey(withTrainShare(survey, share)).train.careers.map(({ person }) => person);

describe('withTrainShare', () => {
  it('keeps that share of the train persons, each in every larger share, and all others', () => {
    const all = splitSurvey(survey);
    const [few, half, whole] = [personsOf(0.1), personsOf(0.5), personsOf(1)];
    assert.deepEqual(
      [few.length, half.length, whole.length],
      [0.1, 0.5, 1].map((share) => Math.round(share * all.train.careers.length)),
    );
    assert.ok(few.every((person) => half.includes(person)));
    const { validation, test } = splitSurvey(withTrainShare(survey, 0.1));
    assert.deepEqual([validation, test], [all.validation, all.test]);
  });

  it('keeps households together, and somebody of however small a share', () => {
    const careers = survey.careers.map((career, i) => ({ ...career, cluster: `h${i >> 2}` }));
    const kept = withTrainShare({ ...survey, careers }, 0.3).careers.filter((one) => partOf(one) === 'train');
    for (const { cluster } of kept) {
      assert.equal(
        kept.filter((one) => one.cluster === cluster).length,
        careers.filter((one) => one.cluster === cluster).length,
      );
    }
    assert.equal(personsOf(1e-6).length, 1);
  });
});

describe('the fits of notebook 08', () => {
  const plan = sourcesOfGainsPlan.smoke;

  it('are, by share: off the shelf and chance of nobody, then from the base, from nothing and counting', () => {
    const fits = shareFits(survey, '/base', plan, 1);
    const byShare = plan.shares.map((share) => fits.filter(({ of }) => of.share === share).map(({ model }) => model));
    assert.deepEqual(byShare[0], ['off-the-shelf', 'uniform']);
    for (const models of byShare.slice(1)) assert.deepEqual(models, ['labor-llm', 'labor-llm', 'empirical']);
    for (const { of, options } of fits)
      assert.equal(options.base, of.beginning === 'from the base' ? '/base' : undefined);
    const steps = fits.filter(({ of }) => of.beginning === 'from nothing').map(({ options }) => options.steps);
    assert.deepEqual(steps.slice(1), [Math.round(plan.fromNothing.steps * Math.sqrt(0.1)), plan.fromNothing.steps]);
    assert.ok(shareFits(survey, undefined, plan, 1).every(({ of }) => of.beginning !== 'from the base'));
  });

  it('are, by data and decoder, all four', () => {
    const other = toySurvey({ seed: 2, name: 'other' });
    const fits = moreDataFits(survey, other, plan, 1);
    assert.deepEqual(
      fits.map(({ of, surveys }) => [of.decoder, of.data, surveys.length]),
      [
        ['smaller', 'this survey', 1],
        ['smaller', 'both surveys', 2],
        ['larger', 'this survey', 1],
        ['larger', 'both surveys', 2],
      ],
    );
  });

  it('are, by writing of titles, from the base that has read what stands beside it', () => {
    const bases = { words: '/words', codes: '/codes', permuted: '/permuted' };
    assert.deepEqual(
      titleFits(survey, bases, plan, 1).map(({ options: { base, config } }) => [config?.['titles'], base]),
      [
        ['words', '/words'],
        ['codes', '/words'],
        ['codes', '/codes'],
        ['permuted', '/permuted'],
      ],
    );
  });

  it('are asked without the covariates that they were fitted without', () => {
    const [, birthYear, all] = leftOutFits(survey, '/base', plan, 1);
    assert.equal(birthYear?.options.config?.['birthYear'], false);
    for (const career of [...(all?.careers ?? []), ...(all?.surveys[0]?.careers ?? [])]) {
      for (const name of covariateNames) if (name !== 'education') assert.equal(career[name], undefined);
      assert.ok(career.observations.every(({ education }) => education === undefined));
    }
  });
});

describe('surveys besides the one that is asked about', () => {
  const drawn = surveyOf('psid81', { persons: 40, seed: 3, form: 'distance' });

  it('are for titles of its own population and market, one for each rho; a real one stands for itself', () => {
    const surveys = titlesSurveys(drawn, [0, 1], 3);
    assert.deepEqual(
      surveys.map(({ rho, survey: { name, careers, origin } }) => [rho, name, careers.length, origin?.settings.rho]),
      [
        [0, drawn.name, 40, 0],
        [1, drawn.name, 40, 1],
      ],
    );
    assert.deepEqual(surveys[0]?.survey, drawn);
    assert.deepEqual(titlesSurveys(survey, [0, 1], 3), [{ survey, rho: null, market: {} }]);
  });

  it('are for more data of another population, beside a panel the other panel', async () => {
    const names = async (...of: readonly { name: string }[]): Promise<readonly string[]> =>
      Promise.all(of.map(async (one) => (await otherSurvey(one as typeof survey, 1)).name));
    const [nlsy97, nlsy79] = [surveyOf('nlsy97', { persons: 20 }), surveyOf('nlsy79', { persons: 20 })];
    assert.deepEqual(await names(nlsy97, drawn, nlsy79), [nlsy79.name, nlsy79.name, nlsy97.name]);
    const [women, men] = [{ name: 'young-women' }, { name: 'young-men' }];
    assert.deepEqual(await names(women, men, { name: 'mine' }), ['young-men', 'young-women', 'young-men']);
  });
});
