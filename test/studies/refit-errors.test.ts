import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitSurvey } from 'labor-llm/careers';
import { listStore, refitErrors } from 'labor-llm/studies';
import { toySurvey } from '../models/toy-survey';

describe('refitErrors', function () {
  this.timeout(60_000);
  const survey = toySurvey({ persons: 150 });
  const { careers } = splitSurvey(survey).test;
  let store: string;
  before(async () => (store = await mkdtemp(join(tmpdir(), 'labor-llm-refits-'))));
  after(() => rm(store, { recursive: true }));

  it('fits each model on the same resamples and over seeds, once, and pairs the differences', async () => {
    const fits = { 'multinomial-logit': { config: { maxIterations: 5 } } };
    const models = ['empirical', 'multinomial-logit'];
    const options = { models, fits, refits: 3, seeds: 2, seed: 1, reference: 'empirical', store };
    const [empirical, logit] = await refitErrors(survey, careers, options);
    assert.equal(empirical?.overTrainSets.values.length, 3);
    assert.ok((empirical?.overTrainSets.standardError ?? 0) > 0);
    assert.equal(empirical?.overSeeds.standardError, 0); // counting draws nothing
    assert.equal(empirical?.difference, null);
    const [first] = logit?.difference?.values ?? [];
    const apart = (logit?.overTrainSets.values[0] ?? NaN) - (empirical?.overTrainSets.values[0] ?? NaN);
    assert.equal(first, apart);
    const kept = await listStore(store);
    assert.equal(kept.length, 2 * (3 + 2));
    assert.ok(kept.every(({ options: { config }, model }) => (model === 'empirical') === (config === undefined)));
    const doing: string[] = [];
    const again = await refitErrors(survey, careers, { ...options, onProgress: (model) => doing.push(model) });
    assert.deepEqual(again, [empirical, logit]);
    assert.equal((await listStore(store)).length, kept.length);
    assert.equal(doing.length, 10);
  });
});
