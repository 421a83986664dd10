import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dataFrame,
  showTable,
  tableHtml,
  tableLatex,
  tableMarkdown,
  tableText,
  type TableOptions,
} from 'labor-llm/report';
import { inFakeNotebook, printed } from './fake-notebook';

const rows = [
  { model: 'empirical', perplexity: 8.0221, low: 7.9, high: 8.15, observations: 16007 },
  { model: 'LABOR_LLM', perplexity: 6.71, low: 6.6, high: 6.825, observations: 16007 },
];

const options: TableOptions = {
  caption: 'Validation persons, 10 % of all',
  headers: { perplexity: 'perplexity (95 %)' },
  formats: { perplexity: 2 },
  intervals: { perplexity: ['low', 'high'] },
  best: { perplexity: 'lowest' },
  notes: ['P(a|b) is not renormalised.'],
};

describe('a table', () => {
  it('is set in Markdown as a person would type it', () => {
    assert.equal(
      tableMarkdown(rows, options),
      [
        '**Validation persons, 10 % of all**',
        '',
        '| model | perplexity (95 %) | observations |',
        '| --- | ---: | ---: |',
        '| empirical | 8.02 (7.90 to 8.15) | 16,007 |',
        '| LABOR\\_LLM | **6.71 (6.60 to 6.83)** | 16,007 |',
        '',
        'P(a\\|b) is not renormalised.',
        '',
      ].join('\n'),
    );
  });

  it('is set in LaTeX with booktabs, what LaTeX reads as commands escaped', () => {
    assert.equal(
      tableLatex(rows, options),
      [
        '\\begin{table}',
        '\\centering',
        '\\caption{Validation persons, 10 \\% of all}',
        '\\begin{tabular}{lrr}',
        '\\toprule',
        'model & perplexity (95 \\%) & observations \\\\',
        '\\midrule',
        'empirical & 8.02 (7.90 to 8.15) & 16,007 \\\\',
        'LABOR\\_LLM & \\textbf{6.71 (6.60 to 6.83)} & 16,007 \\\\',
        '\\bottomrule',
        '\\end{tabular}',
        '',
        '{\\footnotesize P(a|b) is not renormalised.}',
        '\\end{table}',
        '',
      ].join('\n'),
    );
  });

  it('is printed in columns on a terminal', () => {
    assert.equal(
      tableText(rows, options),
      [
        'Validation persons, 10 % of all',
        '',
        'model          perplexity (95 %)  observations',
        '---------  ---------------------  ------------',
        'empirical    8.02 (7.90 to 8.15)        16,007',
        'LABOR_LLM  6.71 (6.60 to 6.83) *        16,007',
        '* best',
        'P(a|b) is not renormalised.',
      ].join('\n'),
    );
  });

  it('escapes what HTML reads as tags', () => {
    const html = tableHtml([{ title: 'Cooks <b>& bakers</b>' }]);
    assert.ok(html.includes('Cooks &lt;b&gt;&amp; bakers&lt;/b&gt;'));
    assert.ok(!html.includes('<b>'));
  });

  it('is the same from a danfojs frame as from its rows', async () => {
    assert.equal(tableMarkdown(await dataFrame(rows), options), tableMarkdown(rows, options));
  });

  it('shows a dash for what is missing, infinite or no number, and never calls it the best', () => {
    const text = tableMarkdown([{ x: null }, { x: NaN }, { x: 2.5 }, { x: Infinity }, { x: 1.5 }], {
      best: { x: 'lowest' },
    });
    assert.deepEqual(text.split('\n').slice(2, 7), ['| – |', '| – |', '| 2.500 |', '| – |', '| **1.500** |']);
  });

  it('marks every one of several that are equally good', () => {
    assert.deepEqual(
      tableMarkdown([{ x: 1 }, { x: 1 }, { x: 2 }], { best: { x: 'lowest' } })
        .split('\n')
        .slice(2, 5),
      ['| **1** |', '| **1** |', '| 2 |'],
    );
  });

  it('sets a standard error in parentheses and a second one in brackets, where it is known', () => {
    const estimates = [
      { model: 'a', perplexity: 6.71, se: 0.084, train: 0.05 },
      { model: 'b', perplexity: 8.02, se: 0.1, train: null },
      { model: 'c', perplexity: 9, se: null, train: null },
    ];
    const lines = tableMarkdown(estimates, { formats: { perplexity: 2 }, errors: { perplexity: ['se', 'train'] } });
    assert.deepEqual(lines.split('\n').slice(0, 5), [
      '| model | perplexity |',
      '| --- | ---: |',
      '| a | 6.71 (0.08) [0.05] |',
      '| b | 8.02 (0.10) |',
      '| c | 9.00 |',
    ]);
    assert.throws(() => tableText(estimates, { errors: { perplexity: ['se', 'seed'] } }), /no column "seed"/);
  });

  it('sets closing rows apart by a rule, and calls none of them the best', () => {
    const models = [
      { model: 'a', perplexity: 6 },
      { model: 'b', perplexity: 7 },
      { model: 'oracle', perplexity: 5 },
    ];
    const closed: TableOptions = { best: { perplexity: 'lowest' }, closing: 1 };
    const latex = tableLatex(models, closed).split('\n');
    assert.deepEqual(latex.slice(6, 11), [
      'a & \\textbf{6} \\\\',
      'b & 7 \\\\',
      '\\midrule',
      'oracle & 5 \\\\',
      '\\bottomrule',
    ]);
    assert.deepEqual(tableText(models, closed).split('\n').slice(2, 6), [
      'a              6 *',
      'b                7',
      '------  ----------',
      'oracle           5',
    ]);
    assert.match(tableHtml(models, closed), /border-top: 1px solid currentColor;">oracle</);
    assert.doesNotMatch(tableHtml(models, { best: { perplexity: 'lowest' } }), /border-top: 1px/);
  });

  it('marks the lowest of a row where models are columns, of those that are named and known', () => {
    const groups = [
      { group: 'women', a: 5, b: 6, oracle: 4 },
      { group: 'men', a: null, b: 7, oracle: 4 },
    ];
    assert.deepEqual(
      tableMarkdown(groups, { lowestOf: ['a', 'b'] })
        .split('\n')
        .slice(2, 4),
      ['| women | **5** | 6 | 4 |', '| men | – | **7** | 4 |'],
    );
    assert.throws(() => tableText(groups, { lowestOf: ['c'] }), /option lowestOf: no column "c"/);
  });

  it('names the column that an option asks for in vain, and those that there are', () => {
    assert.throws(
      () => tableText(rows, { intervals: { perplexity: ['lo', 'high'] } }),
      /option intervals: no column "lo"\. Its columns: model, perplexity, low, high, observations/,
    );
  });

  it('has a heading and no line where there is no row', async () => {
    assert.equal(tableMarkdown(await dataFrame([], ['model', 'loss'])), '| model | loss |\n| --- | --- |\n');
  });
});

describe('showTable', () => {
  it('shows HTML and text in a cell, and writes NAME.md and NAME.tex', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'labor-llm-tables-'));
    try {
      const sent = await inFakeNotebook(() => showTable(rows, options, { name: 'perplexity', folder }));
      assert.deepEqual(sent[0]?.data, {
        'text/html': tableHtml(rows, options),
        'text/plain': tableText(rows, options),
      });
      assert.equal(readFileSync(join(folder, 'perplexity.md'), 'utf8'), tableMarkdown(rows, options));
      assert.equal(readFileSync(join(folder, 'perplexity.tex'), 'utf8'), tableLatex(rows, options));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('prints text where there is no notebook', async () => {
    assert.equal(await printed(() => showTable(rows, options)), tableText(rows, options));
  });
});

describe('dataFrame', () => {
  it('leaves the tensor backend as it was, and prints nothing of its own', async () => {
    const { startBackend, tf } = await import('labor-llm/tensors');
    await startBackend();
    const name = tf.getBackend(); // another one where tests before switched
    const text = await printed(async () => {
      const frame = await dataFrame(rows);
      assert.equal(frame['perplexity'].mean(), (8.0221 + 6.71) / 2);
      assert.deepEqual(frame.sortValues('perplexity').iloc({ rows: [0], columns: [0] }).values, [['LABOR_LLM']]);
    });
    assert.equal(text, '');
    assert.equal(tf.getBackend(), name);
  });
});
