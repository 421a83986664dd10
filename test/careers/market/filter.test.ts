import { strict as assert } from 'node:assert';
import { Filter, type Sight, type Sighting } from '../../../lib/src/careers/market/filter';
import type { Law, Person } from '../../../lib/src/careers/market/law';
import { CLERK, COOK, everybody, IDLE, jobsOnly, SCHOOL, tinyLaw } from './tiny-law';

interface Row extends Sight {
  readonly occupation: number;
}

/** [J] P(occupation at `asked` | rows), by listing every career: latent type, educations, occupations, levels, memories. */
const listed = (law: Law, sighting: Sighting, person: Person, rows: readonly Row[], asked: Sight): number[] => {
  const sums = law.titles.map(() => 0);
  const rowOf = new Map([...rows, { ...asked, occupation: undefined }].map((row) => [row.year, row]));
  const admits = (year: number, education: number, occupation: number): boolean => {
    const row = rowOf.get(year);
    if (row === undefined) return sighting.canBeMissing(occupation);
    if (row.education !== undefined && row.education !== education) return false;
    return row.occupation === undefined ? sighting.canBeRow(occupation) : row.occupation === occupation;
  };
  const goOn = (
    p: number,
    year: number,
    type: number,
    education: number,
    occupation: number,
    level: number,
    memory: number | undefined,
  ): void => {
    if (p === 0 || !admits(year, education, occupation)) return;
    if (year === asked.year) {
      sums[occupation] = (sums[occupation] as number) + p;
      return;
    }
    law.educations.forEach((_, now) => {
      const moment = { ...person, year: year + 1, education: now };
      const q = p * law.nextEducation(education, occupation === SCHOOL, type, moment);
      const leaving = law.leaving(moment)[(occupation * law.types + type) * law.levels + level] as number;
      const next = (share: number, to: number, newLevel: number, newMemory: number | undefined): void =>
        goOn(q * share, year + 1, type, now, to, newLevel, newMemory);
      const top = level === law.levels - 1;
      const settling = top ? 0 : law.settling(level);
      next((1 - leaving) * (1 - settling), occupation, level, memory);
      if (!top) next((1 - leaving) * settling, occupation, level + 1, memory);
      const isJob = occupation === COOK || occupation === CLERK;
      const returning = memory === undefined ? 0 : law.returning(occupation);
      // after a return or a move: the job left is remembered; a memory outlives states without work only
      const remembered = (to: number) => (isJob ? occupation : to === COOK || to === CLERK ? undefined : memory);
      if (memory !== undefined) next(leaving * returning, memory, 0, remembered(memory));
      const { weights, totals } = law.moves(type, moment);
      law.titles.forEach((_, to) => {
        const share = (law.likeness[occupation * 4 + to] as number) * (weights[to] as number);
        next((leaving * (1 - returning) * share) / (totals[occupation] as number), to, 0, remembered(to));
      });
    });
  };
  const first = [...rows, asked][0] as Sight;
  for (let type = 0; type < law.types; type++) {
    law.educations.forEach((_, education) => {
      const moment = { ...person, year: first.year, education };
      const p = law.typeShare(type, person) * law.firstEducation(type, moment) * sighting.selection(type, education);
      law.firstOccupations(type, moment).forEach((start, occupation) => {
        for (let level = 0; level < law.levels; level++) {
          goOn(p * start * law.firstLevel(level, moment), first.year, type, education, occupation, level, undefined);
        }
      });
    });
  }
  const total = sums.reduce((a, b) => a + b);
  return sums.map((sum) => sum / total);
};

const filtered = (law: Law, sighting: Sighting, person: Person, rows: readonly Row[], asked: Sight): number[] => {
  const filter = new Filter(law, sighting, person);
  for (const row of rows) filter.see(row, row.occupation);
  return [...filter.predict(asked)];
};

const person: Person = { sex: 1, ethnicity: 1, birthYear: 1980 };

const row = (year: number, education: number | undefined, occupation: number): Row => ({ year, education, occupation });

const assertExact = (sighting: Sighting, career: readonly Row[], asked: Sight) => {
  for (const seed of [1, 2, 3]) {
    const law = tinyLaw(seed);
    const expected = listed(law, sighting, person, career, asked);
    filtered(law, sighting, person, career, asked).forEach((p, j) => {
      assert.ok(
        Math.abs(p - (expected[j] as number)) < 1e-12,
        `seed ${seed}, ${law.titles[j]}: ${p} is not ${expected[j]}`,
      );
    });
  }
};

describe('the filter, against every career listed', () => {
  it('predicts the first row, by what education tells of the type', () => {
    assertExact(everybody, [], { year: 2000, education: 1 });
    assertExact(everybody, [], { year: 2000, education: undefined });
  });

  it('follows a career of yearly rows with returns', () => {
    const rows = [
      row(2000, 0, COOK),
      row(2001, 0, SCHOOL),
      row(2002, 1, COOK),
      row(2003, 1, CLERK),
      row(2004, 1, IDLE),
    ];
    for (let n = 1; n <= rows.length; n++) {
      assertExact(everybody, rows.slice(0, n), { year: 2000 + n, education: n < 2 ? 0 : 1 });
    }
  });

  it('sums over years without a row, of any number, between rows and before the year asked about', () => {
    for (const gap of [2, 3, 4]) {
      assertExact(everybody, [row(2000, 0, CLERK)], { year: 2000 + gap, education: 1 });
      assertExact(everybody, [row(2000, 0, COOK), row(2000 + gap, 1, IDLE)], { year: 2001 + gap, education: 1 });
    }
    assertExact(everybody, [row(2000, 0, COOK), row(2002, 0, CLERK)], { year: 2004, education: 0 });
  });

  it('sums over an education that is not known', () => {
    assertExact(everybody, [row(2000, undefined, COOK), row(2001, undefined, SCHOOL)], {
      year: 2003,
      education: undefined,
    });
    assertExact(everybody, [row(2000, 0, COOK)], { year: 2001, education: undefined });
  });

  it('knows of a resume that years without a row were years without a job, and who is in the corpus', () => {
    assertExact(jobsOnly, [], { year: 2000, education: 1 });
    assertExact(jobsOnly, [row(2000, 0, COOK), row(2001, 0, CLERK)], { year: 2002, education: 0 });
    assertExact(jobsOnly, [row(2000, 0, COOK), row(2003, 1, CLERK)], { year: 2005, education: 1 });
  });

  it('refuses a career that cannot be', () => {
    const filter = new Filter(tinyLaw(1), everybody, person);
    filter.see({ year: 2000, education: 1 }, COOK);
    assert.throws(() => filter.see({ year: 2001, education: 0 }, COOK), /2001, low, Cooks cannot be/);
    assert.throws(() => filter.predict({ year: 2001, education: 0 }), /2001, low cannot be/);
  });
});
