import { strict as assert } from 'node:assert';
import { inventTitles, listOfTitles } from 'labor-llm/resumes';
import { Random } from 'labor-llm/support';

const titles = Array.from({ length: 40 }, (_, index) => `Job ${index}, as declared`);
const words = ['river', 'copper', 'slow', 'engine', 'paper', 'seven', 'orchard', 'letter'];

describe('invented titles', () => {
  const drawn = Array.from({ length: 500 }, (_, seed) => inventTitles(titles, words, new Random(seed)));

  it('stand in place of none, some or all of the titles, or of many at once, the same for the same draw', () => {
    const counts = drawn.map((called) => called.filter((title, index) => title !== titles[index]).length);
    assert.ok(drawn.every(({ length }) => length === titles.length));
    assert.ok(counts.filter((one) => one === 0).length > 25);
    assert.ok(counts.filter((one) => one > 0 && one < titles.length).length > 100);
    const all = drawn.filter((_, draw) => counts[draw] === titles.length).map((called) => new Set(called).size);
    const coarser = all.filter((size) => size <= 20);
    assert.ok(coarser.length > 200 && coarser.length < 300, `${coarser.length} of 500 coarser`);
    assert.ok(new Set(coarser).size > 12, 'of many sizes');
    assert.ok(all.length - coarser.length > 25, 'and some with a name for each');
    assert.deepEqual(inventTitles(titles, words, new Random(7)), drawn[7]);
  });

  it('are of one to four of the words, with a capital, and hardly ever come twice', () => {
    const invented = drawn.flatMap((called) => called.filter((title, index) => title !== titles[index]));
    const lengths = new Set<number>();
    for (const title of invented) {
      assert.match(title, /^[A-Z]/);
      const own = title.toLowerCase().split(/, | and | /);
      assert.ok(
        own.every((word) => words.includes(word)),
        title,
      );
      lengths.add(own.length);
    }
    assert.deepEqual([...lengths].sort(), [1, 2, 3, 4]);
    assert.ok(new Set(invented).size > 1000, `${new Set(invented).size} names`);
  });

  it('are listed each once, in lists of many layouts, none of them the survey’s', () => {
    const lists = Array.from({ length: 300 }, (_, seed) => listOfTitles(titles, new Random(seed)));
    for (const list of lists) {
      for (const title of titles) assert.equal(list.split(title).length, 2, list);
      assert.doesNotMatch(list, /is one of the following|undefined/);
    }
    assert.ok(new Set(lists).size > 100, `${new Set(lists).size} layouts`);
  });
});
