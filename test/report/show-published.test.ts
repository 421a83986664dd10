import { strict as assert } from 'node:assert';
import { showPublished } from 'labor-llm/report';
import type { FoundationGain } from 'labor-llm/studies';

describe('showPublished', () => {
  const said: string[] = [];
  const log = console.log;
  beforeEach(() => {
    said.length = 0;
    console.log = (text: string) => void said.push(text);
  });
  afterEach(() => {
    console.log = log;
  });

  it('draws what a study has published on a survey, with its numbers', async () => {
    const drawn: [string, number][] = [];
    await showPublished<{ gains: readonly FoundationGain[] }>(
      'foundation',
      async (survey, { gains }) => void drawn.push([survey, gains.length]),
      ['young-men'],
    );
    assert.deepEqual(drawn, [['young-men', 3]]);
    assert.deepEqual(said, []);
  });

  it('names the surveys that a study has not been published on', async () => {
    await showPublished('no such study', async () => assert.fail('nothing to draw'), ['synthetic-psid81', 'young-men']);
    assert.deepEqual(said, ['Not published yet at full size: no such study on Synthetic PSID81, young-men.']);
  });
});
