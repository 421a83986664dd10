import { strict as assert } from 'node:assert';
import { gzipSync } from 'node:zlib';
import { readOccupations, readSurvey, SurveyError, type SurveyFault } from 'labor-llm/careers';
import { csv, HEADER, useFolder } from './files';

const GOOD = '1,1990,Cooks,high school,female,white,south,1960';

type Expected = Pick<SurveyFault, 'row' | 'column' | 'value'> & { readonly problem: RegExp };

interface Case {
  readonly title: string;
  readonly text: string | Buffer;
  readonly name?: string;
  readonly faults: readonly Expected[];
}

/** A file whose third line is the row given, with one fault there. */
const inRow3 = (
  title: string,
  row: string,
  column: string | undefined,
  value: string | undefined,
  problem: RegExp,
) => ({
  title,
  text: csv([GOOD, row]),
  faults: [{ row: 3, column, value, problem }],
});

const whole = (title: string, text: string | Buffer, problem: RegExp, name?: string): Case => ({
  title,
  text,
  faults: [{ row: undefined, column: undefined, value: undefined, problem }],
  ...(name === undefined ? {} : { name }),
});

const latin1 = Buffer.concat([Buffer.from(csv([GOOD])), Buffer.from('2,1990,Caf\xe9s,,,,,\n', 'latin1')]);
const random = Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 251));
const gz = gzipSync(csv(Array.from({ length: 2000 }, (_, i) => `${(i * 7919) % 99991},1990,Cooks,,,,,`)));
const flipped = Buffer.from(gz);
flipped[gz.length >> 1] = (gz[gz.length >> 1] ?? 0) ^ 0xff;

const CASES: readonly Case[] = [
  inRow3('a missing person', ',1990,Cooks,,,,,', 'person_id', undefined, /missing/),
  inRow3('a missing year', '2,,Cooks,,,,,', 'year', undefined, /missing/),
  inRow3('a missing occupation', '2,1990,,,,,,', 'occupation', undefined, /missing/),
  inRow3('a year that is no number', '2,19x0,Cooks,,,,,', 'year', '19x0', /1900 to 2100/),
  inRow3('a year with a fraction', '2,1990.0,Cooks,,,,,', 'year', '1990.0', /1900 to 2100/),
  inRow3('a year before 1900', '2,1899,Cooks,,,,,', 'year', '1899', /1900 to 2100/),
  inRow3('a year after 2100', '2,2101,Cooks,,,,,', 'year', '2101', /1900 to 2100/),
  inRow3('a year before the birth year', '2,1990,Cooks,,,,,1991', 'year', '1990', /before the birth year, 1991/),
  inRow3('a birth year that is no year', '2,1990,Cooks,,,,,60', 'birth_year', '60', /no year/),
  inRow3('two rows for a person and year', '1,1990,Cooks,,female,white,,1960', 'year', '1990', /"1" has in row 2/),
  inRow3('a sex that changes', '1,1991,Cooks,,male,white,,1960', 'sex', 'male', /row 2: "female"/),
  inRow3('a sex that is missing in one row', '1,1991,Cooks,,,white,,1960', 'sex', '', /row 2: "female"/),
  inRow3('an ethnicity that changes', '1,1991,Cooks,,female,asian,,1960', 'ethnicity', 'asian', /row 2: "white"/),
  inRow3('a birth year that changes', '1,1991,Cooks,,female,white,,1961', 'birth_year', '1961', /row 2: "1960"/),
  inRow3('a row that is too short', '2,1990,Cooks,,,,', undefined, undefined, /7 cells, the header has 8/),
  inRow3('a row that is too long', '2,1990,Cooks, other,,,,,', undefined, undefined, /9 cells, the header has 8/),
  inRow3('a line break in a title', '2,1990,"Co\noks",,,,,', 'occupation', 'Co\noks', /line break/),
  inRow3('a carriage return in a title', '2,1990,"Co\roks",,,,,', 'occupation', 'Co\roks', /line break/),
  inRow3('a line separator in a title', '2,1990,Co\u2028oks,,,,,', 'occupation', 'Co\u2028oks', /line break/),
  inRow3('a control character in a title', '2,1990,Co\u0007oks,,,,,', 'occupation', 'Co\u0007oks', /control character/),
  inRow3('a title that begins with white space', '2,1990, Cooks,,,,,', 'occupation', ' Cooks', /white space/),
  inRow3(
    'a title that ends with a no-break space',
    '2,1990,Cooks\u00a0,,,,,',
    'occupation',
    'Cooks\u00a0',
    /white space/,
  ),
  inRow3('a title of white space alone', '2,1990,  ,,,,,', 'occupation', '  ', /white space/),
  inRow3('a line break in the education', '2,1990,Cooks,"a\nb",,,,', 'education', 'a\nb', /line break/),
  inRow3('an education that ends itself', '2,1990,Cooks,"a): b",,,,', 'education', 'a): b', /"\): " in it/),
  inRow3('a sex of two words', '2,1990,Cooks,,not female,,,', 'sex', 'not female', /space/),
  inRow3('a region with a line break', '2,1990,Cooks,,,,"a\nb",', 'region', 'a\nb', /line break/),
  {
    title: 'a line break in a cell, counted as an editor does in the rows that follow',
    text: csv(['1,1990,"a\r\nb\nc",,,,,', '', '2,19,Cooks,,,,,']),
    faults: [
      { row: 2, column: 'occupation', value: 'a\r\nb\nc', problem: /line break/ },
      { row: 6, column: 'year', value: '19', problem: /no year/ },
    ],
  },
  {
    title: 'several faults in several rows, all of them',
    text: csv([',1990,Cooks,,,,,', GOOD, '1,1990,Cooks,,male,white,,1961', '3,x,,,,,,']),
    faults: [
      { row: 2, column: 'person_id', value: undefined, problem: /missing/ },
      { row: 4, column: 'year', value: '1990', problem: /row 3/ },
      { row: 4, column: 'sex', value: 'male', problem: /row 3/ },
      { row: 4, column: 'birth_year', value: '1961', problem: /row 3/ },
      { row: 5, column: 'year', value: 'x', problem: /no year/ },
      { row: 5, column: 'occupation', value: undefined, problem: /missing/ },
    ],
  },
  ...['', '-1', 'abc', 'NaN', 'Infinity', '0x10', '1,5', '1e999'].map((weight) => ({
    title: `the weight "${weight}"`,
    text: csv([`1,1990,Cooks,,,,,,"${weight}"`], `${HEADER},weight`),
    faults: [{ row: 2, column: 'weight', value: weight || undefined, problem: weight ? /no weight/ : /missing/ }],
  })),
  {
    title: 'a household or a survey that changes',
    text: csv(['1,1990,Cooks,,,,,,h,PSID', '1,1991,Cooks,,,,,,i,NLSY97'], `${HEADER},cluster_id,survey`),
    faults: [
      { row: 3, column: 'cluster_id', value: 'i', problem: /row 2: "h"/ },
      { row: 3, column: 'survey', value: 'NLSY97', problem: /row 2: "PSID"/ },
    ],
  },
  ...HEADER.split(',').map((column) => ({
    title: `a header without ${column}`,
    text: csv(
      [],
      HEADER.split(',')
        .filter((other) => other !== column)
        .join(','),
    ),
    faults: [{ row: 1, column, value: undefined, problem: /column is missing/ }],
  })),
  {
    title: 'a header with a column twice',
    text: csv([`${GOOD},south`], `${HEADER},region`),
    faults: [{ row: 1, column: 'region', value: undefined, problem: /twice/ }],
  },
  {
    title: 'text that is not UTF-8',
    text: latin1,
    faults: [{ row: 3, column: 'occupation', value: 'Caf\uFFFDs', problem: /not UTF-8/ }],
  },
  {
    title: 'a quotation mark that nothing closes, and a fault before it',
    text: csv(['1,19,Cooks,,,,,', '2,1990,"Cooks,,,,,', GOOD]),
    faults: [
      { row: 2, column: 'year', value: '19', problem: /no year/ },
      { row: 3, column: undefined, value: undefined, problem: /none closes it/ },
    ],
  },
  {
    title: 'a quotation mark inside a cell',
    text: csv([GOOD, '2,1990,Co"oks,,,,,']),
    faults: [{ row: 3, column: undefined, value: undefined, problem: /no CSV/ }],
  },
  whole('an empty file', '', /no rows/),
  whole('a header alone', csv([]), /no rows/),
  whole('UTF-16', Buffer.from(`\uFEFF${csv([GOOD])}`, 'utf16le'), /UTF-16/),
  whole('a gzip stream cut off', gz.subarray(0, gz.length - 200), /broken gzip/, 'panel.csv.gz'),
  whole('a gzip stream without its last bytes', gz.subarray(0, gz.length - 4), /broken gzip/, 'panel.csv.gz'),
  whole('a gzip stream with a wrong byte', flipped, /broken gzip/, 'panel.csv.gz'),
  whole('text that is called .gz', csv([GOOD]), /no gzip/, 'panel.csv.gz'),
  whole('bytes that are called .gz', random, /no gzip/, 'panel.csv.gz'),
  whole('an empty file that is called .gz', '', /no gzip/, 'panel.csv.gz'),
];

const errorOf = async (promise: Promise<unknown>): Promise<SurveyError> => {
  const error: unknown = await promise.then(
    () => assert.fail('was read'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SurveyError, String(error));
  return error;
};

const assertFaults = (error: SurveyError, file: string, expected: readonly Expected[]): void => {
  assert.deepEqual(
    error.faults.map((fault) => [fault.file, fault.row, fault.column, fault.value]),
    expected.map(({ row, column, value }) => [file, row, column, value]),
    error.message,
  );
  error.faults.forEach((fault, i) => assert.match(fault.problem, expected[i]?.problem ?? /^$/));
  assert.equal(error.total, expected.length);
};

describe('a survey file is refused for', () => {
  const files = useFolder();
  const warn = () => undefined;

  for (const { title, text, name = 'panel.csv', faults } of CASES) {
    it(title, async () => {
      const path = files.write(name, text);
      assertFaults(await errorOf(readSurvey(path, { warn })), path, faults);
    });
  }

  it('not being there', async () => {
    assert.match((await errorOf(readSurvey('nowhere.csv', { warn }))).message, /^nowhere\.csv: does not exist\./);
  });

  it('an occupation outside the declared list, once a title, with the nearest title', async () => {
    const rows = ['1,1990,Phycisists,,,,,', '1,1991,Cooks,,,,,', '1,1992,Phycisists,,,,,', '2,1992,Qqq,,,,,'];
    const path = files.write('panel.csv', csv(rows));
    const occupations = ['Cooks', 'Psychologists', 'Physicists and astronomists', 'Physical therapists'];
    const error = await errorOf(readSurvey(path, { occupations }));
    assertFaults(error, path, [
      { row: 2, column: 'occupation', value: 'Phycisists', problem: /not among the 4 declared/ },
      { row: 5, column: 'occupation', value: 'Qqq', problem: /not among the 4 declared/ },
    ]);
    assert.equal(error.faults[0]?.rows, 2);
    assert.match(error.faults[0]?.remedy ?? '', /^Nearest: "Physicists and astronomists"\./);
    assert.doesNotMatch(error.faults[1]?.remedy ?? '', /Nearest/);
  });

  it('more faults than the limit: it shows the first and counts the rest', async () => {
    const path = files.write('panel.csv', csv(Array.from({ length: 50 }, (_, i) => `${i},19,Cooks,,,,,`)));
    const error = await errorOf(readSurvey(path, { warn, maxFaults: 3 }));
    assert.deepEqual([error.faults.length, error.total], [3, 50]);
    assert.match(error.message, /row 4, column year: "19" is no year from 1900 to 2100\.\n\.\.\. and 47 more\.$/);
  });
});

describe('a list of occupations is refused for', () => {
  const files = useFolder();
  const refused = (title: string, name: string, text: string, row: number | undefined, problem: RegExp): void => {
    it(title, async () => {
      const path = files.write(name, text);
      const { faults } = await errorOf(readOccupations(path));
      assert.deepEqual([faults.length, faults[0]?.file, faults[0]?.row], [1, path, row]);
      assert.match(faults[0]?.problem ?? '', problem);
    });
  };
  refused('a title twice', 'list.csv', 'occupation\nCooks\nChefs\nCooks\n', 4, /row 2 already/);
  refused('a title twice in plain text', 'list.txt', 'Cooks\n\nCooks\n', 3, /row 1 already/);
  refused('a title that is missing', 'list.csv', 'occupation,code\nCooks,1\n,2\n', 3, /missing/);
  refused('white space at the end', 'list.txt', 'Chefs\nCooks \n', 2, /white space/);
  refused('a control character', 'list.txt', 'Chefs\nCo\toks\n', 2, /control/);
  refused('text that is not UTF-8', 'list.txt', 'Co\uFFFDks\n', 1, /not UTF-8/);
  refused('no column occupation', 'list.csv', 'title\nCooks\n', 1, /no such column/);
  refused('no title', 'list.csv', 'occupation\n', undefined, /declares no occupation/);
  refused('being empty', 'list.txt', '', undefined, /declares no occupation/);
});
