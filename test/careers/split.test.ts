import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashBucket, innerFold, partOf, readSurvey, splitSurvey, type Survey } from 'labor-llm/careers';
import { csv, HEADER, useFolder } from './files';

const FIXTURE = join(__dirname, '../fixtures/careers/crc32.json');
const buckets = JSON.parse(readFileSync(FIXTURE, 'utf8')) as [string, number][];

const clustersOf = (survey: Survey): string[] => survey.careers.map(({ cluster }) => cluster);

describe('the split by person', () => {
  const files = useFolder();
  const survey = (rows: readonly string[], header = HEADER): Promise<Survey> =>
    readSurvey(files.write('panel.csv', csv(rows, header)), { warn: () => undefined });

  it("is Python's zlib.crc32 of the id as UTF-8, modulo 100 (fixtures/careers/crc32.json, made by crc32.py)", () => {
    assert.ok(buckets.length > 200);
    for (const [cluster, bucket] of buckets) assert.equal(hashBucket({ cluster }), bucket, cluster);
  });

  it('has train below 70, validation from 70 to 79, test from 80', () => {
    for (const [cluster, bucket] of buckets) {
      const expected = bucket < 70 ? 'train' : bucket < 80 ? 'validation' : 'test';
      assert.equal(partOf({ cluster }), expected);
    }
    // the edges themselves occur in the fixture, or this test shows nothing
    const all = new Set(buckets.map(([, bucket]) => bucket));
    for (const edge of [69, 70, 79, 80]) assert.ok(all.has(edge), String(edge));
  });

  it('puts every person into one part, and every train person into one half of the inner fold', async () => {
    const whole = await survey(Array.from({ length: 400 }, (_, i) => `${i},1990,A,,,,,`));
    const { train, validation, test } = splitSurvey(whole);
    const { fit, choose } = innerFold(whole);
    assert.deepEqual([train, validation, test].flatMap(clustersOf).sort(), clustersOf(whole).sort());
    assert.deepEqual([fit, choose].flatMap(clustersOf).sort(), clustersOf(train).sort());
    assert.ok([train, validation, test, fit, choose].every(({ careers }) => careers.length > 0));
    assert.deepEqual([train.name, train.occupations], [whole.name, whole.occupations]);
    assert.ok(fit.careers.every((career) => hashBucket(career) < 56));
    assert.ok(choose.careers.every((career) => hashBucket(career) >= 56 && hashBucket(career) < 70));
  });

  it('keeps a household together', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i},1990,A,,,,,,house ${i % 7}`);
    const parts = Object.values(splitSurvey(await survey(rows, `${HEADER},cluster_id`)));
    assert.equal(parts.flatMap((part) => [...new Set(clustersOf(part))]).length, 7);
  });
});
