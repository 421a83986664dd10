import { strict as assert } from 'node:assert';
import { heldOut } from 'labor-llm/studies';
import { splitSurvey, type Career } from 'labor-llm/careers';
import { perplexityEstimate, type Compared } from 'labor-llm/evaluation';
import { EmpiricalModel } from 'labor-llm/models';
import { Random } from 'labor-llm/support';
import {
  changingCareers,
  coverage,
  headerFrom,
  rowsAsPersons,
  rowSplit,
  seenTitles,
  tuningCandidates,
  tuningOptimism,
  type Ending,
} from 'labor-llm/studies';
import { toySurvey } from '../models/toy-survey';
import { career, survey } from './made-up';

const perplexity = (scored: readonly Compared[]): number =>
  perplexityEstimate(scored, { resamples: 2 }).value as number;

describe('rowSplit', () => {
  it('makes a model that remembers persons look better than it is, on the same rows', async () => {
    const random = new Random(1);
    // each person has an occupation of their own liking, which no train person's says anything of
    const persons = Array.from({ length: 150 }, (_, i): Career => {
      const liked = random.integer(5);
      return career(
        `p${i}`,
        Array.from({ length: 8 }, () => (random.uniform() < 0.5 ? liked : random.integer(5))),
      );
    });
    const drawn = survey(['a', 'b', 'c', 'd', 'e'], ...persons);
    const { counting, past, leaked } = await rowSplit(drawn, heldOut(drawn).careers, 1);
    assert.equal(counting.length, leaked.length);
    assert.deepEqual(
      past.map(({ person, year }) => [person, year]),
      leaked.map(({ person, year }) => [person, year]),
    );
    assert.ok(perplexity(leaked) < perplexity(past), `${perplexity(leaked)} and ${perplexity(past)}`);
  });
});

describe('headerFrom', () => {
  it('says what is true of the last observation, or of the first, and counts in how many careers that differs', () => {
    const one = career('p', [0, 1]);
    const observations = one.observations.map((row, i) => ({ ...row, region: ['n', 's'][i] }));
    const of = survey(['a', 'b'], { ...one, region: 'n', observations });
    const header = (what: Ending, when: 'first' | 'last') => headerFrom(of, what, when).careers[0]?.region;
    assert.deepEqual([header('region', 'last'), header('region', 'first')], ['s', 'n']);
    assert.deepEqual([header('occupation', 'last'), header('occupation', 'first')], ['b', undefined]);
    assert.deepEqual(headerFrom(of, 'occupation', 'last').careers[0]?.observations, observations);
    assert.deepEqual([changingCareers(of, 'region'), changingCareers(survey([], one), 'region')], [1, 0]);
  });
});

/** Rows of persons, all of whose rows are as hard. */
const hardPersons = (persons: number, rows: number): readonly Compared[] => {
  const random = new Random(1);
  return Array.from({ length: persons }, (_, i) => {
    const logProbability = -random.uniform() * 4;
    const { survey: name, person, cluster } = career(`p${i}`, []);
    return Array.from({ length: rows }, (_, t) => ({
      survey: name,
      person,
      cluster,
      year: 2000 + t,
      weight: 1,
      logProbability,
    }));
  }).flat();
};

describe('standard errors by row', () => {
  const scored = hardPersons(400, 9);

  it('are too small by the root of the rows, where all rows of a person are alike', () => {
    const [persons, rows] = [scored, rowsAsPersons(scored)].map(
      (one) => perplexityEstimate(one).standardError as number,
    );
    assert.ok(Math.abs((persons ?? NaN) / (rows ?? NaN) / 3 - 1) < 0.15);
  });

  it('give intervals that miss the truth more often than they say', () => {
    const { byPerson, byRow, widthByPerson, widthByRow } = coverage(scored, { persons: 40, samples: 200, seed: 1 });
    assert.ok(byPerson > 0.88, `${byPerson}`);
    assert.ok(byRow < 0.65, `${byRow}`);
    assert.ok(widthByRow < widthByPerson / 2);
    assert.throws(() => coverage(scored, { persons: 300, samples: 1, seed: 1 }), /twice as many are needed/);
  });
});

describe('tuningOptimism', () => {
  /** Equally good models, whose luck is by person. */
  const candidates = Array.from({ length: 20 }, (_, model) => {
    const random = new Random(2, model);
    const luck = Array.from({ length: 200 }, () => random.normal());
    return hardPersons(200, 3).map((row, i) => ({
      ...row,
      logProbability: row.logProbability + 0.3 * (luck[Math.floor(i / 3)] as number),
    }));
  });

  it('claims a gain where there is next to none, the more the fewer persons choose', () => {
    const [few, many] = tuningOptimism(candidates, [10, 100], 200, 1);
    // the largest of 20 means over 10 draws of 0.3 times a normal: 1.87 standard errors
    assert.ok(
      Math.abs((few?.claimed.value ?? NaN) / (1.87 * (0.3 / Math.sqrt(10))) - 1) < 0.15,
      `${few?.claimed.value}`,
    );
    assert.ok(Math.abs(few?.real.value ?? NaN) < 0.05);
    assert.ok((many?.claimed.value ?? NaN) < (few?.claimed.value ?? NaN) / 2);
  });

  it('claims nothing where all candidates are the same, and needs persons to look at it on', () => {
    const same = candidates[0] as readonly Compared[];
    assert.ok(Math.abs(tuningOptimism([same, same], [10], 5, 1)[0]?.claimed.value ?? NaN) < 1e-12);
    assert.throws(() => tuningOptimism(candidates, [200], 1, 1), /somebody must be left/);
  });

  it('chooses among fits on train persons drawn anew, all scored on the same rows', async () => {
    const toy = toySurvey({ persons: 60 });
    const fits = await tuningCandidates(toy, heldOut(toy).careers, 3, 1);
    assert.equal(fits.length, 3);
    assert.ok(fits.every((scored) => scored.length === fits[0]?.length));
    assert.notDeepEqual(fits[0], fits[1]);
  });
});

describe('seenTitles', () => {
  it('leaves out what no train person had, and scales the rest up to one', async () => {
    const toy = toySurvey({ persons: 60 });
    const { train, test } = splitSurvey(toy);
    const few = { ...toy, careers: [...train.careers.slice(0, 3), ...test.careers] };
    const model = EmpiricalModel.fit([few], { seed: 1 });
    const { all, seen, leftOut, titles } = await seenTitles(model, few, test.careers);
    const known = new Set(
      train.careers.slice(0, 3).flatMap((one) => one.observations.map(({ occupation }) => occupation)),
    );
    const rows = test.careers.flatMap(({ observations }) => observations);
    assert.equal(leftOut, rows.filter(({ occupation }) => !known.has(occupation)).length);
    assert.ok(leftOut > 0);
    assert.deepEqual([all.length, titles.seen, titles.declared], [rows.length, known.size, toy.occupations.length]);
    const before = all.filter((_, i) => known.has((rows[i] as (typeof rows)[0]).occupation));
    assert.ok(seen.every(({ logProbability }, i) => logProbability > (before[i] as Compared).logProbability));
    assert.ok(perplexity(seen) < perplexity(all));
  });
});
