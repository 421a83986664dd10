import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelName } from 'labor-llm/models';
import {
  allModels,
  findings,
  firstFormSources,
  gainsRows,
  keptGains,
  orderFound,
  publishedFindings,
  publishedGains,
  readResults,
  sourceName,
  writeResults,
  type AllModels,
  type FoundationGain,
  type ScoredFit,
  type SourcesOfGains,
} from 'labor-llm/studies';
import { toySurvey } from '../models/toy-survey';
import { career } from './made-up';

const scoredWith = (logProbability: number): ScoredFit<unknown>['scored'] =>
  Array.from({ length: 50 }, (_, i) => {
    const { survey, person, cluster } = career(`p${i}`, []);
    const observed = { year: 2000, weight: 1, transition: 'first' as const, step: undefined, education: undefined };
    return { survey, person, cluster, ...observed, logProbability: logProbability - 0.001 * i };
  });

const fit = <Of>(of: Of, value: number) => ({
  of,
  folder: '/nowhere',
  seconds: 1,
  perplexity: { value, standardError: 0.1, interval: [value - 0.2, value + 0.2] as const },
  scored: scoredWith(-Math.log(value)),
});

const gains = (): SourcesOfGains =>
  keptGains(
    [
      fit({ beginning: 'from the base', share: 0.1 }, 8),
      fit({ beginning: 'from nothing', share: 0.1 }, 12),
      fit({ beginning: 'counting', share: 0.1 }, 14),
    ],
    [fit({ decoder: 'smaller', data: 'both surveys' }, 9), fit({ decoder: 'larger', data: 'this survey' }, 8.5)],
    [
      {
        survey: 'drawn',
        rho: 1,
        fits: [
          fit({ titles: 'words' as const, before: 'words' as const }, 8),
          fit({ titles: 'codes' as const, before: 'codes' as const }, 8.8),
        ],
      },
    ],
    [fit({ without: 'nothing' }, 8), fit({ without: 'birth year' }, 8.2)],
    {},
    {
      persons: 9,
      models: { CAREER: [{ known: null, perplexity: fit({}, 7).perplexity, ratio: fit({}, 1).perplexity }] },
      counting: [],
    },
  );

describe('orderFound', () => {
  it("is the paper's order of the models that there are, each pair with what was found", () => {
    const order = orderFound([
      fit<{ model: ModelName }>({ model: 'labor-llm' }, 9),
      fit<{ model: ModelName }>({ model: 'career' }, 8),
      fit<{ model: ModelName }>({ model: 'empirical' }, 10),
    ]);
    assert.deepEqual(
      order.map(({ lower, higher, found }) => [lower, higher, found]),
      [
        ['labor-llm', 'career', 'disagrees'],
        ['career', 'empirical', 'agrees'],
      ],
    );
  });
});

describe('the ratios that answer the questions of notebook 08', () => {
  it('are paired, the question first, and keep no observation', () => {
    const { ratios, fineTuning } = gains();
    assert.deepEqual(
      ratios.map(({ question, first, second }) => [question, first, second]),
      [
        ['fine-tuning', 'from the base, with 10 % of the persons', 'from nothing, with 10 % of the persons'],
        ['more data', 'the smaller decoder on both surveys', 'the larger decoder on this survey'],
        ['titles', 'words to a base that has read words (rho 1)', 'codes to a base that has read codes (rho 1)'],
        ['left out', 'without birth year', 'with all covariates'],
      ],
    );
    assert.ok(ratios.every(({ ratio }) => ratio.value !== null && ratio.interval !== null));
    assert.deepEqual(Object.keys(fineTuning[0] ?? {}), ['of', 'perplexity']);
  });

  it("have each way of writing titles beside words, the inverse of the sentences' ratio", () => {
    const { titles, ratios } = gains();
    const [words, codes] = titles[0]?.fits ?? [];
    assert.equal(words?.ratio, null);
    const sentence = ratios.find(({ question }) => question === 'titles')?.ratio.value ?? NaN;
    assert.ok(Math.abs((codes?.ratio?.value ?? NaN) * sentence - 1) < 1e-12);
    assert.ok(Math.abs((codes?.ratio?.value ?? NaN) - 8.8 / 8) < 1e-12);
  });

  it('are published question by question: what fine-tuning is worth by the study of the foundation', async () => {
    const { gains: published } = (await readResults<{ gains: readonly FoundationGain[] }>(
      'foundation',
      'published',
      'young-men',
    )) as { gains: readonly FoundationGain[] };
    const { fineTuning = [] } = await publishedGains('young-men');
    const whole = published.find(({ share, delta }) => share === 1 && delta === null);
    const of = (beginning: string) =>
      fineTuning.find((fit) => fit.of['beginning'] === beginning && fit.of['share'] === 1)?.perplexity;
    assert.deepEqual([of('from the base'), of('from nothing')], [whole?.fromTheBase, whole?.moreSteps?.fromNothing]);
    for (const survey of firstFormSources.map(sourceName)) {
      const asked = await publishedGains(survey);
      assert.ok((asked.fineTuning ?? []).length > 0);
      const moreData = await readResults<Pick<SourcesOfGains, 'moreData'>>('more-data', 'published', survey);
      assert.deepEqual(asked.moreData, moreData?.moreData);
    }
    assert.deepEqual(await publishedGains('nobody has this survey'), {});
  });

  it('stand in a table beside published ones', () => {
    const rows = gainsRows(gains(), gains());
    assert.ok(rows.every(({ here, published }) => here === published));
    const [first] = gainsRows(gains());
    assert.deepEqual(first, {
      question: 'share of the train persons',
      fit: 'from the base, 0.1',
      here: 8,
      low: 7.8,
      high: 8.2,
      published: null,
    });
  });
});

describe('findings', () => {
  const survey = toySurvey();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labor-llm-findings-'));
    process.env['LABOR_LLM_OUTPUT'] = folder;
  });
  after(async () => {
    delete process.env['LABOR_LLM_OUTPUT'];
    await rm(folder, { recursive: true });
  });

  it('say which notebook to run where there are no results', async () => {
    const found = await findings('smoke', survey.name);
    assert.ok(found.every(({ here, notebook }) => here === `not known: run notebook ${notebook}`));
    assert.equal(await readResults('sources-of-gains', 'smoke', survey.name), undefined);
  });

  it('are read from the results of the other notebooks', async () => {
    await writeResults({ study: 'sources-of-gains', profile: 'smoke', survey, seed: 1 }, { ...gains() });
    const found = await findings('smoke', survey.name);
    const hereOf = (claim: RegExp): string | undefined => found.find((one) => claim.test(one.claim))?.here;
    const [base, data, titles] = [/^a base/, /^more data/, /^titles/].map(hereOf);
    assert.match(
      base ?? '',
      /^from the base, with 10 % of the persons: less perplexed than from nothing, with 10 % of the persons, 0\.67 times its perplexity \(/,
    );
    assert.match(data ?? '', /more perplexed than the larger decoder on this survey, 1\.06 times/);
    assert.match(
      titles ?? '',
      /^words to a base that has read words \(rho 1\): less perplexed than codes to a base that has read codes \(rho 1\)/,
    );
    assert.equal(hereOf(/^AUC/), 'not known: run notebook 07');
    assert.match(found.find(({ claim }) => claim.startsWith('a base'))?.paper ?? '', /^not a claim/);
  });

  it('are read from what is published, study by study', async () => {
    const result = (await readResults<AllModels>('all-models', 'published', 'young-women')) ?? assert.fail();
    const auc = result.rows.find(({ model }) => model === 'career')?.report?.outcomes?.[0]?.auc.value ?? NaN;
    const found = await publishedFindings('young-women');
    const hereOf = (claim: RegExp): string => found.find((one) => claim.test(one.claim))?.here ?? '';
    assert.ok(hereOf(/^AUC/).includes(`career: move ${auc.toFixed(2)} (`));
    const own = result.rows.find(({ model }) => model === 'labor-llm')?.report?.outcomes?.[0]?.auc.value ?? NaN;
    assert.match(hereOf(/^AUC/), new RegExp(`^labor-llm above career in ${Number(own > auc)} of 1 outcomes`));
    const differences = result.rows
      .find(({ model }) => model === 'career')
      ?.groups.flatMap(({ characteristic, difference }) =>
        characteristic === 'education' && difference?.interval ? [difference.interval] : [],
      );
    const below = differences?.filter(([low]) => low > 0).length;
    const above = differences?.filter(([, high]) => high < 0).length;
    assert.ok(hereOf(/^levels/).includes(`leave zero out at ${below} of these and ${above} of the others.`));
    assert.match(
      hereOf(/^a base/),
      /^from the base, with 10 % of the persons: less perplexed than from nothing in as many/,
    );
    // a question that is not asked of the market's second form
    const other = await publishedFindings('Synthetic NLSY97 of another form');
    assert.equal(other.find(({ claim }) => claim.startsWith('titles'))?.here, 'not published yet');
  });

  it('have the numbers of the comparison of models, each beside the claim that it tests', async () => {
    const store = await mkdtemp(join(folder, 'store-'));
    const models = ['marginal', 'empirical'];
    const result = await allModels(survey, { models, seed: 1, store });
    // the names under which the claims are looked for
    const renamed: Record<string, string> = { marginal: 'off-the-shelf', empirical: 'labor-llm' };
    const rows = result.rows.map((row) => ({ ...row, model: renamed[row.model] ?? row.model }));
    const paired = { lower: 'labor-llm', higher: 'off-the-shelf', paper: '', found: 'agrees' as const };
    const difference = { value: -3, standardError: 1, interval: [-5, -1] as const };
    const own = { ...result, rows, order: [{ ...paired, difference }] };
    const provenance = { study: 'comparison', profile: 'smoke' as const, survey, seed: 1 };
    await writeResults(provenance, { surveys: [{ survey: survey.name, result: own }], refits: [] });
    const found = await findings('smoke', survey.name);
    const hereOf = (claim: RegExp): string => found.find((one) => claim.test(one.claim))?.here ?? '';
    assert.equal(hereOf(/^examples/), 'labor-llm minus off-the-shelf: -3.00 (-5.00 to -1.00), agrees.');
    assert.match(hereOf(/^AUC/), /^labor-llm: .*move 0\.\d\d \(/);
    assert.match(
      hereOf(/^calibration/),
      /^labor-llm closer than off-the-shelf in \d of 3 outcomes\. labor-llm: .*move error 0\.\d\d.*off-the-shelf: /,
    );
    assert.match(hereOf(/^levels/), /^labor-llm: .* \d+\.\d\d/);
    assert.match(
      hereOf(/^totals/),
      /^labor-llm closer than the others in [01] of 1 comparisons, not paired\. labor-llm: mean distance over groups 0\.\d\d, 100 % kept\. off-the-shelf: /,
    );
  });
});
