import { strict as assert } from 'node:assert';
import {
  askedSources,
  firstFormSources,
  gainsWorth,
  publishedGains,
  publishedGainsWorth,
  sideBySide,
  sourceName,
  sourcesBeside,
  type SourcesOfGains,
} from 'labor-llm/studies';

const estimate = (value: number) => ({ value, standardError: 0.1, interval: [value - 0.25, value + 0.25] as const });

const ratios: SourcesOfGains['ratios'] = [
  {
    question: 'fine-tuning',
    first: 'from the base, with 10 % of the persons',
    second: 'from nothing in as many steps',
    ratio: estimate(0.5),
  },
  { question: 'more data', first: 'the smaller decoder', second: 'the larger decoder', ratio: estimate(1.25) },
  { question: 'titles', first: 'words', second: 'codes', ratio: estimate(0.8) },
  { question: 'left out', first: 'without birth year', second: 'with all covariates', ratio: estimate(1.5) },
];

const titlesOf = (rho: number | null, ratio: number) => ({
  survey: 's',
  rho,
  fits: [
    { of: { titles: 'words', before: 'words' }, perplexity: estimate(8), ratio: null },
    { of: { titles: 'permuted', before: 'permuted' }, perplexity: estimate(9), ratio: estimate(ratio) },
  ],
});

const worthOf = (kept: Partial<SourcesOfGains>): Readonly<Record<string, number | null>> =>
  Object.fromEntries(gainsWorth(kept).map(({ gain, ratio }) => [gain, ratio.value]));

describe('gainsWorth', () => {
  it('has every gain as perplexity without it to that with it, whichever way its question is kept', () => {
    assert.deepEqual(worthOf({ ratios, titles: [titlesOf(null, 1.25)] }), {
      'resumes read before, with 10 % of the persons': 2,
      'a second survey, not a larger decoder': 0.8,
      'titles in words, not wrong words read before': 1.25,
      'told of the year of birth': 1.5,
    });
  });

  it('turns intervals round with their ratios, and has no standard error of what it has turned', () => {
    const [base, , left] = gainsWorth({ ratios });
    assert.deepEqual(base?.ratio, { value: 2, standardError: null, interval: [1 / 0.75, 4] });
    assert.deepEqual(left?.ratio, estimate(1.5));
  });

  it('has of a drawn survey the titles as the survey itself has them: rho 0', () => {
    assert.deepEqual(worthOf({ titles: [titlesOf(1, 1.75), titlesOf(0, 1.25)] }), {
      'titles in words, not wrong words read before': 1.25,
    });
    assert.deepEqual(worthOf({ titles: [titlesOf(1, 1.75)] }), {});
  });

  it("has LABOR-LLM's loss from knowing the last observation only", () => {
    const known = (k: number | null, ratio: number) => ({
      known: k,
      perplexity: estimate(8),
      ratio: estimate(ratio),
    });
    const models = { CAREER: [known(1, 1.9)], 'LABOR-LLM': [known(1, 1.3), known(2, 1.1), known(null, 1)] };
    assert.deepEqual(worthOf({ history: { persons: 9, models, counting: [] } }), {
      'told of more than the last observation': 1.3,
    });
  });
});

describe('publishedGainsWorth', () => {
  it('has the gains of the surveys that the questions are asked of, as each is published', async () => {
    const found = await publishedGainsWorth();
    assert.deepEqual(
      found.map(({ survey }) => survey),
      firstFormSources.map(sourceName),
    );
    for (const { survey, worth } of found) assert.deepEqual(worth, gainsWorth(await publishedGains(survey)));
  });

  it('has every gain on each of the few surveys that are shown side by side', async () => {
    const found = sideBySide(await publishedGainsWorth());
    assert.deepEqual(
      found.map(({ survey }) => survey),
      askedSources.map(sourceName),
    );
    assert.equal(new Set(found.map(({ worth }) => worth.map(({ gain }) => gain).join())).size, 1);
  });
});

describe('sourcesBeside', () => {
  it("has the notebook's own survey where it may be published, else the drawn one, and NLSY97", () => {
    assert.deepEqual(sourcesBeside('young-men'), ['young-men', 'nlsy97']);
    assert.deepEqual(sourcesBeside('Synthetic PSID81'), ['synthetic-psid81', 'nlsy97']);
    assert.deepEqual(sourcesBeside('a survey of my own'), ['synthetic-nlsy97', 'nlsy97']);
    assert.deepEqual(sourcesBeside('nlsy97'), ['nlsy97']);
  });
});
