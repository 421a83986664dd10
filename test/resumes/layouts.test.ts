import { strict as assert } from 'node:assert';
import type { OccupationIndex } from 'labor-llm/careers';
import { drawLayout, layoutResume, parseResume, type Layout } from 'labor-llm/resumes';
import { Random } from 'labor-llm/support';

const titles = ['Cooks', 'Registered nurses', 'Food servers, nonrestaurant'];
const career = [0, 0, 1, 2, 0].map((occupation, index) => ({
  year: 1984 + index + (index > 3 ? 2 : 0),
  education: index < 2 ? undefined : 'some college',
  occupation: occupation as OccupationIndex,
}));
const layoutOf = (seed: number): Layout => drawLayout(new Random(seed));
const write = (layout: Layout, region: string | undefined = 'south'): string =>
  layoutResume(layout, { region }, career, titles);
const layouts = Array.from({ length: 2000 }, (_, seed) => layoutOf(seed));

describe('layouts of resumes', () => {
  it('hardly ever come twice, and are the same for the same draw', () => {
    const texts = new Set(layouts.map((layout) => write(layout)));
    assert.ok(texts.size > 0.98 * layouts.length, `${texts.size} of ${layouts.length}`);
    assert.deepEqual(layoutOf(3), layoutOf(3));
  });

  it('say all jobs and when they were, the education where they have a place for it, and no more of the person', () => {
    for (const layout of layouts) {
      const text = write(layout);
      for (const title of titles) assert.ok(text.toLowerCase().includes(title.toLowerCase()), `${title} in ${text}`);
      for (const year of [1984, 1985, 1986, 1987, 1990]) assert.ok(text.includes(String(year)), `${year} in ${text}`);
      const saysEducation = layout.education !== undefined || layout.educationMarks !== undefined;
      assert.equal(text.includes('some college'), saysEducation, text);
      assert.doesNotMatch(text, /undefined|female|male|white|#/);
    }
  });

  it('are never the survey’s template, nor a line of it', () => {
    for (const layout of layouts) {
      const text = write(layout);
      assert.throws(() => parseResume(text));
      assert.doesNotMatch(text, /^\d{4}(?: \([^)]*\))?: /m);
      assert.doesNotMatch(text, /<A worker|born in|END OF DATA|, aged/);
    }
  });

  it('say years in a row as one job where jobs are spells, and a job after a gap as another', () => {
    const layout: Layout = {
      ...{ heading: 'Jobs\n', region: undefined, education: { label: 'Degree', between: ': ', atEnd: true } },
      ...{ spells: true, latestFirst: true, bullet: '#) ', date: ['from ', ' to ', ''], titleFirst: true },
      ...{ between: ', ', educationMarks: [' [', ']'], lowerCase: false, end: '\n' },
    };
    const expected = [
      ...['Jobs', '1) Cooks, from 1990 [some college]', '2) Food servers, nonrestaurant, from 1987 [some college]'],
      ...['3) Registered nurses, from 1986 [some college]', '4) Cooks, from 1984 to 1985', 'Degree: some college', ''],
    ];
    assert.equal(write(layout), expected.join('\n'));
    const byYear = write({ ...layout, spells: false, latestFirst: false, lowerCase: true, titleFirst: false });
    assert.ok(
      byYear.startsWith('Jobs\n1) from 1984, cooks\n2) from 1985, cooks\n3) from 1986 [some college], registered'),
    );
  });

  it('leave out what is missing, and refuse an occupation without a title', () => {
    const nothing = career.map((entry) => ({ ...entry, education: undefined }));
    for (const layout of layouts) {
      const { region, education } = layout;
      const text = layoutResume(layout, { region: undefined }, nothing, titles);
      assert.doesNotMatch(text, /undefined/);
      const lines = text.slice(layout.heading.length).split('\n');
      for (const fact of [region, education]) {
        assert.ok(fact === undefined || !lines.some((line) => line.startsWith(fact.label + fact.between)), text);
      }
    }
    assert.throws(() => layoutResume(layoutOf(1), { region: 'south' }, career, ['Cooks']), /none of the 1 declared/);
  });
});
