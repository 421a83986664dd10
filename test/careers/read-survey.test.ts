import { strict as assert } from 'node:assert';
import { gzipSync } from 'node:zlib';
import { declaredOccupations, readOccupations, readSurvey, type Survey } from 'labor-llm/careers';
import { csv, HEADER, useFolder } from './files';

const ROWS = [
  'b,1991,Cooks,high school,female,white,south,1960',
  'b,1990,Waiters and waitresses,,female,white,west,1960',
  'a,2001,Cooks,some college,,,,',
];

const titlesOf = ({ careers, occupations }: Survey): (string | undefined)[][] =>
  careers.map((career) => career.observations.map(({ occupation }) => occupations[occupation]));

describe('readSurvey', () => {
  const files = useFolder();
  const read = (text: string | Buffer, options: Parameters<typeof readSurvey>[1] = {}, name = 'panel.csv') =>
    readSurvey(files.write(name, text), { warn: () => undefined, ...options });

  it('gives careers by person and observations by year, with undefined for what is missing', async () => {
    const survey = await read(csv(ROWS));
    assert.deepEqual(survey, {
      name: 'panel',
      occupations: ['Cooks', 'Waiters and waitresses'],
      careers: [
        {
          ...{ person: 'a', cluster: 'a', survey: 'panel' },
          ...{ sex: undefined, ethnicity: undefined, region: undefined, birthYear: undefined },
          observations: [{ year: 2001, occupation: 0, education: 'some college', region: undefined, weight: 1 }],
        },
        {
          ...{ person: 'b', cluster: 'b', survey: 'panel' },
          ...{ sex: 'female', ethnicity: 'white', region: 'west', birthYear: 1960 },
          observations: [
            { year: 1990, occupation: 1, education: undefined, region: 'west', weight: 1 },
            { year: 1991, occupation: 0, education: 'high school', region: 'south', weight: 1 },
          ],
        },
      ],
    });
  });

  it('gives the same survey whatever the order of the rows and of the columns', async () => {
    const survey = await read(csv(ROWS));
    assert.deepEqual(await read(csv([...ROWS].reverse())), survey);
    const swapped = csv(
      ROWS.map((row) => row.split(',').reverse().join(',')),
      HEADER.split(',').reverse().join(','),
    );
    assert.deepEqual(await read(swapped), survey);
  });

  it('reads gzip by what the file holds, byte order marks, CRLF, blank lines and a last line without an end', async () => {
    const survey = await read(csv(ROWS));
    assert.deepEqual(await read(gzipSync(csv(ROWS)), {}, 'panel.csv.gz'), survey);
    assert.deepEqual(await read(gzipSync(csv(ROWS))), survey);
    assert.deepEqual(await read(`\uFEFF${csv(ROWS)}`), survey);
    assert.deepEqual(await read(csv(ROWS).replaceAll('\n', '\r\n')), survey);
    assert.deepEqual(await read(`${csv(ROWS).replaceAll('\n', '\n\n')}\n\n`), survey);
    assert.deepEqual(await read(csv(ROWS).trimEnd()), survey);
  });

  it('reads gzip streams that were joined, as `cat a.gz b.gz` does', async () => {
    const joined = Buffer.concat([gzipSync(csv(ROWS.slice(0, 2))), gzipSync(`${ROWS[2]}\n`)]);
    assert.deepEqual(await read(joined, {}, 'panel.csv.gz'), await read(csv(ROWS)));
  });

  it('reads quoted cells: commas, quotation marks, letters of any script', async () => {
    const rows = ['1,1990,"Actors, ""stars"", and 俳優 (all)",,,,,', "1,1991,Café owner's help,,,,,"];
    assert.deepEqual(titlesOf(await read(csv(rows))), [['Actors, "stars", and 俳優 (all)', "Café owner's help"]]);
  });

  it("keeps the region of the first year for the person, and each year's for the year", async () => {
    const { careers } = await read(csv(ROWS));
    assert.equal(careers[1]?.region, 'west');
    assert.deepEqual(
      careers[1]?.observations.map(({ region }) => region),
      ['west', 'south'],
    );
  });

  it('takes weights, households and survey names from their columns', async () => {
    const header = `${HEADER},weight,cluster_id,survey`;
    const survey = await read(
      csv(['1,1990,A,,,,,,0,h,PSID', '1,1991,A,,,,,,1.5e2,h,PSID', '2,1990,A,,,,,,.5,h,PSID'], header),
      { name: 'not this' },
    );
    assert.deepEqual(
      survey.careers.map(({ cluster, observations, survey }) => [cluster, survey, observations.map((o) => o.weight)]),
      [
        ['h', 'PSID', [0, 150]],
        ['h', 'PSID', [0.5]],
      ],
    );
    assert.equal(survey.name, 'PSID');
  });

  it('names a survey by option, else by file; rows without a name in the column `survey` likewise', async () => {
    assert.equal((await read(csv(ROWS), { name: 'NLSY97' })).name, 'NLSY97');
    assert.equal((await read(gzipSync(csv(ROWS)), {}, 'my.panel.csv.gz')).name, 'my.panel');
    const two = await read(csv(['1,1990,A,,,,,,PSID', '2,1990,A,,,,,,'], `${HEADER},survey`), { name: 'NLSY97' });
    assert.deepEqual(
      two.careers.map(({ survey }) => survey),
      ['PSID', 'NLSY97'],
    );
    assert.deepEqual(declaredOccupations(two), [
      { survey: 'NLSY97', titles: ['A'] },
      { survey: 'PSID', titles: ['A'] },
    ]);
  });

  it('warns of a column that it does not know, and reads on', async () => {
    const warnings: string[] = [];
    await read(csv(['1,1990,A,,,,,,7'], `${HEADER},income`), { warn: (line) => warnings.push(line) });
    assert.match(warnings.join('\n'), /panel\.csv: the column "income"/);
  });
});

describe('declared occupations', () => {
  const files = useFolder();
  const row = '1,1990,Cooks,,,,,';

  it('are those of the option, in their order, seen or not', async () => {
    const path = files.write('panel.csv', csv([row]));
    files.write('occupations.csv', 'occupation\nCooks\n');
    assert.deepEqual((await readSurvey(path, { occupations: ['Zoologists', 'Cooks'] })).occupations, [
      'Zoologists',
      'Cooks',
    ]);
    const list = files.write('list.csv', 'code,occupation\r\n7,"Actors, directors"\r\n1,Cooks\r\n');
    assert.deepEqual((await readSurvey(path, { occupations: list })).occupations, ['Actors, directors', 'Cooks']);
  });

  it('are read from plain text, one title a line, commas and quotation marks included', async () => {
    const list = files.write('list.txt', '\uFEFFActors, directors\r\n"Chefs" and cooks\n\nCooks');
    assert.deepEqual(await readOccupations(list), ['Actors, directors', '"Chefs" and cooks', 'Cooks']);
  });

  it('are by default those of occupations.csv beside the data, without a warning', async () => {
    const path = files.write('panel.csv', csv([row]));
    files.write('occupations.csv', 'occupation,code\nZoologists,1\nCooks,2\n');
    const warn = (line: string) => assert.fail(line);
    assert.deepEqual((await readSurvey(path, { warn })).occupations, ['Zoologists', 'Cooks']);
  });

  it("are else the file's own titles, sorted, with a warning that says so", async () => {
    const warnings: string[] = [];
    const path = files.write('panel.csv', csv([row, '1,1991,Actors,,,,,']));
    const survey = await readSurvey(path, { warn: (line) => warnings.push(line) });
    assert.deepEqual(survey.occupations, ['Actors', 'Cooks']);
    assert.match(warnings.join('\n'), /no list of occupations .* 2 titles/);
  });
});
