/**
 * What careers of a survey are like, in moments that two surveys can be compared by: those that the synthetic market is
 * calibrated on, and those that it is not.
 */
import { MERGED_STATES, mergedTitle, splitSurvey, type Survey } from '../careers';
import { HISTORIES, historyPerplexity } from './history-perplexity';

export interface SurveyMoments {
  readonly persons: number;
  readonly observations: number;
  /** Share of each occupation among the observations of train persons, states without work merged. */
  readonly margins: Readonly<Record<string, number>>;
  /** Share of steps that stay: of one year, by first age of the band; and by years between the rows. */
  readonly stayByAge: Readonly<Record<string, number>>;
  readonly stayByStep: Readonly<Record<string, number>>;
  /** Share who leave a job in a year, by years in it so far: 1 to 10. */
  readonly leavingByYears: readonly number[];
  /** Share not working, and in education, by first age of the band. */
  readonly notWorkingByAge: Readonly<Record<string, number>>;
  readonly inEducationByAge: Readonly<Record<string, number>>;
  /** Of the moves after the second row, the share that goes to an occupation held before the last one. */
  readonly returns: number;
  /** The same, of moves from one job to another. */
  readonly returnsBetweenJobs: number;
  /** Perplexity on validation persons, by how many of the last rows are known: see `historyPerplexity`. */
  readonly perplexityOfHistory: Readonly<Record<string, number>>;
}

const AGES = [14, 18, 22, 26, 30, 36];

class Share {
  private n = 0;
  private hits = 0;

  add(isHit: boolean): void {
    this.n += 1;
    this.hits += Number(isHit);
  }

  get value(): number {
    return this.hits / this.n;
  }
}

/** Shares by a label, made as they are first added to. */
class Shares {
  private readonly byLabel = new Map<string, Share>();

  add(label: string, isHit: boolean): void {
    const share = this.byLabel.get(label) ?? new Share();
    this.byLabel.set(label, share);
    share.add(isHit);
  }

  get values(): Record<string, number> {
    const numeric = [...this.byLabel].sort(([a], [b]) => Number(a) - Number(b));
    return Object.fromEntries(numeric.map(([label, share]) => [label, share.value]));
  }
}

/** "Unemployed" and "Not in labor force" count as one state, "In education" as "In school", as in NLSY97. */
export const surveyMoments = (survey: Survey): SurveyMoments => {
  const titles = survey.occupations.map(mergedTitle);
  const { train, validation } = splitSurvey(survey);
  const [stayByAge, stayByStep, leaving, idle, school] = [
    new Shares(),
    new Shares(),
    new Shares(),
    new Shares(),
    new Shares(),
  ];
  const [returns, returnsBetweenJobs] = [new Share(), new Share()];
  const margins = new Map<string, number>();
  let observations = 0;
  for (const { birthYear, observations: rows } of train.careers) {
    const held: string[] = [];
    let years = 0;
    rows.forEach(({ year, occupation }, t) => {
      const title = titles[occupation] as string;
      const age = String(AGES.filter((from) => year - (birthYear ?? NaN) >= from).at(-1) ?? AGES[0]);
      observations += 1;
      margins.set(title, (margins.get(title) ?? 0) + 1);
      idle.add(age, title === 'Not working');
      school.add(age, title === 'In school');
      const before = rows[t - 1];
      const last = held.at(-1);
      held.push(title);
      if (before === undefined || last === undefined) return;
      const step = year - before.year;
      const stays = title === last;
      stayByStep.add(String(step), stays);
      if (step === 1) stayByAge.add(age, stays);
      years = step === 1 ? years + 1 : NaN; // what was in between is not known
      if (!MERGED_STATES.includes(last) && years <= 10) leaving.add(String(years), !stays);
      if (!stays) years = 0;
      if (stays || t < 2) return;
      const isReturn = held.slice(0, -2).includes(title);
      returns.add(isReturn);
      if (!MERGED_STATES.includes(last) && !MERGED_STATES.includes(title)) returnsBetweenJobs.add(isReturn);
    });
  }
  const shareOf = ([title, n]: [string, number]): [string, number] => [title, n / observations];
  return {
    persons: train.careers.length,
    observations,
    margins: Object.fromEntries([...margins].map(shareOf).sort()),
    stayByAge: stayByAge.values,
    stayByStep: stayByStep.values,
    leavingByYears: Object.values(leaving.values),
    notWorkingByAge: idle.values,
    inEducationByAge: school.values,
    returns: returns.value,
    returnsBetweenJobs: returnsBetweenJobs.value,
    perplexityOfHistory: Object.fromEntries(
      HISTORIES.map((rows) => [String(rows), historyPerplexity(train.careers, validation.careers, titles, rows)]),
    ),
  };
};
