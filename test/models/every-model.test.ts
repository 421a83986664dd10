/** What every registered model must do: a model that is added to the registry is tested here with no further line. */
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import type { Career, Survey } from 'labor-llm/careers';
import { scoreCareers } from 'labor-llm/evaluation';
import { modelNames, type ModelName } from 'labor-llm/models';
import { onEachBackend } from '../support/backends';
import { describeOccupationModel, fitToEnd } from './contract';
import { smallDecoder } from './tiny-decoder';
import { toySurvey } from './toy-survey';

/** How a model is fitted within a second or two, and how exactly it repeats itself where it computes with 32-bit floats. */
interface Tiny {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly steps?: number;
  /** The folder that it begins from. */
  readonly base?: string;
  readonly tolerance?: number;
  readonly isBlind?: boolean;
  /** Computes with tensors, on whichever backend there is. */
  readonly hasTensors?: boolean;
}

/** A decoder of a few thousand parameters. */
const decoder: Tiny = {
  config: smallDecoder,
  steps: 8,
  tolerance: 2e-4,
  hasTensors: true,
};
/** The same asked as it is. */
const prompted: Tiny = { base: join(__dirname, '../fixtures/decoder/foreign'), tolerance: 1e-3, hasTensors: true };

/** A network over occupation codes of a few thousand parameters. */
const codes: Tiny = {
  config: { width: 16, layers: 1, heads: 2, feedForward: 32, batchTokens: 128 },
  steps: 6,
  tolerance: 2e-4,
  hasTensors: true,
};

const tiny: Partial<Record<ModelName, Tiny>> = {
  uniform: { isBlind: true },
  'labor-llm': decoder,
  numeric: decoder,
  'off-the-shelf': prompted,
  'in-context': { ...prompted, config: { examples: 1 } },
  'embedding-logit': { ...prompted, config: { maxIterations: 5 } },
  career: codes,
  'career-paper': codes,
  'bag-of-jobs': { ...codes, config: { width: 8, batchTokens: 128 } },
};

const describeModel = (name: ModelName): void => {
  const { config = {}, steps, base, ...options } = tiny[name] ?? {};
  const fit = (education: 'now' | 'lagged') => (surveys: readonly Survey[]) =>
    fitToEnd(name, surveys, { seed: 1, config, education, ...(steps && { steps }), ...(base && { base }) });
  describeOccupationModel(name, fit('now'), options);
  describeOccupationModel(`${name}, education lagged,`, fit('lagged'), options);

  it(`${name}, education lagged, says the same whatever the education of the year that it predicts`, async () => {
    const survey = toySurvey();
    const career = survey.careers.find(({ observations }) => observations.length >= 5) as Career;
    const changed: Career = {
      ...career,
      observations: career.observations.map((row, index) => (index === 3 ? { ...row, education: undefined } : row)),
    };
    const model = await fit('lagged')([survey]);
    const logs = async (of: Career) => (await scoreCareers(model, [of])).map(({ logProbability }) => logProbability);
    assert.deepEqual((await logs(changed)).slice(0, 4), (await logs(career)).slice(0, 4));
    model.dispose();
  });
};

// the oracle knows no data but a synthetic market's: see oracle.test.ts
for (const name of modelNames.filter((known) => known !== 'oracle')) {
  if (tiny[name]?.hasTensors) onEachBackend('every model', () => describeModel(name));
  else describe('every model', () => describeModel(name));
}
