import { strict as assert } from 'node:assert';
import { splitSurvey, type Career, type OccupationIndex, type Survey } from 'labor-llm/careers';
import { queriesOf, type FitLog } from 'labor-llm/models';
import { renderPrompt, SAME, titleAnswer } from 'labor-llm/resumes';
import { tf } from 'labor-llm/tensors';
import { fitLaborLlm } from '../../lib/dist/models/fit-labor-llm.js';
import type { LaborLlm } from '../../lib/dist/models/labor-llm.js';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';
import { smallDecoder } from './tiny-decoder';
import { toySurvey } from './toy-survey';

const fitSmall = async (surveys: readonly Survey[], config: Record<string, unknown> = {}, steps = 8) => {
  const logs: FitLog[] = [];
  const fitting = fitLaborLlm(surveys, { seed: 1, steps, config: { ...smallDecoder, ...config } });
  for (;;) {
    const item = await fitting.next();
    if (item.done === true) return { model: item.value as LaborLlm, logs };
    logs.push(item.value);
  }
};

onEachBackend('LABOR-LLM', () => {
  describe('fitting', () => {
    it('learns: the loss of a resume falls below half of what a uniform guess of tokens costs', async () => {
      const { model, logs } = await fitSmall([toySurvey()], { peak: 5e-3 }, 60);
      const last = logs.at(-1) as FitLog;
      assert.ok(last.loss < 0.5 * Math.log(model.tokenizer.vocabularySize), `${last.loss}`);
      model.dispose();
    });

    it('gives the same losses for the same seed to the last bit, and others for another', async () => {
      const lossesOf = async (config: Record<string, unknown>) => {
        const { model, logs } = await fitSmall([toySurvey()], config);
        model.dispose();
        return logs.map(({ loss }) => loss);
      };
      assert.deepEqual(await lossesOf({}), await lossesOf({}));
      assert.notDeepEqual(await lossesOf({}), await lossesOf({ dropout: 0.5 }));
    });

    it('never looks at test persons, and at validation persons only to choose', async () => {
      const survey = toySurvey();
      const { train } = splitSurvey(survey);
      const others = survey.careers.filter((career) => !train.careers.includes(career));
      assert.ok(others.length > 10);
      const turned = (career: Career): Career => ({
        ...career,
        observations: career.observations.map((o) => ({
          ...o,
          occupation: 0 as OccupationIndex,
          education: 'changed',
        })),
      });
      const changed = { ...survey, careers: [...train.careers, ...others.map(turned)] };
      const [a, b] = [await fitSmall([survey]), await fitSmall([changed])];
      assert.deepEqual(
        b.logs.map(({ loss }) => loss),
        a.logs.map(({ loss }) => loss),
      );
      assert.deepEqual(
        b.model.tokenizer.encode('2001 (high school): Cooks'),
        a.model.tokenizer.encode('2001 (high school): Cooks'),
      );
      a.model.dispose();
      b.model.dispose();
    });

    it('keeps the weights of the best validation, not of the last step', async () => {
      // a learning rate that wrecks the model in its last steps
      const { model } = await fitSmall([toySurvey()], { peak: 5, warmup: 1, clip: 1e9, batchTokens: 100_000 }, 12);
      const { best, validation } = model.training;
      const lowest = Math.min(...validation.map(({ loss }) => loss));
      assert.equal(best?.loss, lowest);
      assert.ok((best?.step as number) < 12, `best step ${best?.step}`);
      const careers = splitSurvey(toySurvey()).validation.careers;
      const logs = await model.logProbabilities(
        careers.flatMap(queriesOf),
        careers.flatMap(({ observations }) => observations.map(({ occupation }) => occupation)),
      );
      const loss = -logs.reduce((sum, logP) => sum + logP, 0) / logs.length;
      assert.ok(Math.abs(loss - lowest) < 1e-4, `${loss} is not ${lowest}`);
      model.dispose();
    });

    it('lists the known settings for an unknown one, and refuses one of another type', async () => {
      await assert.rejects(fitSmall([toySurvey()], { learningrate: 1 }), /no setting "learningrate".*peak/);
      await assert.rejects(fitSmall([toySurvey()], { dropout: 'much' }), /dropout .*"much": give a number/);
    });

    it('leaves no tensor behind', async () => {
      const before = tf.memory().numTensors;
      const { model } = await fitSmall([toySurvey()]);
      const survey = toySurvey();
      await model.distributions(queriesOf(survey.careers[0] as Career));
      model.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  });

  for (const reminders of [false, true]) {
    it(`gives every title the probability of one uncached pass over prompt and answer${reminders ? ', with reminders' : ''}`, async () => {
      const survey = toySurvey();
      const { model } = await fitSmall([survey], { reminders });
      const career = survey.careers.find(({ observations }) => observations.length >= 4) as Career;
      const queries = queriesOf(career);
      const answers = await model.distributions(queries);
      for (const [index, query] of queries.entries()) {
        const text = renderPrompt(query, survey.occupations, { reminders });
        const prompt = [model.tokenizer.endOfText, ...model.tokenizer.encode(text)];
        const last = query.history.at(-1)?.occupation;
        const probabilityOf = (said: string): number => {
          const answer = model.tokenizer.encode(titleAnswer(said));
          const ids = [...prompt, ...answer];
          const { decoder } = model;
          const logs = tf.tidy(() => {
            const hidden = decoder.hidden(tf.tensor1d(ids, 'int32'), 1, ids.length);
            return tf.logSoftmax(decoder.logits(hidden)).arraySync() as number[][];
          });
          return Math.exp(
            answer.reduce((sum, token, l) => sum + ((logs[prompt.length + l - 1] as number[])[token] as number), 0),
          );
        };
        // who stays says so, or says the last title
        const expected = survey.occupations.map((title, occupation) =>
          Math.log(probabilityOf(title) + (reminders && occupation === last ? probabilityOf(SAME) : 0)),
        );
        const occupation = career.observations[index]?.occupation as OccupationIndex;
        const [alone] = await model.logProbabilities([query], [occupation]);
        assertClose([alone as number], [expected[occupation] as number], 1e-4, `query ${index}, alone`);
        assertClose(answers[index]?.logProbabilities as Float64Array, expected, 1e-4, `query ${index}`);
      }
      model.dispose();
    });
  }
});
