import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSurvey, surveyOf, type Survey } from 'labor-llm/careers';
import { compareMoments, nlsy97Moments, surveyMoments } from 'labor-llm/studies';
import { historyPerplexity } from '../../lib/src/studies/history-perplexity';
import { trainPerson } from '../models/contract';
import { toyCareer } from '../models/toy-survey';

const NLSY97 = join(__dirname, '../../../shared/data/nlsy97/nlsy97.csv.gz');

describe('the moments of a survey', () => {
  const titles = ['Cooks', 'Clerks', 'Unemployed', 'Not in labor force'];
  const survey = (...careers: number[][]): Survey => ({
    name: 'small',
    occupations: titles,
    careers: careers.map((occupations, i) => toyCareer(trainPerson(`${i} `), occupations)),
  });

  it('counts stays, leaving by years, and returns, with the two states without work as one', () => {
    // moves after the second row: to Not working, back to Cooks, on to Clerks (held before)
    const moments = surveyMoments(survey([1, 0, 2, 3, 0, 1]));
    assert.deepEqual(moments.stayByStep, { 1: 1 / 5 });
    assert.equal(moments.returns, 2 / 3);
    assert.equal(moments.returnsBetweenJobs, 1);
    assert.deepEqual(moments.leavingByYears, [1]);
    assert.equal(moments.margins['Not working'], 2 / 6);
  });

  it('finds that a second row is worth something where people go back and forth, and nothing where they do not', () => {
    const pairs = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].filter((b) => b !== a).map((b) => [a, b, a, b, a, b]));
    const back = survey(...pairs);
    const names = ['a', 'b', 'c', 'd'];
    const of = (known: number, { careers }: Survey) => historyPerplexity(careers, careers, names, known);
    assert.ok(of(2, back) < 0.8 * of(1, back));
    const round = survey(...Array.from({ length: 40 }, () => [0, 1, 2, 3, 0, 1, 2, 3]));
    assert.equal(of(2, round), of(1, round));
  });
});

describe('the market against NLSY97', function () {
  this.timeout(60_000);

  it('is like it in what it is calibrated on, and nearly so in what it is not', () => {
    const rows = compareMoments(surveyMoments(surveyOf('nlsy97', { persons: 4000, seed: 2 })));
    const off = (start: string): number =>
      Math.max(
        ...rows
          .filter(({ moment }) => moment.startsWith(start))
          .map(({ real, synthetic }) => Math.abs(real - synthetic)),
      );
    assert.ok(rows.length > 30);
    assert.ok(off('occupations') < 0.08, `${off('occupations')}`);
    assert.ok(off('stay, one year') < 0.05, `${off('stay, one year')}`);
    // after six years few are left to leave
    for (const years of [1, 2, 3, 4, 5, 6]) {
      const row = rows.find(({ moment }) => moment === `leaving a job, years in it ${years}`);
      const found = Math.abs((row?.real ?? NaN) - (row?.synthetic ?? NaN));
      assert.ok(found < 0.04, `after ${years} years: ${found}`);
    }
    assert.ok(off('not working') < 0.03 && off('in education') < 0.03);
    assert.ok(off('moves') < 0.06, `${off('moves')}`);
    assert.ok(off('gain') < 0.03, `${off('gain')}`);
    const [perplexity] = rows.filter(({ moment }) => moment.startsWith('perplexity'));
    assert.ok(perplexity && Math.abs(Math.log(perplexity.synthetic / perplexity.real)) < 0.1);
  });

  it('is compared with the figures that NLSY97 has', async function () {
    if (!existsSync(NLSY97)) {
      console.log('      skipped: ../shared/data/nlsy97 is not here');
      return this.skip();
    }
    const facts = nlsy97Moments();
    const found = surveyMoments(await readSurvey(NLSY97));
    assert.ok(Math.abs(found.returns - facts.returns) < 1e-4);
    assert.deepEqual(Object.keys(found.margins), Object.keys(facts.margins));
    for (const [rows, value] of Object.entries(found.perplexityOfHistory)) {
      assert.ok(Math.abs(value - (facts.perplexityOfHistory[rows] as number)) < 1e-3);
    }
  });
});
