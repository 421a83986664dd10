import { strict as assert } from 'node:assert';
import type { Career, Survey } from 'labor-llm/careers';
import { exampleCareer, heldOut, verdict } from 'labor-llm/studies';
import { career, survey } from './made-up';

const surveyOf = (...careers: Career[]): Survey => survey(['a', 'b', 'c'], ...careers);

describe('exampleCareer', () => {
  it('is the first that returns to an occupation of three earlier years', () => {
    const stays = career('stays', [0, 0, 0, 0, 0, 0]);
    const goes = career('goes', [0, 0, 0, 1, 1, 2]);
    const seldom = career('seldom', [0, 0, 1, 1, 1, 0]);
    const returns = career('returns', [0, 0, 0, 1, 1, 0]);
    assert.equal(exampleCareer([stays, goes, seldom, returns]).person, 'returns');
  });

  it('is the longest where nobody returns', () => {
    assert.equal(
      exampleCareer([career('one', [0]), career('three', [0, 1, 2]), career('two', [0, 1])]).person,
      'three',
    );
    assert.throws(() => exampleCareer([]), /no career to show/);
  });
});

describe('heldOut', () => {
  // crc32 % 100 by Python's zlib: '1' 83, '3' 11, '30' 79
  it('gives the test persons, and the validation persons where there are no others', () => {
    const [test, train, validation] = [career('1', [0]), career('3', [0]), career('30', [0])];
    assert.deepEqual(heldOut(surveyOf(test, train, validation)), { split: 'test', careers: [test] });
    assert.deepEqual(heldOut(surveyOf(train, validation)), { split: 'validation', careers: [validation] });
    assert.throws(() => heldOut(surveyOf(train)), /"made up" has neither test nor validation persons/);
  });
});

describe('verdict', () => {
  const sentence = (value: number | null, interval: [number, number] | null): string => {
    const known = { value: 1, standardError: null, interval: null };
    return verdict('A', 'B', { first: known, second: known, difference: { value, standardError: null, interval } });
  };

  it('says which model is less perplexed only where the interval leaves no doubt', () => {
    assert.equal(sentence(-1.2, [-1.4, -1]), 'A is less perplexed than B, by 1.20 (1.00 to 1.40).');
    assert.equal(sentence(1.2, [1, 1.4]), 'A is more perplexed than B, by 1.20 (1.00 to 1.40).');
    assert.match(sentence(0.1, [-0.1, 0.3]), /^Which of A and B is less perplexed cannot be told: .*-0\.10 to 0\.30/);
    assert.match(sentence(null, null), /cannot be compared/);
  });
});
