import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surveyOf, type Survey } from 'labor-llm/careers';
import { foundationGainsTable, saveFoundationGains, tableText } from 'labor-llm/report';
import { foundationGains, sourcesOfGainsPlan, type FoundationGain } from 'labor-llm/studies';
import { toEnd } from 'labor-llm/support';
import { toySurvey } from '../models/toy-survey';

const smoke = sourcesOfGainsPlan.smoke;
const shape = { hidden_size: 32, intermediate_size: 64, num_hidden_layers: 1 };
const base = { ...smoke.titlesFoundation, steps: 2 };
const plan = {
  ...smoke,
  shares: [0, 0.05, 1],
  foundation: base,
  fromNothing: { steps: 4, config: shape },
  fineTuning: { steps: 2, config: {} },
  smaller: { steps: 2, config: shape },
  titlesFoundation: base,
  titlesFineTuning: { steps: 2, config: {} },
};

describe('foundationGains', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'labor-llm-foundation-gains-'))));
  after(() => rm(folder, { recursive: true }));
  const gainsOn = (survey: Survey): Promise<readonly FoundationGain[]> =>
    toEnd(foundationGains(survey, { plan, seed: 1, store: join(folder, 'store') }));
  const kinds = (gains: readonly FoundationGain[]) => gains.map(({ delta, share }) => [delta, share]);

  it('are of each share, and on a drawn survey of each distance where there are persons enough', async () => {
    const survey = surveyOf('nlsy97', { persons: 80, seed: 1 });
    const gains = await gainsOn(survey);
    assert.deepEqual(kinds(gains), [[null, 0], [null, 0.05], [null, 1], [2, 1]]); // prettier-ignore
    for (const { fromTheBase, share, sameSteps, moreSteps } of gains) {
      assert.equal(sameSteps === undefined, share === 0);
      for (const { fromNothing, ratio } of [sameSteps, moreSteps].flatMap((one) => one ?? [])) {
        const expected = (fromTheBase.value ?? NaN) / (fromNothing.value ?? NaN);
        assert.ok(Math.abs((ratio.value ?? NaN) - expected) < 1e-9 * expected, `${ratio.value} for ${expected}`);
      }
    }
    // two steps from nothing are not four; where the plan has no more than from the base, they are told once
    assert.notEqual(gains[2]?.sameSteps?.fromNothing.value, gains[2]?.moreSteps?.fromNothing.value);
    assert.equal(gains[3]?.moreSteps, undefined);
    // the one of nobody is asked, not fitted: every occupation is as likely
    assert.equal(Math.round(gains[0]?.moreSteps?.fromNothing.value ?? NaN), survey.occupations.length);
    const { rows, options } = foundationGainsTable('Synthetic', gains);
    const text = tableText(rows, options);
    for (const said of [/^shipped +5 % /m, /^distance 2 +100 % /m, /^Foundations at a distance/m])
      assert.match(text, said);
    await saveFoundationGains('Synthetic', gains, { results: folder, figures: folder });
    const files = await readdir(folder);
    for (const file of ['foundation.md', 'foundation.tex', 'foundation.png']) assert.ok(files.includes(file), file);
  });

  it('are of the base alone on a survey that was not drawn', async () => {
    const gains = await gainsOn({ ...toySurvey({ persons: 100 }), name: 'toy' });
    assert.deepEqual(kinds(gains), plan.shares.map((share) => [null, share])); // prettier-ignore
    const { rows, options } = foundationGainsTable('toy', gains);
    assert.doesNotMatch(tableText(rows, options), /at a distance/);
    const hopeless = gains.flatMap((gain) => {
      const { moreSteps } = gain;
      return moreSteps ? [{ ...gain, moreSteps: { ...moreSteps, ratio: { ...moreSteps.ratio, value: 6.13e14 } } }] : [];
    });
    assert.match(tableText(foundationGainsTable('toy', hopeless).rows, options), / 6\.1e\+14 /);
  });
});
