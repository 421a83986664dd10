import { strict as assert } from 'node:assert';
import type { Career } from 'labor-llm/careers';
import { queriesOf } from 'labor-llm/models';
import { covariateLevels } from '../../lib/src/models/covariate-levels';
import { HandFeatures } from '../../lib/src/models/hand-features';
import { toyCareer } from './toy-survey';

const titles = ['Cooks', 'Clerks'];

/** A career by [year, occupation, education]. */
const career = (...rows: readonly (readonly [number, number, string | undefined])[]): Career => {
  const plain = toyCareer(
    'p',
    rows.map(([, occupation]) => occupation),
  );
  return {
    ...plain,
    observations: plain.observations.map((row, index) => ({
      ...row,
      year: rows[index]?.[0] as number,
      education: rows[index]?.[2],
    })),
  };
};

const known = career([2000, 0, 'high school'], [2001, 0, 'college']);
const features = new HandFeatures(titles, covariateLevels([known]));

/** The last query's features by name, as a reader would list them. */
const featuresOf = (of: Career): Record<string, number> => {
  const query = queriesOf(of).at(-1);
  assert.ok(query);
  return Object.fromEntries(
    features
      .of(query)
      .flatMap(({ features: own, values }) => own.map((feature, at) => [features.names[feature], values[at]])),
  ) as Record<string, number>;
};

const statics = { 'ethnicity: white': 1, 'sex: female': 1, 'region: south': 1 };

describe('HandFeatures', () => {
  it('of a first observation say that there is no last occupation', () => {
    assert.deepEqual(featuresOf(career([2000, 0, 'college'])), {
      'last occupation: none': 1,
      'second-last occupation: none': 1,
      'year: 2000': 1,
      'education: college': 1,
      ...statics,
    });
  });

  it('count years in the last occupation from 0, without a break, and years observed', () => {
    const observed = featuresOf(
      career(
        [2000, 1, 'college'],
        [2001, 0, 'college'],
        [2002, 1, 'college'],
        [2003, 1, 'college'],
        [2004, 0, 'college'],
      ),
    );
    assert.equal(observed['decades in the last occupation'], 0.1); // 2003, after 2002; 2000 is before a break
    assert.equal(observed['decades observed'], 0.4);
    assert.equal(observed['last occupation: Clerks'], 1);
    assert.equal(observed['second-last occupation: Clerks'], 1);
    assert.equal(observed['year: 2001'], 1); // 2004 was never seen: the nearest
  });

  it('say of a gap before the year, and of a change of education where both are known', () => {
    const of = (year: number, education: string | undefined) =>
      featuresOf(career([2000, 0, 'high school'], [year, 0, education]));
    assert.deepEqual(
      [of(2001, 'college')['gap before the year'], of(2002, 'college')['gap before the year']],
      [undefined, 1],
    );
    assert.deepEqual(
      ['high school', 'college', undefined].map((education) => of(2001, education)['education changed']),
      [undefined, 1, undefined],
    );
    assert.equal(of(2001, undefined)['education: not known'], 1);
    assert.equal(of(2001, 'doctorate')['education: not known'], 1);
  });

  it('are in the same objects where queries share them', () => {
    const [first, second] = [known, { ...known, person: 'other' as Career['person'] }].map((of) =>
      queriesOf(of).at(-1),
    );
    assert.ok(first && second);
    features.of(first).forEach((part, index) => assert.equal(part, features.of(second)[index]));
  });
});
