import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/programs';

interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly outputs?: readonly {
    readonly text?: readonly string[];
    readonly data?: Readonly<Record<string, readonly string[]>>;
  }[];
}

const folder = join(root, 'notebooks');
const cellsOf = (name: string): readonly Cell[] =>
  (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { readonly cells: readonly Cell[] }).cells;
const textsOf = (cells: readonly Cell[], type: string): readonly string[] =>
  cells.filter(({ cell_type }) => cell_type === type).map(({ source }) => source.join(''));
const namesIn = (within: string): readonly string[] =>
  readdirSync(join(folder, within))
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => join(within, name));

/** A number of seconds, minutes or hours that something took. */
const TIMING = /\b\d+(\.\d+)? ?(ms|s|sec|seconds|min|minutes|hours)\b(?! a week)/;

const lessons = namesIn('.');

describe('every notebook is a lesson', () => {
  for (const name of lessons) {
    const cells = cellsOf(name);
    const prose = textsOf(cells, 'markdown');

    it(`${name} says first what one learns, what one must know, and how long it takes`, () => {
      for (const heading of ['What you will learn', 'What you need to know', 'How long it takes']) {
        assert.ok(prose[0]?.includes(`**${heading}.**`), `no "${heading}"`);
      }
    });

    it(`${name} has its knobs in one cell, the first with code`, () => {
      assert.equal(prose.filter((text) => text.includes('## The knobs')).length, 1);
      const [knobs] = textsOf(cells, 'code');
      for (const knob of ['LABOR_LLM_PROFILE', 'LABOR_LLM_DATA', 'seed']) {
        assert.ok(knobs?.includes(knob), `no ${knob}`);
      }
    });

    it(`${name} has three exercises or more, those done in code with a place to work, all with a solution`, () => {
      const numberOf = (text: string): number => Number(/^\*\*(\d+)\./m.exec(text)?.[1] ?? NaN);
      const asked = cells.flatMap(({ cell_type, source }, at) => {
        const text = source.join('');
        return cell_type === 'markdown' && /^\*\*\d+\. ?[^*]*\*\*/m.test(text) ? [{ text, at }] : [];
      });
      const exercises = asked.map(({ text }) => numberOf(text));
      assert.ok(exercises.length >= 3, `${exercises.length} exercises`);
      assert.deepEqual(
        exercises,
        exercises.map((_, i) => i + 1),
      );
      // the others are answered in words, or with a survey of one's own outside the notebook
      for (const { text, at } of asked.filter((one) => !/\bIn words\b|\ba survey of your own\b/.test(one.text))) {
        const place = cells[at + 1];
        assert.ok(place?.cell_type === 'code' && place.source.join('').includes('// your work'), text.slice(0, 60));
      }
      const solved = textsOf(cellsOf(join('solutions', name)), 'markdown').flatMap((text) =>
        [...text.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number)),
      );
      assert.deepEqual(solved, exercises);
    });

    if (/^\d/.test(name)) {
      it(`${name} asks for a guess`, () => {
        assert.match(prose.join('\n'), /\*\*[^*]*\bguess\b|\*\*Draw them before you look|\*\*For which\b[^*]*\?\*\*/i);
      });
    }
  }

  for (const name of [...lessons, ...namesIn('solutions')]) {
    const cells = cellsOf(name);

    it(`${name} has no cell of code above 25 lines`, () => {
      for (const code of textsOf(cells, 'code')) assert.ok(code.split('\n').length <= 25, code.slice(0, 200));
    });

    it(`${name} tells in no output how long something took on the machine that ran it`, () => {
      const outputs = cells.flatMap(({ outputs = [] }) =>
        outputs.flatMap(({ text = [], data = {} }) => [text.join(''), (data['text/plain'] ?? []).join('')]),
      );
      for (const output of outputs) assert.doesNotMatch(output, TIMING);
    });
  }
});
