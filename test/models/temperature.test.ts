import { strict as assert } from 'node:assert';
import type { Career, OccupationIndex, Survey } from 'labor-llm/careers';
import { queriesOf, type LaborLlm, type ModelName, type OccupationModel, type Query } from 'labor-llm/models';
import { assertClose } from '../support/closeness';
import { fitToEnd } from './contract';
import { smallDecoder } from './tiny-decoder';
import { toySurvey } from './toy-survey';

describe('temperature', () => {
  const survey: Survey = toySurvey();
  const career = survey.careers.find(({ observations }) => observations.length >= 4) as Career;
  const query = queriesOf(career)[3] as Query;
  const fitted = (name: ModelName, config: Readonly<Record<string, unknown>>): Promise<OccupationModel> =>
    fitToEnd(name, [survey], { seed: 1, steps: 6, config });
  const small = { layers: 1, width: 12, heads: 2, feedForward: 24 };
  const models: OccupationModel[] = [];
  const pairOf = async (name: ModelName, config: Readonly<Record<string, unknown>>): Promise<OccupationModel[]> => {
    for (const temperature of [1, 2]) models.push(await fitted(name, { ...config, temperature }));
    return models.slice(-2);
  };
  after(() => {
    for (const model of models) model.dispose();
  });

  it('of 2 halves the log odds of any two tokens that LABOR-LLM may write', async () => {
    const oddsOf = (model: OccupationModel): readonly number[] => {
      const tokens = [...(model as LaborLlm).nextTokens(query, Infinity)].sort((a, b) => a.id - b.id);
      return tokens.map(({ probability }) => Math.log(probability / (tokens[0]?.probability as number)));
    };
    const [plain, halved] = (await pairOf('labor-llm', smallDecoder)).map(oddsOf) as [number[], number[]];
    assert.ok(plain.length > 50 && Math.max(...plain.map(Math.abs)) > 0.1);
    assertClose(
      halved,
      plain.map((odds) => odds / 2),
      1e-3,
    );
  });

  it("of 2 halves CAREER's log odds of staying, and of any two occupations to move to", async () => {
    const last = query.history.at(-1)?.occupation as OccupationIndex;
    const oddsOf = async (model: OccupationModel): Promise<readonly number[]> => {
      const [answer] = await model.distributions([query]);
      const logs = Array.from(answer?.logProbabilities ?? []);
      const stay = Math.exp(logs[last] as number);
      const others = logs.filter((_, occupation) => occupation !== last);
      return [Math.log(stay / (1 - stay)), ...others.map((log) => log - (others[0] as number))];
    };
    const [plain, halved] = await Promise.all((await pairOf('career', small)).map(oddsOf));
    assert.ok(Math.max(...(plain ?? []).map(Math.abs)) > 0.01);
    assertClose(
      halved as number[],
      (plain as number[]).map((odds) => odds / 2),
      1e-4,
    );
  });

  it('is refused where it is not above 0, before anything is fitted', async () => {
    for (const name of ['labor-llm', 'career'] as const) {
      await assert.rejects(fitted(name, { temperature: 0 }), /temperature is 0: give a number above 0/);
    }
  });
});
