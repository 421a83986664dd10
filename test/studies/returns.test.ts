import { strict as assert } from 'node:assert';
import { perplexityEstimate } from 'labor-llm/evaluation';
import type { Career } from 'labor-llm/careers';
import type { OccupationModel } from 'labor-llm/models';
import {
  askedBack,
  comingBack,
  expectedBack,
  formerJob,
  isStateOf,
  leads,
  situationOf,
  situationsOf,
} from 'labor-llm/studies';
import { career } from './made-up';

const titles = ['Cooks', 'Nurses', 'Unemployed', 'In education'];
const [COOK, NURSE, OUT, SCHOOL] = [0, 1, 2, 3];
const isState = isStateOf(titles);

const history = (...occupations: number[]) => career('p', occupations).observations;

/** Says the same of everything it is asked. */
const saying = (probability: number) =>
  ({
    name: 'made up',
    logProbabilities: (queries: readonly unknown[]) =>
      Promise.resolve(new Float64Array(queries.length).fill(Math.log(probability))),
  }) as unknown as OccupationModel;

const scored = (careers: readonly Career[], logOf: (person: string, t: number) => number) =>
  careers.flatMap(({ survey, person, cluster, observations }) =>
    observations.map(({ year }, t) => ({ survey, person, cluster, year, weight: 1, logProbability: logOf(person, t) })),
  );

describe('situationOf', () => {
  it('tells those apart who know a former job to come back to', () => {
    assert.equal(situationOf([], isState), 'first observation');
    assert.equal(situationOf(history(COOK, COOK), isState), 'one occupation so far');
    assert.equal(situationOf(history(COOK, OUT), isState), 'out of work after a job');
    assert.equal(situationOf(history(COOK, OUT, SCHOOL), isState), 'out of work after a job');
    assert.equal(situationOf(history(OUT, COOK), isState), 'several occupations so far');
    // out of work, but never in it
    assert.equal(situationOf(history(SCHOOL, OUT), isState), 'several occupations so far');
  });
});

describe('formerJob', () => {
  it('is the last job that is not the last occupation, over states', () => {
    assert.equal(formerJob(history(COOK, NURSE, OUT), isState), NURSE);
    assert.equal(formerJob(history(COOK, OUT, NURSE, NURSE), isState), COOK);
    assert.equal(formerJob(history(SCHOOL, COOK), isState), undefined);
    assert.equal(formerJob([], isState), undefined);
  });
});

describe('leads', () => {
  const careers = [career('a', [COOK, OUT, COOK]), career('b', [COOK, COOK, NURSE, NURSE]), career('c', [SCHOOL, OUT])];
  const other = scored(careers, () => Math.log(0.1));

  it('of all situations multiply to the ratio of the perplexities', () => {
    const own = scored(careers, (person, t) => Math.log(0.1 + 0.05 * t + (person === 'a' ? 0.2 : 0)));
    const all = leads(situationsOf(careers, isState), own, other);
    const whole = all.find(({ situation }) => situation === 'all');
    const parts = all.filter((one) => one !== whole);
    const product = parts.reduce((sum, { ratio }) => sum * (ratio.value ?? NaN), 1);
    const ratio = (perplexityEstimate(other).value ?? NaN) / (perplexityEstimate(own).value ?? NaN);
    assert.ok(Math.abs(product / ratio - 1) < 1e-12);
    assert.ok(Math.abs((whole?.ratio.value ?? NaN) / ratio - 1) < 1e-12);
    assert.equal(
      parts.reduce((sum, { observations }) => sum + observations, 0),
      whole?.observations,
    );
  });

  it('are where the answers differ, and nowhere else', () => {
    // one of nine answers, twice as probable
    const own = scored(careers, (person, t) => Math.log(person === 'a' && t === 2 ? 0.2 : 0.1));
    for (const { situation, ratio } of leads(situationsOf(careers, isState), own, other)) {
      const ahead = ['out of work after a job', 'all'].includes(situation) ? 2 ** (1 / 9) : 1;
      assert.ok(Math.abs((ratio.value ?? NaN) - ahead) < 1e-12, situation);
    }
  });
});

describe('comingBack', () => {
  const careers = [
    career('a', [COOK, OUT, COOK, NURSE]), // back after a break; then, in work, only Cooks before, and those are the last
    career('b', [COOK, OUT, NURSE, COOK, NURSE]), // not back after the break, then back, then back
    career('c', [SCHOOL, OUT]),
  ];
  const asked = careers.map((one) => askedBack(one, isState));

  it('has the observed share by place, and what models expect of the same observations', async () => {
    const expected = { low: await expectedBack(saying(0.1), asked) };
    const [out, inWork, ...more] = comingBack(asked.flat(), expected);
    assert.deepEqual(more, []);
    assert.deepEqual([out?.place, out?.observations, out?.observed.value], ['out of work', 2, 0.5]);
    assert.deepEqual([inWork?.place, inWork?.observations, inWork?.observed.value], ['in another job', 2, 1]);
    for (const one of [out, inWork]) assert.ok(Math.abs((one?.expected[0]?.share.value ?? NaN) - 0.1) < 1e-12);
  });

  it('asks for the former job', async () => {
    const occupations: number[] = [];
    const model = {
      name: 'made up',
      logProbabilities: (queries: readonly unknown[], formers: readonly number[]) => {
        occupations.push(...formers);
        return Promise.resolve(new Float64Array(queries.length));
      },
    } as unknown as OccupationModel;
    await expectedBack(model, asked);
    assert.deepEqual(occupations, [COOK, COOK, COOK, NURSE]);
  });

  it('has no place that nobody is at: a survey of jobs only', () => {
    const jobs = askedBack(career('a', [COOK, NURSE, COOK]), isStateOf(['Cooks', 'Nurses']));
    assert.deepEqual(
      comingBack(jobs, {}).map(({ place }) => place),
      ['in another job'],
    );
  });
});
