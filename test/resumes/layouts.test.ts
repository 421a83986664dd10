import { strict as assert } from 'node:assert';
import type { OccupationIndex } from 'labor-llm/careers';
import { layoutResume, parseResume } from 'labor-llm/resumes';
import { Random } from 'labor-llm/support';

const titles = ['Cooks', 'Registered nurses', 'Food servers, nonrestaurant'];
const career = [0, 0, 1, 2, 0].map((occupation, index) => ({
  year: 1984 + index + (index > 3 ? 2 : 0),
  education: index < 2 ? undefined : 'some college',
  occupation: occupation as OccupationIndex,
}));
const write = (seed: number, region: string | undefined = 'south'): string =>
  layoutResume({ region }, career, titles, new Random(seed));
const texts = Array.from({ length: 60 }, (_, seed) => write(seed));

describe('layouts of resumes', () => {
  it('are several, the same for the same draw, and say all jobs, the education and no more of the person', () => {
    assert.ok(new Set(texts).size >= 5, `${new Set(texts).size} layouts`);
    assert.equal(write(3), write(3));
    for (const text of texts) {
      for (const title of titles) assert.ok(text.toLowerCase().includes(title.toLowerCase()), `${title} in ${text}`);
      for (const year of [1986, 1987, 1990]) assert.ok(text.includes(String(year)), `${year} in ${text}`);
      assert.ok(text.includes('some college'), text);
      assert.doesNotMatch(text, /undefined|female|male|white/);
    }
  });

  it('are never the survey’s template, nor a line of it', () => {
    for (const text of texts) {
      assert.throws(() => parseResume(text));
      assert.doesNotMatch(text, /^\d{4}(?: \([^)]*\))?: /m);
      assert.doesNotMatch(text, /<A worker|born in|END OF DATA/);
    }
  });

  it('say years in a row as one job, and a job after a gap as another', () => {
    assert.ok(
      texts.some((text) => text.includes('Cooks\n  1984 to 1985\n') && text.includes('Cooks\n  1990\n')),
      texts.join('\n\n'),
    );
  });

  it('leave out what is missing, and refuse an occupation without a title', () => {
    const nothing = career.map((entry) => ({ ...entry, education: undefined }));
    for (let seed = 0; seed < 40; seed++) {
      assert.doesNotMatch(
        layoutResume({ region: undefined }, nothing, titles, new Random(seed)),
        /undefined|ducation|Degree/,
      );
    }
    assert.throws(() => layoutResume({ region: 'south' }, career, ['Cooks'], new Random(1)), /none of the 1 declared/);
  });
});
