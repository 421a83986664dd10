import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishedNumber, quotingFiles, withPublished, wrongQuotes } from 'labor-llm/studies';

describe('numbers quoted from published results', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-quotes-'));
    mkdirSync(join(folder, 'toy'));
    const rows = [
      { model: 'career', report: { perplexity: 6.294, persons: 12345 } },
      { model: 'twice', report: null },
      { model: 'twice', report: null },
    ];
    writeFileSync(join(folder, 'toy', 'all-models.json'), JSON.stringify({ rows, stayShare: 0.6171 }));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('are everywhere what is published', () => {
    assert.deepEqual(wrongQuotes(), []);
  });

  it('are looked for in README and every notebook', () => {
    const files = quotingFiles().map((path) => path.split(/[\\/]/).slice(-2).join('/'));
    assert.ok(files.some((file) => file.endsWith('/README.md')));
    for (const file of ['notebooks/01-introduction.ipynb', 'solutions/02-related-work.ipynb', 'market/README.md']) {
      assert.ok(files.includes(file), file);
    }
    assert.ok(quotingFiles().some((path) => readFileSync(path, 'utf8').includes('<!-- published: ')));
  });

  it('begin no line of a Markdown file, since one that does ends its paragraph', () => {
    const begun = quotingFiles().filter(
      (path) => path.endsWith('.md') && /^<!-- published: /m.test(readFileSync(path, 'utf8')),
    );
    assert.deepEqual(begun, []);
  });

  it('are found by key, position, or the word that names an entry of a list', () => {
    assert.equal(publishedNumber('toy/all-models', 'stayShare', folder), 0.6171);
    assert.equal(publishedNumber('toy/all-models', 'rows.career.report.perplexity', folder), 6.294);
    assert.equal(publishedNumber('toy/all-models', 'rows.0.report.perplexity', folder), 6.294);
  });

  it('are written again with as many digits as before, and told of where they were wrong', () => {
    const quote = (key: string, text: string): string => `<!-- published: toy/all-models#${key} -->${text}<!-- -->`;
    const text = (a: string, b: string, c: string): string =>
      `CAREER has ${quote('rows.career.report.perplexity', a)} over ${quote('rows.career.report.persons', b)} persons; ` +
      `${quote('stayShare percent', c)} % stay.`;
    const wrong: string[] = [];
    const found = withPublished(
      text('6.28', '999', '61.7'),
      ({ key, quoted, published }) => {
        wrong.push(`${key}: ${quoted}, ${published}`);
      },
      folder,
    );
    assert.equal(found, text('6.29', '12,345', '61.7'));
    assert.deepEqual(wrong, [
      'toy/all-models#rows.career.report.perplexity: 6.28, 6.29',
      'toy/all-models#rows.career.report.persons: 999, 12,345',
    ]);
  });

  it('are refused where nothing is published, or no one number is meant', () => {
    const number = (file: string, way: string) => () => publishedNumber(file, way, folder);
    assert.throws(number('toy/none', 'a'), /there is no published result toy\/none\.json/);
    assert.throws(number('toy/all-models', 'rows.bert.report'), /has no number there/);
    assert.throws(number('toy/all-models', 'rows.twice.report'), /has no number there/);
    assert.throws(number('toy/all-models', 'rows.career'), /has no number there/);
  });
});
