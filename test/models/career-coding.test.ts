import { strict as assert } from 'node:assert';
import type { OccupationIndex } from 'labor-llm/careers';
import { CareerCoding, careerTables } from '../../lib/dist/models/career-coding.js';
import { toySurvey } from './toy-survey';

describe('CareerCoding', () => {
  const { name, occupations, careers } = toySurvey();
  const declared = [{ survey: name, titles: occupations }];
  const tables = careerTables(declared, careers);
  const covariates = careers[0];
  // stays, moves, stays over a gap, comes back
  const years = [2000, 2001, 2002, 2005, 2006].map((year) => ({ year, education: undefined }));
  const held = [1, 1, 0, 0] as OccupationIndex[];

  for (const specialSymbols of [false, true]) {
    it(`says the years since, the years in the last occupation and the last other one, special symbols ${specialSymbols}`, () => {
      assert.ok(covariates);
      const coding = new CareerCoding(declared, tables, { specialSymbols });
      const { last, levels } = coding.sequence(covariates, years, held);
      const said = (covariate: 'step' | 'tenure' | 'former'): (string | undefined)[] =>
        [...levels[covariate]].map((level) => tables.levels[covariate][level]);
      assert.deepEqual(said('step'), ['', '1', '1', '3', '1']);
      assert.deepEqual(said('tenure'), ['', '1', '2', '1', '4']);
      assert.deepEqual(said('former'), ['', '', '', occupations[1], occupations[1]]);
      assert.deepEqual(
        [...last].slice(1),
        held.map((occupation) => coding.rowOf(occupations[occupation] as string)),
      );
    });
  }
});
