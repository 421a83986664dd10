import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { readSurvey } from 'labor-llm/careers';
import { dataPath, outputFolders, profile, writeResults } from 'labor-llm/studies';

describe('profile', () => {
  it('is classroom unless another is named, and refuses what is no profile', () => {
    assert.equal(profile(''), 'classroom');
    assert.equal(profile('smoke'), 'smoke');
    assert.throws(() => profile('quick'), /"quick", which is no profile: smoke, classroom, published/);
  });
});

describe('dataPath', () => {
  it('knows the shipped panels by name and any file by its path, counted from the project too', () => {
    assert.ok(dataPath('young-men').endsWith(join('data', 'young-men', 'young-men.csv.gz')));
    assert.equal(dataPath(__filename), __filename);
    assert.ok(dataPath('data/young-men/occupations.csv').endsWith(join('young-men', 'occupations.csv')));
  });

  it('names the shipped panels where there is no such survey', () => {
    assert.throws(() => dataPath('old-women'), /no survey "old-women".*young-men, .*young-women/);
  });
});

describe('results', () => {
  let folder: string;
  const before = process.env['LABOR_LLM_OUTPUT'];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labor-llm-results-'));
    process.env['LABOR_LLM_OUTPUT'] = folder;
  });

  afterEach(() => {
    if (before === undefined) delete process.env['LABOR_LLM_OUTPUT'];
    else process.env['LABOR_LLM_OUTPUT'] = before;
    rmSync(folder, { recursive: true });
  });

  it('stay below the output folder whatever a survey is called', () => {
    for (const name of ['../../etc', 'NLSY97, women/men', '..', 'Enquête']) {
      const { results } = outputFolders('smoke', name);
      assert.deepEqual(results.slice(folder.length).split(sep).length, 5, results);
      assert.ok(results.startsWith(join(folder, 'data', 'results', 'smoke', sep)), results);
    }
  });

  it('are written with what made them, and nothing that differs between two runs', async () => {
    const path = join(folder, 'two.csv');
    writeFileSync(
      path,
      'person_id,year,occupation,education,sex,ethnicity,region,birth_year\n1,2000,Cooks,,,,,\n2,2000,Bakers,,,,,\n',
    );
    const survey = await readSurvey(path, { occupations: ['Bakers', 'Cooks'] });
    const provenance = { study: 'introduction', profile: 'smoke', survey, seed: 7 } as const;
    const written = await writeResults(provenance, { perplexity: 2 });
    assert.equal(written, join(folder, 'data', 'results', 'smoke', 'two', 'introduction.json'));
    const text = readFileSync(written, 'utf8');
    const { manifest, perplexity } = JSON.parse(text) as { manifest: Record<string, unknown>; perplexity: number };
    assert.equal(perplexity, 2);
    assert.equal(manifest['seed'], 7);
    assert.match(String(manifest['dataHash']), /^[0-9a-f]{64}$/);
    assert.equal(manifest['command'], 'npm start -- --profile smoke');
    assert.ok(!text.includes(folder), 'a path of this machine');
    await writeResults(provenance, { perplexity: 2 });
    const hash = (content: string): string => createHash('sha256').update(content).digest('hex');
    assert.equal(hash(readFileSync(written, 'utf8')), hash(text));
  });
});
