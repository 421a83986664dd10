import { strict as assert } from 'node:assert';
import type { Career, OccupationIndex, PersonId } from 'labor-llm/careers';
import { renderResume, templatePhrases } from 'labor-llm/resumes';

const career = (changes: Partial<Career>): Career => ({
  person: 'p' as PersonId,
  cluster: 'p',
  survey: 'NLSY97',
  sex: 'male',
  ethnicity: 'white',
  region: 'west',
  birthYear: 1980,
  observations: ['high school', undefined, 'some college'].map((education, i) => ({
    year: 2000 + i,
    occupation: 0 as OccupationIndex,
    education,
    region: 'west',
    weight: 1,
  })),
  ...changes,
});

/** What is left of a resume when the phrases, longest first, are taken out. */
const rest = (text: string, phrases: readonly string[]): string =>
  phrases.reduce((left, phrase) => left.replaceAll(phrase, '|'), text);

describe('templatePhrases', () => {
  const careers = [career({}), career({ region: undefined }), career({ birthYear: undefined })];

  it('leave of a resume its values alone', () => {
    const phrases = templatePhrases(careers);
    const left = careers.map((one) => rest(renderResume(one, one.observations, ['Cooks']), phrases));
    const entries = '2000| Cooks\n2001: Cooks\n2002| Cooks\n|';
    assert.deepEqual(left, [
      `| NLSY97| male white| west| 1980|${entries}`,
      `| NLSY97| male white| 1980|${entries}`,
      `| NLSY97| male white| west|${entries}`,
    ]);
  });

  it('leave of a resume with reminders its values alone', () => {
    const stays = career({
      observations: career({}).observations.map((entry, i) => ({ ...entry, year: 2000 + i * i })),
    });
    const phrases = templatePhrases([stays], { reminders: true });
    const resume = renderResume(stays, stays.observations, ['Cooks'], { reminders: true });
    assert.equal(
      rest(resume, phrases),
      '| NLSY97| male white| west| 1980|2000| 20: Cooks\n2001, aged 21|| Cooks:|2004| 24|| Cooks:||',
    );
    assert.ok(
      phrases.includes(', 3 years after') && phrases.includes(' 2 years as') && !phrases.includes(', 2 years after'),
    );
    assert.ok(!phrases.includes(', formerly'), 'nobody moves');
    const moves = {
      ...stays,
      observations: stays.observations.map((one, i) => ({ ...one, occupation: (i % 2) as OccupationIndex })),
    };
    assert.ok(templatePhrases([moves], { reminders: true }).includes(', formerly'));
    assert.ok(
      !templatePhrases([stays], { reminders: true, birthYear: false }).some((phrase) => phrase.includes('aged')),
    );
  });

  it('are those that occur: none for what these careers do not lack or have', () => {
    const phrases = templatePhrases([career({})]);
    const text = renderResume(career({}), career({}).observations, ['Cooks']);
    for (const phrase of phrases) assert.ok(text.includes(phrase), phrase);
    assert.ok(phrases.includes(' (some college):') && !phrases.includes(' (doctorate):'));
    assert.ok(!templatePhrases([career({})], { birthYear: false }).some((phrase) => phrase.includes('born')));
  });

  it('are the same whatever the order of the careers', () => {
    assert.deepEqual(templatePhrases([...careers].reverse()), templatePhrases(careers));
  });
});
