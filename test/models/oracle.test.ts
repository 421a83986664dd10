import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Market,
  readSurvey,
  splitSurvey,
  surveyOf,
  writeMarket,
  type Career,
  type OccupationIndex,
} from 'labor-llm/careers';
import { scoreCareers } from 'labor-llm/evaluation';
import { loadModel, queriesOf, type Distribution, type OccupationModel, type Query } from 'labor-llm/models';
import { fitToEnd } from './contract';
import { toySurvey } from './toy-survey';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const logsOf = async (model: OccupationModel, careers: readonly Career[]): Promise<number[]> =>
  (await scoreCareers(model, careers)).map(({ logProbability }) => logProbability);

for (const form of ['types', 'distance'] as const) {
  describe(`the oracle of the market of ${form}`, function () {
    this.timeout(120_000);
    const survey = surveyOf('nlsy97', { persons: 1200, seed: 3, form });
    const careers = splitSurvey(survey).test.careers.slice(0, 30);
    const queries = careers.flatMap(queriesOf);
    const rows = careers.flatMap(({ observations }) => observations);
    let distributions: readonly Distribution[];
    before(async () => {
      distributions = await (await fitToEnd('oracle', [survey])).distributions(queries);
    });
    const logOf = (i: number): number => distributions[i]?.logProbabilities[rows[i]?.occupation as number] as number;

    it('is less perplexed than the empirical model, on the same persons', async () => {
      const empirical = await fitToEnd('empirical', [survey]);
      const [own, other] = [rows.map((_, i) => logOf(i)), await logsOf(empirical, careers)];
      // a fifth of the perplexity and more
      assert.ok(mean(own) > mean(other) + 0.2, `${mean(own)} against ${mean(other)}`);
    });

    it('says what then happens as often as it says: the log-probability it expects is the one it gets', () => {
      // E[log P(drawn)] under the model's own distribution is minus its entropy, row by row
      const surprises = distributions.map(
        ({ logProbabilities }, i) =>
          logOf(i) - logProbabilities.reduce((sum, logP) => sum + (logP === -Infinity ? 0 : Math.exp(logP) * logP), 0),
      );
      const deviation = Math.sqrt(mean(surprises.map((x) => x * x)) / surprises.length);
      assert.ok(Math.abs(mean(surprises)) < 3.5 * deviation, `${mean(surprises)} with standard error ${deviation}`);
    });

    it('is calibrated for staying, in every tenth of what it says', () => {
      const bins = Array.from({ length: 10 }, () => ({ n: 0, expected: 0, stayed: 0, variance: 0 }));
      distributions.forEach(({ logProbabilities }, i) => {
        const last = queries[i]?.history.at(-1)?.occupation;
        if (last === undefined) return;
        const p = Math.exp(logProbabilities[last] as number);
        const bin = bins[Math.min(9, Math.floor(p * 10))] as (typeof bins)[number];
        bin.n += 1;
        bin.expected += p;
        bin.stayed += Number(rows[i]?.occupation === last);
        bin.variance += p * (1 - p);
      });
      for (const { n, expected, stayed, variance } of bins) {
        assert.ok(Math.abs(stayed - expected) <= 4 * Math.sqrt(variance) + 1e-9, `${stayed} of ${n}, not ${expected}`);
      }
    });
  });
}

describe('the oracle as an OccupationModel', function () {
  this.timeout(120_000);
  const survey = surveyOf('psid81', { persons: 200, seed: 5 });
  const careers = survey.careers.filter(({ observations }) => observations.length >= 5).slice(0, 4);
  let oracle: OccupationModel;
  let folder: string;
  before(async () => {
    oracle = await fitToEnd('oracle', [survey]);
    folder = await mkdtemp(join(tmpdir(), 'labor-llm-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('puts a mass of 1 on the declared occupations, and says of one what the whole distribution says', async () => {
    const queries = careers.flatMap(queriesOf);
    const logs = await logsOf(oracle, careers);
    const occupations = careers.flatMap(({ observations }) => observations.map(({ occupation }) => occupation));
    (await oracle.distributions(queries)).forEach(({ logProbabilities }, i) => {
      assert.equal(logProbabilities.length, survey.occupations.length);
      assert.ok(Math.abs(logProbabilities.reduce((sum, log) => sum + Math.exp(log), 0) - 1) < 1e-9);
      assert.equal(logProbabilities[occupations[i] as number], logs[i]);
    });
  });

  it('answers a query alone, and queries in any order, as it does among others', async () => {
    const queries = careers.flatMap(queriesOf);
    const occupations = careers.flatMap(({ observations }) => observations.map(({ occupation }) => occupation));
    const together = await oracle.logProbabilities(queries, occupations);
    const backwards = await oracle.logProbabilities([...queries].reverse(), [...occupations].reverse());
    assert.deepEqual([...backwards].reverse(), [...together]);
  });

  it('answers histories that part from each other on the way as it does one that it has not met before', async () => {
    const [career] = careers as [Career];
    const query = queriesOf(career)[4] as Query;
    const others = [0, 1, 2, 3].map((t) => ({
      ...query,
      history: query.history.map((row, i) => (i === t ? { ...row, occupation: 0 as OccupationIndex } : row)),
    }));
    const alone = async (one: Query) => {
      const [answer] = await (await fitToEnd('oracle', [survey])).distributions([one]);
      return answer?.logProbabilities;
    };
    const together = await oracle.distributions([query, ...others, query]);
    for (const [i, one] of [query, ...others, query].entries()) {
      assert.deepEqual(together[i]?.logProbabilities, await alone(one));
    }
  });

  it('leaves earlier probabilities unchanged when a later row changes', async () => {
    const [career] = careers as [Career];
    const changed: Career = {
      ...career,
      observations: career.observations.map((row, t) =>
        t < 3 ? row : { ...row, occupation: 0 as OccupationIndex, region: 'west', weight: 3 },
      ),
    };
    const [before, after] = [await logsOf(oracle, [career]), await logsOf(oracle, [changed])];
    assert.deepEqual(after.slice(0, 3), before.slice(0, 3));
    assert.notEqual(after[3], before[3]);
  });

  it('gives the same numbers after saving and loading', async () => {
    await oracle.save(folder);
    assert.deepEqual(await logsOf(await loadModel(folder), careers), await logsOf(oracle, careers));
  });

  it('with education lagged, does not know the education of the year, and knows no less than that', async () => {
    const lagged = await fitToEnd('oracle', [survey], { seed: 1, education: 'lagged' });
    const [career] = careers as [Career];
    const queries = queriesOf(career);
    const own = await oracle.distributions(queries.map((query) => ({ ...query, education: undefined })));
    const answers = await lagged.distributions(queries);
    answers.forEach(({ logProbabilities }, i) => assert.deepEqual(logProbabilities, own[i]?.logProbabilities));
  });

  it('is there for one person, and refuses nobody, an occupation and a survey that it does not know', async () => {
    const one = surveyOf('psid81', { persons: 1, seed: 5 });
    const alone = await fitToEnd('oracle', [one]);
    assert.ok((await logsOf(alone, one.careers)).every(Number.isFinite));
    const [query] = queriesOf(careers[0] as Career);
    assert.ok(query);
    await assert.rejects(
      fitToEnd('oracle', [{ ...survey, careers: [] }]),
      /Nobody is in the survey "Synthetic PSID81"/,
    );
    const undeclared = survey.occupations.length as OccupationIndex;
    await assert.rejects(oracle.logProbabilities([query], [undeclared]), /Occupation number \d+ is not among/);
    const elsewhere = { ...query, covariates: { ...query.covariates, survey: 'elsewhere' } };
    await assert.rejects(oracle.distributions([elsewhere]), /elsewhere/);
  });

  it('refuses data that no market drew, and data that are not what the manifest says', async () => {
    await assert.rejects(fitToEnd('oracle', [toySurvey()]), /"toy" was not drawn from a synthetic market/);
    const other = surveyOf('psid81', { persons: 200, seed: 6 });
    await assert.rejects(
      fitToEnd('oracle', [{ ...survey, careers: other.careers }]),
      /the manifest belongs to other data/,
    );
    const { origin } = survey;
    assert.ok(origin);
    const changed = { ...survey, origin: { ...origin, hash: origin.hash.replace(/^./, 'x') } };
    await assert.rejects(fitToEnd('oracle', [changed]), /that this version no longer makes/);
  });

  it('refuses a person or an education that the market does not know', async () => {
    const [query] = queriesOf(careers[0] as Career);
    assert.ok(query);
    const stranger = { ...query, covariates: { ...query.covariates, sex: undefined } };
    await assert.rejects(oracle.distributions([stranger]), /no others.*sex ""/);
    await assert.rejects(oracle.distributions([{ ...query, education: 'PhD' }]), /"PhD" is not one of/);
  });

  it('finds the manifest beside a file, and refuses one that is none', async () => {
    const path = join(folder, 'drawn.csv.gz');
    await writeMarket(new Market('nlsy97'), path, { persons: 40, seed: 1 });
    const read = await readSurvey(path);
    const model = await fitToEnd('oracle', [read]);
    const drawn = surveyOf('nlsy97', { persons: 40, seed: 1 });
    assert.deepEqual(read.careers, drawn.careers);
    assert.deepEqual(
      await logsOf(model, read.careers.slice(0, 3)),
      await logsOf(await fitToEnd('oracle', [drawn]), read.careers.slice(0, 3)),
    );
    await writeFile(join(folder, 'drawn.market.json'), '{"population": "nlsy97"}');
    await assert.rejects(readSurvey(path), /drawn.market.json is no manifest/);
  });
});
