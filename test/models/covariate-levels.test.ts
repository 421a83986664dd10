import assert from 'node:assert/strict';
import { covariateLevels, levelsOfYear, yearLevel } from '../../lib/src/models/covariate-levels';
import type { Career } from '../../lib/src/careers';

const career = (sex: string | undefined, years: readonly (readonly [number, string | undefined])[]): Career =>
  ({
    survey: 'A',
    sex,
    ethnicity: undefined,
    region: 'south',
    birthYear: 1980,
    observations: years.map(([year, education]) => ({ year, education, occupation: 0 })),
  }) as unknown as Career;

describe('levels of covariates', () => {
  const levels = covariateLevels([
    career('male', [
      [1998, 'college'],
      [2000, undefined],
    ]),
    career('female', [[1999, 'high school']]),
  ]);

  it('are the values that careers had, sorted, without what is missing', () => {
    assert.deepEqual(levels, {
      year: [1998, 1999, 2000],
      education: ['college', 'high school'],
      sex: ['female', 'male'],
      ethnicity: [],
      region: ['south'],
    });
  });

  it('number a value from 1, and call 0 what is missing or was never seen', () => {
    const covariates = { survey: 'A', sex: 'male', ethnicity: 'white', region: undefined, birthYear: 1980 };
    assert.deepEqual(levelsOfYear(levels, covariates, { year: 1999, education: 'college' }), {
      year: 1,
      education: 1,
      sex: 2,
      ethnicity: 0,
      region: 0,
    });
  });

  it('take an unseen year for the nearest seen', () => {
    assert.deepEqual(
      [1990, 1998, 2004].map((year) => yearLevel([1998, 2000], year)),
      [0, 0, 1],
    );
    assert.equal(yearLevel([1998, 2000], 1999), 0, 'the earlier of two');
  });
});
