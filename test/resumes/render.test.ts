import { strict as assert } from 'node:assert';
import type { Covariates, OccupationIndex } from 'labor-llm/careers';
import { entryPrompt, renderPrompt, renderResume, resumeParts, titleAnswer } from 'labor-llm/resumes';

const titles = ['Cooks', 'Food servers, nonrestaurant', 'Unemployed'];
const covariates: Covariates = {
  survey: 'PSID',
  sex: 'female',
  ethnicity: 'black or african american',
  region: 'south',
  birthYear: 1963,
};
const observation = (year: number, occupation: number, education: string | undefined = 'some college') => ({
  year,
  education,
  occupation: occupation as OccupationIndex,
});
const history = [observation(1984, 0), observation(1985, 1)];

const RECORDS =
  'The worker has the following records of work experience, one entry per line, including year, education level, and the job title:';

/** The example of the template as it is recollected (see template.ts). */
const EXAMPLE = `<A worker from the PSID dataset>
The following information is available about the work history of a female black or african american US worker residing in the south region.
The worker was born in 1963.
${RECORDS}
1984 (some college): Cooks
1985 (some college): Food servers, nonrestaurant
1991 (some college): Unemployed
<END OF DATA>`;

const secondLine = (changes: Partial<Covariates>): string | undefined =>
  renderResume({ ...covariates, ...changes }, [], titles).split('\n')[1];

describe('renderResume', () => {
  it("writes the template's example to the character", () => {
    assert.equal(renderResume(covariates, [...history, observation(1991, 2)], titles), EXAMPLE);
  });

  it('leaves the birth year out on request, and where it is missing', () => {
    const without = EXAMPLE.replace('The worker was born in 1963.\n', '');
    const career = [...history, observation(1991, 2)];
    assert.equal(renderResume(covariates, career, titles, { birthYear: false }), without);
    assert.equal(renderResume({ ...covariates, birthYear: undefined }, career, titles), without);
  });

  it('says or leaves out what is missing, always so that the cases differ', () => {
    const about = 'The following information is available about the work history of a';
    const none = { sex: undefined, ethnicity: undefined };
    assert.equal(
      secondLine({ ethnicity: undefined }),
      `${about} female US worker of unrecorded ethnicity residing in the south region.`,
    );
    assert.equal(
      secondLine({ sex: undefined }),
      `${about} black or african american US worker of unrecorded sex residing in the south region.`,
    );
    assert.equal(secondLine(none), `${about} US worker residing in the south region.`);
    assert.equal(secondLine({ ...none, region: undefined }), `${about} US worker.`);
    assert.equal(secondLine({ region: undefined }), `${about} female black or african american US worker.`);
  });

  it('writes an entry without education as year and title', () => {
    const text = renderResume(covariates, [{ ...observation(1984, 0), education: undefined }], titles);
    assert.equal(text.split('\n')[4], '1984: Cooks');
  });

  it('reads nothing from observations but year, education and occupation: a region of theirs stays out', () => {
    const moved = { ...observation(1984, 0), region: 'west', weight: 3 };
    assert.equal(renderResume(covariates, [moved], titles), renderResume(covariates, [observation(1984, 0)], titles));
  });

  it('has no entries for a person without observations', () => {
    assert.ok(renderResume(covariates, [], titles).endsWith(`${RECORDS}\n<END OF DATA>`));
  });

  it('names the value that could not be read back', () => {
    const faults: readonly [Partial<Covariates>, string][] = [
      [{ sex: 'not stated' }, 'sex'],
      [{ region: 'south region residing in the west' }, 'region'],
      [{ region: 'so\nuth' }, 'region'],
      [{ survey: 'a\nb' }, 'survey'],
      [{ birthYear: 1963.5 }, 'birthYear'],
    ];
    for (const [changes, where] of faults) {
      const value = changes[where as keyof Covariates];
      assert.throws(() => renderResume({ ...covariates, ...changes }, [], titles), {
        name: 'ResumeError',
        where,
        value,
      });
    }
    const bad = (education: string) => () => renderResume(covariates, [observation(1984, 0, education)], titles);
    assert.throws(bad('a): b'), { name: 'ResumeError', where: 'education of 1984', value: 'a): b' });
    assert.throws(bad('a\nb'), { name: 'ResumeError', where: 'education of 1984' });
    const title = () => renderResume(covariates, history, ['Cooks', 'Food\nservers']);
    assert.throws(title, { name: 'ResumeError', where: 'title of 1985', value: 'Food\nservers' });
    assert.throws(() => renderResume(covariates, [observation(1984, 3)], titles), {
      message: 'Resume, occupation of 1984: 3 is none of the 3 declared occupations.',
    });
    assert.throws(() => renderResume(covariates, [observation(1984.5, 0)], titles), { where: 'year', value: 1984.5 });
  });
});

describe('renderResume with reminders', () => {
  const reminders = { reminders: true };
  const entriesOf = (text: string): string[] => text.split('\n').slice(4, -1);
  const left = [observation(1991, 1), { ...observation(1992, 2), education: undefined }, observation(1993, 2)];
  const career = [...history, ...left];

  it('says the age, the last job, the years since, the last other job, and that somebody stays', () => {
    assert.deepEqual(entriesOf(renderResume(covariates, career, titles, reminders)), [
      '1984 (some college), aged 21: Cooks',
      '1985 (some college), aged 22, 1 year after 1 year as Cooks: Food servers, nonrestaurant',
      '1991 (some college), aged 28, 6 years after 1 year as Food servers, nonrestaurant, formerly Cooks: the same',
      '1992, aged 29, 1 year after 7 years as Food servers, nonrestaurant, formerly Cooks: Unemployed',
      '1993 (some college), aged 30, 1 year after 1 year as Unemployed, formerly Food servers, nonrestaurant: the same',
    ]);
  });

  it('says no age where the birth year is left out or missing', () => {
    const expected =
      '1991 (some college), 6 years after 1 year as Food servers, nonrestaurant, formerly Cooks: the same';
    const without = { ...covariates, birthYear: undefined };
    assert.equal(entriesOf(renderResume(covariates, career, titles, { ...reminders, birthYear: false }))[1], expected);
    assert.equal(renderResume(without, career, titles, reminders).split('\n')[5], expected);
  });

  it('prompts with them too', () => {
    const prompt = renderPrompt({ covariates, history, year: 1991, education: undefined }, titles, reminders);
    const expected = '\n1991, aged 28, 6 years after 1 year as Food servers, nonrestaurant, formerly Cooks:';
    assert.ok(prompt.endsWith(expected), prompt);
  });

  it('refuses a title that says that somebody stays', () => {
    assert.throws(() => renderResume(covariates, history, ['the same', 'Cooks'], reminders), {
      name: 'ResumeError',
      where: 'title of 1984',
    });
    assert.doesNotThrow(() => renderResume(covariates, history, ['the same', 'Cooks']));
  });
});

describe('resumeParts', () => {
  it('gives the text of the resume in parts, titles with their space and newline', () => {
    const { header, entries, end } = resumeParts(covariates, history, titles);
    assert.equal(header, EXAMPLE.slice(0, EXAMPLE.indexOf('1984')));
    assert.deepEqual(entries, [
      { prompt: '1984 (some college):', answer: ' Cooks\n' },
      { prompt: '1985 (some college):', answer: ' Food servers, nonrestaurant\n' },
    ]);
    assert.equal(end, '<END OF DATA>');
    assert.equal(entries[0]?.prompt, entryPrompt(1984, 'some college'));
    assert.equal(entries[1]?.answer, titleAnswer('Food servers, nonrestaurant'));
  });
});

describe('renderPrompt', () => {
  it('is the beginning of the resume that has the year to predict, up to its colon', () => {
    const prompt = renderPrompt({ covariates, history, year: 1991, education: 'some college' }, titles);
    assert.equal(prompt, EXAMPLE.slice(0, EXAMPLE.indexOf(' Unemployed')));
    assert.ok(renderPrompt({ covariates, history: [], year: 1991, education: undefined }, titles).endsWith('\n1991:'));
  });
});
