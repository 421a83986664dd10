import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/programs';

describe("the instructor's plan", () => {
  it('has a session for every section of the paper', () => {
    const plan = readFileSync(join(root, 'notebooks', 'README.md'), 'utf8');
    const sessions = plan.split('\n').filter((line) => /^\| \d+ \|/.test(line));
    const sections = readdirSync(join(root, 'notebooks')).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
    const planned = (name: string): boolean =>
      sessions.some((line) => line.split('|')[2]?.includes(name.replace(/\.ipynb$/, '')));
    assert.deepEqual(
      sections.filter((name) => !planned(name)),
      [],
    );
  });
});
