import { strict as assert } from 'node:assert';
import { describeSurvey, readSurvey } from 'labor-llm/careers';
import { csv, useFolder } from './files';

describe('describeSurvey', () => {
  const files = useFolder();

  it('counts what can be counted by hand', async () => {
    // crc32("1") % 100 = 83, crc32("20") % 100 = 82, crc32("45") % 100 = 71, crc32("6") % 100 = 40: by Python's zlib
    const rows = [
      ...['1,1990,A,x,f,w,,1960', '1,1991,A,,f,w,s,1960', '1,1993,B,x,f,w,s,1960', '1,1997,A,x,f,w,s,1960'],
      ...['6,1990,A,x,,w,s,', '6,1991,A,x,,w,s,', '45,2000,C,x,f,w,s,1960', '20,1989,A,x,f,,s,1960'],
    ];
    const survey = await readSurvey(files.write('s.csv', csv(rows)), { occupations: ['A', 'B', 'C', 'D'] });
    assert.deepEqual(describeSurvey(survey), {
      name: 's',
      persons: 4,
      observations: 8,
      clusters: 4,
      parts: {
        train: { persons: 1, observations: 2 },
        validation: { persons: 1, observations: 1 },
        test: { persons: 2, observations: 5 },
      },
      years: { first: 1989, last: 2000 },
      steps: { one: 2, two: 1, threeOrMore: 1 },
      missing: { education: 1 / 8, sex: 2 / 8, ethnicity: 1 / 8, region: 1 / 8, birth_year: 2 / 8 },
      occupations: { declared: 4, occurring: 3, occurringInTrain: 1, below5InTrain: 4, below30InTrain: 4 },
      transitions: { first: 4, move: 2, stay: 2 },
      stayShare: 0.5,
    });
  });

  it('has no stay share where nobody has two observations', async () => {
    const survey = await readSurvey(files.write('s.csv', csv(['1,1990,A,,,,,'])), { occupations: ['A'] });
    assert.equal(describeSurvey(survey).stayShare, undefined);
  });
});
