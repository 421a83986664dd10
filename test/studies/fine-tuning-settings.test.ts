import { strict as assert } from 'node:assert';
import { settingMeanings } from 'labor-llm/studies';
import { laborLlmDefaults } from '../../lib/dist/models/fit-labor-llm.js';

describe('settingMeanings', () => {
  it('says of every setting of LABOR-LLM what it does, and of nothing else', () => {
    assert.deepEqual(Object.keys(settingMeanings).sort(), Object.keys(laborLlmDefaults).sort());
  });
});
