import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Covariates, OccupationIndex } from 'labor-llm/careers';
import { parseResume, renderResume, ResumeError, type ResumeOptions } from 'labor-llm/resumes';

/** Texts made to mislead a parser, beside any text at all. */
const misleading = [
  'Cooks',
  'Cooks, private household',
  'Cooks, private',
  '"Other" (n.e.c.)',
  "Teacher's aides",
  '): ',
  'x): y',
  '1999 (x): y',
  '1999: y',
  '<END OF DATA>',
  ' <END OF DATA> ',
  'The worker was born in 1963.',
  'Ärztin – 医師 👩‍⚕️',
  ':',
  ' ',
  'white',
  'US worker',
  ' US worker of unrecorded sex',
  'white US worker of unrecorded ethnicity',
  ' residing in the west region',
  'west region',
  ' dataset>',
  '.',
];
const oneLine = (texts: fc.Arbitrary<string>) => texts.map((text) => text.replace(/[\n\r]/gu, ' '));
const text = oneLine(
  fc.oneof(
    fc.constantFrom(...misleading),
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.constantFrom(...misleading), { minLength: 2, maxLength: 3 }).map((parts) => parts.join('')),
  ),
);
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 3 });
const year = fc.integer({ min: 1900, max: 2100 });

interface RandomCareer {
  readonly covariates: Covariates;
  readonly entries: readonly { year: number; education: string | undefined; title: string }[];
}

const careers = (free: fc.Arbitrary<string>, sex: fc.Arbitrary<string>, education: fc.Arbitrary<string>) =>
  fc.record<RandomCareer>(
    {
      covariates: fc.record(
        { survey: text, sex: maybe(sex), ethnicity: maybe(free), region: maybe(free), birthYear: maybe(year) },
        { noNullPrototype: true },
      ),
      entries: fc.array(fc.record({ year, education: maybe(education), title: text }, { noNullPrototype: true }), {
        maxLength: 8,
      }),
    },
    { noNullPrototype: true },
  );

const render = ({ covariates, entries }: RandomCareer, options: ResumeOptions = {}): string => {
  const titles = [...new Set(entries.map(({ title }) => title))];
  const observations = entries.map((entry) => ({
    ...entry,
    occupation: titles.indexOf(entry.title) as OccupationIndex,
  }));
  return renderResume(covariates, observations, titles, options);
};

describe('parseResume', () => {
  const words = fc.constantFrom('white', 'black or african american', 'south', 'Élan (other)', 'two  spaces');
  const sex = fc.constantFrom('female', 'male', 'nicht-binär');
  const education = fc.constantFrom('some college', "bachelor's degree", '12 years', 'x)', '(y', 'z):', ': ');

  it('gives back all of a rendered career, with missing covariates and titles of any kind', () => {
    fc.assert(
      fc.property(careers(words, sex, education), (career) => assert.deepEqual(parseResume(render(career)), career)),
      { seed: 3, numRuns: 1000 },
    );
  });

  it('gives back all of a career rendered with reminders', () => {
    // few titles, so that people stay
    const fewTitles = fc.constantFrom(
      'Cooks',
      'Cooks, 2 years after 1 year as Cooks',
      'Cooks, formerly Cooks',
      ': the same',
      'x): y',
      ', aged 3: Cooks',
    );
    const staying = careers(words, sex, education).chain((career) =>
      fc.array(fewTitles, { minLength: career.entries.length, maxLength: career.entries.length }).map((titles) => ({
        ...career,
        entries: career.entries.map((entry, i) => ({ ...entry, title: titles[i] as string })),
      })),
    );
    let stays = 0;
    const check = (career: RandomCareer): void => {
      const resume = render(career, { reminders: true });
      stays += resume.split(': the same\n').length - 1;
      assert.deepEqual(parseResume(resume, { reminders: true }), career);
    };
    fc.assert(fc.property(staying, check), { seed: 5, numRuns: 1000 });
    assert.ok(stays > 300, `${stays} entries say the same`);
  });

  for (const reminders of [false, true]) {
    it(`gives back all of a rendered career, or there was an error, with covariates of any kind too${reminders ? ', with reminders' : ''}`, () => {
      let rendered = 0;
      let refused = 0;
      const check = (career: RandomCareer): void => {
        let resume: string;
        try {
          resume = render(career, { reminders });
        } catch (error) {
          assert.ok(error instanceof ResumeError, String(error));
          refused++;
          return;
        }
        rendered++;
        assert.deepEqual(parseResume(resume, { reminders }), career);
      };
      fc.assert(fc.property(careers(text, text, text), check), { seed: 4, numRuns: 3000 });
      assert.ok(rendered > 500 && refused > 100, `${rendered} rendered, ${refused} refused`);
    });
  }

  it('names the line that is none of a resume', () => {
    const covariates = { survey: 'X', sex: 'male', ethnicity: 'white', region: 'west', birthYear: 1950 };
    const lines = render({ covariates, entries: [{ year: 1970, education: 'x', title: 'Cooks' }] }).split('\n');
    const spoilt = ['', 'The following is', 'The worker was born in May.', 'Records:', '1970 Cooks', 'THE END'];
    spoilt.forEach((wrong, i) => {
      const text = lines.map((line, j) => (j === i ? wrong : line)).join('\n');
      assert.throws(() => parseResume(text), { name: 'ResumeError', where: `line ${i + 1}`, value: wrong });
    });
    assert.throws(() => parseResume(''), ResumeError);
    assert.throws(() => parseResume(lines.slice(0, 2).join('\n')), ResumeError);
  });
});
