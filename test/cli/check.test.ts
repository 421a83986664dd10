import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { csv, useFolder } from '../careers/files';

const PROGRAM = join(__dirname, '../../lib/bin/labor-llm.js');
const WOMEN = join(__dirname, '../../data/young-women/young-women.csv.gz');

const check = (...args: string[]) => spawnSync(process.execPath, [PROGRAM, 'check', ...args], { encoding: 'utf8' });

describe('labor-llm check', () => {
  const files = useFolder();

  it('says what a survey is like and exits with 0', () => {
    const { status, stdout, stderr } = check(WOMEN);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /young-women\.csv\.gz: no faults\./);
    assert.match(stdout, /observations +28,413 \(train 19,630, validation 2,971, test 5,812\)/);
    assert.match(stdout, /occupations +72 declared, 72 occur/);
  });

  it('prints one JSON object with --json, warnings apart', () => {
    const path = files.write('panel.csv', csv(['1,1990,Cooks,,,,,']));
    const { status, stdout, stderr } = check(path, '--json');
    assert.equal(status, 0);
    const result = JSON.parse(stdout) as { faults: unknown[]; warnings: string[]; survey: { persons: number } };
    assert.deepEqual([result.faults, result.warnings.length, result.survey.persons], [[], 1, 1]);
    assert.match(stderr, /no list of occupations/);
  });

  it('prints all faults and exits with 1', () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},19,Cooks,,,,,`);
    const path = files.write('panel.csv', csv(rows));
    const { status, stdout } = check(path);
    assert.equal(status, 1);
    assert.equal(stdout.match(/, column year: "19" is no year/g)?.length, 30);
    assert.match(stdout, /\n30 faults\.\n$/);
    const json = JSON.parse(check(path, '--json').stdout) as { faults: { row: number }[]; faultCount: number };
    assert.deepEqual([json.faults.length, json.faultCount, json.faults[29]?.row], [30, 30, 31]);
  });

  it('holds the file against the list that --occupations names', () => {
    const path = files.write('panel.csv', csv(['1,1990,Cooks,,,,,']));
    const list = files.write('list.txt', 'Chefs and cooks\n');
    const { status, stdout } = check(path, '--occupations', list);
    assert.equal(status, 1);
    assert.match(stdout, /row 2, column occupation: "Cooks" .* Nearest: "Chefs and cooks"/);
    assert.match(check(path, '--occupations', join(list, 'no')).stdout, /list.txt.no: does not exist/);
  });

  it('exits with 2 and says what to write where the arguments are wrong', () => {
    for (const args of [[], ['a.csv', 'b.csv'], ['a.csv', '--unknown']]) {
      const { status, stdout, stderr } = check(...args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /Usage: labor-llm check FILE/);
    }
  });
});
