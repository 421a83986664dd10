import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surveyOf } from 'labor-llm/careers';
import {
  alternativesTable,
  calibrationPlot,
  differenceTable,
  educationPlot,
  groupTable,
  mainPlot,
  mainTable,
  movesPlot,
  outcomeTable,
  representativenessTable,
  saveAllModels,
  subgroupTable,
  tableLatex,
  tableMarkdown,
  tableText,
  timeHoldoutTable,
  twoYearsTable,
  type PreparedTable,
} from 'labor-llm/report';
import {
  comparison,
  comparisonPlan,
  fitOn,
  holdoutStudy,
  otherSurveys,
  publishedComparison,
  readResults,
  returnsStudy,
  twoYearsStudy,
  type AllModels,
  type ComparisonPlan,
  type ModelComparison,
} from 'labor-llm/studies';
import { smallDecoder } from '../models/tiny-decoder';
import { toySurvey } from '../models/toy-survey';

const plan: ComparisonPlan = {
  fits: {
    'labor-llm': { steps: 2, config: { ...smallDecoder, vocabulary: 1000, max_position_embeddings: 6144 } },
    'embedding-logit': { config: { maxIterations: 1 } },
    'in-context': { config: { examples: 1 } },
  },
  models: ['empirical', 'labor-llm', 'off-the-shelf', 'in-context', 'embedding-logit'],
  persons: 6,
  distributionPersons: 2,
  others: { surveys: ['young-men'], models: ['marginal', 'empirical'], persons: 10 },
  refits: { models: ['marginal', 'empirical'], refits: 3, seeds: 2 },
  twoYears: { models: ['marginal', 'empirical'], persons: 3, cover: 0.5 },
  holdout: { models: ['marginal', 'empirical'], persons: 3, paths: 3 },
  returns: { models: ['marginal', 'empirical'], against: 'marginal', persons: 4 },
};

const linesOf = ({ rows, options }: PreparedTable): readonly string[] => tableText(rows, options).split('\n');

describe('the comparison of models', function () {
  this.timeout(240_000);
  const survey = surveyOf('nlsy97', { persons: 60, seed: 2 });
  const other = toySurvey({ persons: 120 });
  let store: string;
  let compared: ModelComparison;
  before(async () => {
    store = await mkdtemp(join(tmpdir(), 'labor-llm-comparison-'));
    const base = (await fitOn('labor-llm', other, { seed: 1, store, fits: plan.fits })).folder;
    compared = await comparison(survey, [other], plan, { seed: 1, store, base });
  });
  after(() => rm(store, { recursive: true }));
  const own = () => compared.surveys[0]?.result ?? assert.fail();

  it('has the models of the plan on the survey and some of them on the others, an oracle where there is one', () => {
    assert.deepEqual(
      compared.surveys.map(({ survey: name }) => name),
      [survey.name, other.name],
    );
    const [first, second] = compared.surveys.map(({ result }) => result.rows.map(({ model }) => model));
    assert.deepEqual([...(first ?? [])].sort(), [...plan.models, 'oracle'].sort());
    assert.equal(first?.at(-1), 'oracle');
    assert.deepEqual([...(second ?? [])].sort(), ['empirical', 'marginal']);
    assert.equal(own().persons, 6);
    for (const name of ['embedding-logit', 'off-the-shelf', 'in-context']) {
      assert.equal(own().rows.find(({ model }) => model === name)?.reason, null);
    }
  });

  it('is set as one table: both standard errors on the own survey, the best of models in bold, the oracle below a rule', () => {
    const { rows, options } = mainTable(compared);
    const markdown = tableMarkdown(rows, options).split('\n');
    assert.match(markdown[2] ?? '', /^\| model \| Synthetic NLSY97 \| toy \|$/);
    const empirical = markdown.find((line) => line.startsWith('| empirical'));
    assert.match(empirical ?? '', /\(\d+\.\d+\) \[\d+\.\d+\].*\| \*?\*?\d+\.\d+ \(\d+\.\d+\)\*?\*? \|$/);
    assert.match(
      markdown.find((line) => line.startsWith('| oracle')) ?? '',
      /^\| oracle \| \d+\.\d+ \(\d+\.\d+\) \| – \|$/,
    );
    assert.match(tableLatex(rows, options), /\\midrule\noracle/);
    assert.ok(options.notes?.some((note) => /6 test persons/.test(note)));
    assert.ok(
      options.notes?.some((note) =>
        /^On toy only these models are fitted: (empirical, marginal|marginal, empirical)\.$/.test(note),
      ),
    );
  });

  it('is drawn as what other models have above LABOR-LLM, in shares of its perplexity', () => {
    const { data } = mainPlot(compared) as {
      readonly data: readonly { readonly name: string; readonly x: number[] }[];
    };
    const row = (name: string) => own().rows.find(({ model }) => model === name) ?? assert.fail();
    const share = (row('empirical').difference?.value ?? NaN) / (row('labor-llm').report?.perplexity ?? NaN);
    const counted = data.find(({ name }) => name === 'empirical');
    assert.ok(Math.abs((counted?.x[0] ?? NaN) - share) < 1e-12);
    // on the other survey there is no LABOR-LLM: the best model is what the other one is held against
    assert.equal(data.find(({ name }) => name === 'oracle')?.x.length, 1);
  });

  it('has differences with their interval and what it allows to say', () => {
    const lines = linesOf(differenceTable(survey.name, own(), compared.surveys[0] ?? assert.fail()));
    assert.match(
      lines.find((line) => line.startsWith('empirical')) ?? '',
      /-?\d.* to .*(this model|labor-llm|cannot be told)$/,
    );
    assert.ok(lines.some((line) => /^marginal, standard error over train sets .*difference to empirical/.test(line)));
    assert.ok(!lines.some((line) => line.startsWith('labor-llm ')));
  });

  it('has the tables of transitions, education, outcomes and shares, a row a model or a group', () => {
    const transitions = linesOf(groupTable(survey.name, own(), 'transition'));
    assert.match(transitions[2] ?? '', /first +move +stay/);
    assert.match(transitions.find((line) => line.startsWith('oracle')) ?? '', /([\d,.]+ \([\d,.]+\)\s*){3}$/);
    assert.match(linesOf(groupTable(survey.name, own(), 'education'))[2] ?? '', /high school/);
    const lessReference = groupTable(survey.name, own(), 'transition', 'difference');
    assert.ok(!lessReference.rows.some(({ model }) => model === 'labor-llm'));
    const [row] = own().rows;
    assert.equal(lessReference.rows[0]?.['stay'], row?.groups.find(({ group }) => group === 'stay')?.difference?.value);
    const outcomes = linesOf(outcomeTable(survey.name, own()));
    assert.match(outcomes[2] ?? '', /AUC: Unemployed.*calibration: move/);
    const shares = representativenessTable(survey.name, own());
    assert.deepEqual(
      [...new Set(shares.rows.map(({ characteristic }) => characteristic))],
      ['all', 'education', 'sex', 'ethnicity', 'age'],
    );
    assert.match(linesOf(shares)[2] ?? '', /empirical/);
  });

  it('tells perplexity by years since the last observation and by who is asked, of LABOR-LLM and what it is held against', () => {
    const { rows, options } = subgroupTable(survey.name, own());
    const labor = own().rows.find(({ model }) => model === 'labor-llm')?.report ?? assert.fail();
    const women = rows.find(({ group }) => group === 'female');
    assert.deepEqual(women, {
      ...{ by: 'sex', group: 'female', observations: labor.bySex['female']?.observations },
      'labor-llm': labor.bySex['female']?.perplexity,
      empirical: own().rows.find(({ model }) => model === 'empirical')?.report?.bySex['female']?.perplexity,
      oracle: own().rows.find(({ model }) => model === 'oracle')?.report?.bySex['female']?.perplexity,
    });
    assert.deepEqual([...new Set(rows.map(({ by }) => by))], ['years since', 'sex', 'ethnicity', 'age']);
    assert.deepEqual(options.lowestOf, ['labor-llm', 'empirical']);
  });

  it('draws calibration by outcome and model, with the cases of each bin in its hover text', () => {
    const { data, layout, alt } = calibrationPlot(survey.name, own()) ?? assert.fail();
    const { outcomes } = own().rows[0]?.report ?? assert.fail();
    const asked = outcomes?.filter(({ cases }) => cases > 0) ?? [];
    // the base off the shelf, LABOR-LLM and the oracle, each with a diagonal
    assert.equal(data.length, 2 * 3 * asked.length);
    assert.match(alt, /move, off-the-shelf: [01]\.\d\d predicted, [01]\.\d\d observed/);
    assert.match(JSON.stringify(layout), /observed<br>move<br>\(\d+ cases\)/);
    const without = own().rows.filter(({ model }) => model !== 'off-the-shelf');
    assert.match(calibrationPlot(survey.name, { ...own(), rows: without })?.alt ?? '', /move, empirical: 0/);
    const none = own().rows.map((row) => ({ ...row, report: null }));
    assert.equal(calibrationPlot(survey.name, { ...own(), rows: none }), undefined);
  });

  it('draws perplexity by education, and how far the share of moves is off', () => {
    assert.match(educationPlot(survey.name, own())?.alt ?? '', /empirical .*\d\.\d{3}/);
    const counted = own().rows.find(({ model }) => model === 'empirical')?.report?.representativeness?.transitions;
    const moves = counted?.find(({ characteristic, outcome }) => characteristic === 'all' && outcome === 'move');
    // in percentage points
    const points = (100 * (moves?.difference.value ?? NaN)).toFixed(3);
    assert.ok(movesPlot(survey.name, own())?.alt.includes(`empirical all ${points}, `));
    const rows = own().rows.map((row) => ({ ...row, groups: [] }));
    assert.equal(educationPlot(survey.name, { ...own(), rows }), undefined, 'a survey without education');
  });

  it('says under each table what the paper found where that is known', () => {
    const notesOf = ({ options }: PreparedTable): string => (options.notes ?? []).join(' ');
    assert.match(notesOf(mainTable(compared)), /8\.18 for LABOR-LLM against 8\.58 for CAREER/);
    assert.match(notesOf(alternativesTable(survey.name, own())), /The paper: .*examples help, fine-tuning more/);
    assert.match(notesOf(outcomeTable(survey.name, own())), /The paper: LABOR-LLM's AUC is above CAREER's/);
    assert.match(notesOf(representativenessTable(survey.name, own())), /The paper: .*represent groups/);
    assert.match(notesOf(groupTable(survey.name, own(), 'education')), /The paper: .*every level/);
    assert.doesNotMatch(notesOf(groupTable(survey.name, own(), 'transition')), /The paper/);
  });

  it('is written part by part, but no part that there is nothing of', async () => {
    const filesOf = async (result: AllModels): Promise<readonly string[]> => {
      const folder = await mkdtemp(join(store, 'saved-'));
      await saveAllModels(survey.name, result, { results: folder, figures: join(folder, 'figures') });
      return (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
    };
    const parts = [
      'all-models-order',
      'all-models',
      'alternatives',
      'education',
      'outcomes',
      'representativeness',
      'subgroups',
    ];
    assert.deepEqual(
      await filesOf(own()),
      [...parts, 'transitions'].map((name) => `${name}.md`),
    );
    const rows = own().rows.map((row) => ({
      ...row,
      report: row.report && { ...row.report, interval: null },
      groups: row.groups.filter(({ characteristic }) => characteristic !== 'education'),
    }));
    assert.ok(!(await filesOf({ ...own(), rows })).includes('education.md'));
  });

  it('sets the ways to use a language model side by side', () => {
    const lines = linesOf(alternativesTable(survey.name, own()));
    assert.match(lines[2] ?? '', /perplexity +probability on titles of the list +most probable title came/);
  });

  it('goes two years ahead with each model, the oracle last', async () => {
    const rows = await twoYearsStudy(survey, plan, { seed: 1, store });
    assert.deepEqual(
      rows.map(({ model }) => model),
      ['marginal', 'empirical', 'oracle'],
    );
    // a share of its own is the same whatever comes between
    assert.ok(Math.abs((rows[0]?.correlation.value ?? NaN) - 1) < 1e-6);
    const lines = linesOf(twoYearsTable(survey.name, rows));
    assert.match(lines[2] ?? '', /direct +compounded +compounded minus direct +correlation +not followed/);
    assert.ok(lines.some((line) => line.startsWith('oracle')));
  });

  it('says of whom models are ahead of one of them, and how many each expects back in a former job', async () => {
    const { reference, persons, askedPersons, leads, comingBack } = await returnsStudy(survey, plan, {
      seed: 1,
      store,
    });
    assert.deepEqual([reference, persons, askedPersons], ['marginal', 6, 4]);
    assert.deepEqual(
      leads.map(({ model }) => model),
      ['empirical', 'oracle'],
    );
    // the main table's own difference, as a ratio
    const perplexityOf = (name: string): number =>
      own().rows.find(({ model }) => model === name)?.report?.perplexity ?? NaN;
    const all = leads.map(({ of }) => of.find(({ situation }) => situation === 'all')?.ratio.value ?? NaN);
    assert.ok(
      Math.abs(((all[1] ?? NaN) / (all[0] ?? NaN)) * (perplexityOf('oracle') / perplexityOf('empirical')) - 1) < 1e-6,
    );
    assert.deepEqual(
      comingBack[0]?.expected.map(({ model }) => model),
      ['marginal', 'empirical', 'oracle'],
    );
  });

  it('holds out the years after one, for models fitted on what came before it', async () => {
    const holdout = await holdoutStudy(survey, 2011, plan, { seed: 1, store });
    assert.deepEqual(
      holdout.rows.map(({ model }) => model),
      ['marginal', 'empirical', 'oracle'],
    );
    assert.equal(holdout.persons, 3);
    const lines = linesOf(timeHoldoutTable(survey.name, holdout));
    assert.match(lines[2] ?? '', /all later years +minus marginal +in 2013 .* in 2021/);
  });
});

describe('what a comparison is planned to be', () => {
  it('reads the other surveys but the one that the notebook is about', async () => {
    const { smoke } = comparisonPlan;
    const [men] = await otherSurveys(smoke, toySurvey(), 'smoke', 1);
    assert.ok((men?.careers.length ?? 0) > 500);
    assert.deepEqual(await otherSurveys(smoke, men ?? assert.fail(), 'smoke', 1), []);
  });

  it('has no published result of a survey that nobody published', async () => {
    assert.equal(await readResults('comparison', 'published', 'a survey that nobody published'), undefined);
  });
});

describe('the published main table', () => {
  const everyModel = [...comparisonPlan.published.models].sort();

  it('has every model on four surveys and both panels, each perplexity with its interval', async () => {
    const { surveys } = (await publishedComparison()) ?? assert.fail();
    const wanted = ['Synthetic NLSY97', 'Synthetic PSID81', 'Synthetic NLSY79', 'nlsy97', 'young-women', 'young-men'];
    for (const name of wanted) {
      const { result } = surveys.find(({ survey }) => survey === name) ?? assert.fail(`${name} is not there`);
      const scored = result.rows.filter(({ report }) => report !== null);
      const models = scored.map(({ model }) => model).filter((model) => model !== 'oracle');
      assert.deepEqual(models.sort(), everyModel, name);
      assert.equal(scored.at(-1)?.model === 'oracle', name.startsWith('Synthetic'), name);
      for (const { model, report } of scored) {
        const [low = NaN, high = NaN] = report?.interval ?? [];
        const perplexity = report?.perplexity ?? NaN;
        // chance says the same of everybody
        const isBetween = model === 'uniform' ? high - low < 1e-6 : low < perplexity && perplexity < high;
        assert.ok(isBetween, `${name}, ${model}: ${low} to ${high}`);
      }
      const pairs = result.order.map(({ lower, higher }) => `${lower} ${higher}`);
      assert.equal(new Set(pairs).size, 7, name);
    }
  });

  it('has an oracle that no model is below on any drawn survey', async () => {
    const { surveys } = (await publishedComparison()) ?? assert.fail();
    const drawn = surveys.filter(({ survey }) => survey.startsWith('Synthetic'));
    assert.equal(drawn.length, 4);
    for (const { survey, result } of drawn) {
      const perplexities = result.rows.map(({ report }) => report?.perplexity ?? Infinity);
      assert.equal(Math.min(...perplexities), perplexities.at(-1), survey);
    }
  });
});
