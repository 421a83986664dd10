import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { divergence, MARKET_FORMS, populationNames } from '../../../lib/src/careers/market';
import {
  describeSurvey,
  Market,
  POPULATIONS,
  readSurvey,
  surveyOf,
  writeMarket,
  type Career,
  type Survey,
} from 'labor-llm/careers';

/** Of the market of types and that of distance: the beginnings of its hash and of that of 50 careers of each population. */
const FROZEN = {
  types: ['3b668da7d454f5e7', '61f1b963fe2baffb'],
  distance: ['4247205d7181dbff', '946a52a9d0c94611'],
};

const rowsOf = (survey: Survey) => survey.careers.flatMap(({ observations }) => observations);
const ageAt = ({ birthYear }: Career, year: number): number => year - (birthYear as number);

/** Mean position of the first education. */
const meanEducation = (survey: Survey, educations: readonly string[]): number =>
  survey.careers.reduce((sum, { observations: [first] }) => sum + educations.indexOf(first?.education ?? ''), 0) /
  survey.careers.length;

describe('the synthetic labor market', function () {
  this.timeout(60_000);

  // whatever changes here changes every result on synthetic data: change it on purpose, and fit everything again
  it('has the settings, counts and parameters that models are compared on', () => {
    for (const form of MARKET_FORMS) {
      const hash = createHash('sha256');
      for (const name of populationNames)
        hash.update(JSON.stringify(surveyOf(name, { persons: 50, seed: 1, form }).careers));
      const found = [new Market('nlsy97', { form }).hash, hash.digest('hex')].map((digits) => digits.slice(0, 16));
      assert.deepEqual(found, FROZEN[form]);
    }
  });

  it('has the 341 titles of occ1990dd, Military, and three states without work', () => {
    const { occupations } = new Market('nlsy97');
    assert.equal(occupations.length, 345);
    assert.deepEqual(occupations.slice(-3), ['In education', 'Not in labor force', 'Unemployed']);
    assert.ok(occupations.includes('Military') && occupations.includes('Registered nurses'));
    assert.ok(!occupations.includes('Not working') && !occupations.includes('In school'));
  });

  it('draws a person from the seed and the number alone', () => {
    const [few, many] = [20, 30].map((persons) => surveyOf('psid81', { persons, seed: 7 }).careers);
    for (const career of few as readonly Career[]) {
      assert.deepEqual(
        career,
        (many as readonly Career[]).find(({ person }) => person === career.person),
      );
    }
    assert.notDeepEqual(surveyOf('psid81', { persons: 20, seed: 8 }).careers, few);
  });

  it('keeps the row contract, and to each population its years and ages', () => {
    for (const { name, waves, born, oldest, entryAges } of Object.values(POPULATIONS)) {
      const survey = surveyOf(name, { persons: 300, seed: 1 });
      const { years } = describeSurvey(survey);
      assert.ok(years.first >= (waves[0] as number) && years.last <= (waves.at(-1) as number));
      for (const career of survey.careers) {
        const { observations, birthYear = 0 } = career;
        assert.ok(birthYear >= born[0] && birthYear <= born[1]);
        assert.ok(ageAt(career, observations[0]?.year as number) >= entryAges[0]);
        observations.forEach(({ year }, t) => {
          assert.ok(waves.includes(year) && ageAt(career, year) <= oldest);
          assert.ok(t === 0 || year > (observations[t - 1]?.year as number));
        });
      }
    }
  });

  it('never lets education fall, and writes jobs only into resumes', () => {
    const { educations } = new Market('resumes').law;
    const survey = surveyOf('resumes', { persons: 400, seed: 1 });
    for (const { observations } of survey.careers) {
      observations.forEach(({ education }, t) => {
        assert.ok(
          t === 0 || educations.indexOf(education ?? '') >= educations.indexOf(observations[t - 1]?.education ?? ''),
        );
      });
    }
    assert.ok(rowsOf(survey).every(({ occupation }) => occupation < 342));
  });

  it('has resumes that are the more educated the further delta puts them from the surveys', () => {
    const { educations } = new Market('resumes').law;
    const [near = 0, usual = 0, far = 0] = [0, 1, 2].map((delta) =>
      meanEducation(surveyOf('resumes', { persons: 1000, seed: 1, delta }), educations),
    );
    assert.ok(near + 0.4 < usual && usual + 0.4 < far, `${near}, ${usual}, ${far}`);
  });

  it('is the further from the undisturbed market, in nats an observation, the further a knob is turned', () => {
    const from = (name: string, settings: Record<string, unknown>, persons: number): number =>
      divergence(new Market(name, settings), new Market(name, { delta: 0 }), { persons, seed: 1 });
    assert.equal(from('resumes', { delta: 0 }, 3), 0);
    const [half, one] = [from('resumes', { delta: 0.5 }, 12), from('resumes', { delta: 1 }, 12)];
    assert.ok(half > 0.001 && one > 2 * half, `${half}, ${one}`);
    assert.ok(from('nlsy79', { shift: 0.5 }, 2) > 0.005);
    assert.equal(from('nlsy97', { shift: 0.5 }, 3), 0); // it is the others that are shifted
  });

  it('breaks at the year of the break and not before', () => {
    const [whole, broken] = [0, 1.5].map((breakSize) =>
      surveyOf('nlsy97', { persons: 300, seed: 1, breakSize, breakYear: 2008 }),
    );
    const until = (survey: Survey | undefined, year: number) =>
      survey?.careers.map(({ observations }) => observations.filter((row) => row.year < year));
    assert.deepEqual(until(broken, 2008), until(whole, 2008));
    assert.notDeepEqual(until(broken, 2012), until(whole, 2012));
  });

  it('makes occupations with words in common likelier destinations by rho, and by nothing else', () => {
    const toSharedWord = (rho: number): number => {
      const { law } = new Market('nlsy97', { rho });
      const [from, to] = ['Taxi drivers and chauffeurs', 'Bus drivers'].map((title) => law.titles.indexOf(title));
      return law.likeness[(from as number) * law.titles.length + (to as number)] as number;
    };
    const shared = [0, 0.3, 1].map(toSharedWord) as [number, number, number];
    assert.ok(shared[0] < shared[1] && shared[1] < shared[2], shared.join(' '));
  });

  it('refuses what is no population, no setting and no value', () => {
    assert.throws(() => new Market('nlsy98'), /no population "nlsy98". There are: psid81/);
    assert.throws(() => new Market('nlsy97', { rhoo: 1 }), /no setting "rhoo". It has: form/);
    assert.throws(() => new Market('nlsy97', { rho: 2 }), /rho .* is 2: give a number from 0 to 1/);
    assert.throws(() => new Market('nlsy97', { form: 'words' }), /one of types, distance/);
    assert.throws(() => surveyOf('nlsy97', { persons: 0 }), /persons is 0/);
  });

  describe('written', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'market-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('gives the same bytes for the same seed, and others for another', async () => {
      const hashOf = async (name: string, seed: number): Promise<string> => {
        // more than are drawn in one go
        await writeMarket(new Market('nlsy79'), join(folder, name), { persons: 1200, seed });
        return createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('hex');
      };
      assert.equal(await hashOf('a.csv.gz', 1), await hashOf('b.csv.gz', 1));
      assert.notEqual(await hashOf('a.csv', 1), await hashOf('b.csv', 2));
    });

    it('is read back as it was drawn, without a fault', async () => {
      const path = join(folder, 'resumes.csv.gz');
      const rows = await writeMarket(new Market('resumes', { delta: 0.5 }), path, { persons: 700, seed: 4 });
      const read = await readSurvey(path, { warn: (line) => assert.fail(line) });
      assert.deepEqual(read, surveyOf('resumes', { persons: 700, seed: 4, delta: 0.5 }));
      assert.equal(rows, rowsOf(read).length);
    });

    it('leaves nothing behind when it is stopped', async () => {
      const path = join(folder, 'stopped.csv.gz');
      const controller = new AbortController();
      const writing = writeMarket(new Market('nlsy97'), path, {
        persons: 100_000,
        seed: 1,
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('stopped')),
      });
      await assert.rejects(writing, /stopped/);
      await assert.rejects(readFile(path), /ENOENT/);
    });
  });
});
