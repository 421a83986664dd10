/** How much a synthetic survey is like the real one that it is calibrated on, moment by moment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../support';
import { HISTORIES } from './history-perplexity';
import type { SurveyMoments } from './survey-moments';

/** Figures of NLSY97's train persons (perplexities: of its validation persons), made by data/market/make-facts.ts. */
export const nlsy97Moments = (): SurveyMoments =>
  JSON.parse(readFileSync(join(projectFolder, 'data', 'market', 'nlsy97-facts.json'), 'utf8')) as SurveyMoments;

export interface ComparedMoment {
  readonly moment: string;
  /** Whether the market is calibrated on it: what is not, is a prediction of the market. */
  readonly calibrated: boolean;
  readonly real: number;
  readonly synthetic: number;
}

/** One row a moment; of the margins, how far the two are from each other in all (0: the same, 1: nothing in common). */
export const compareMoments = (
  synthetic: SurveyMoments,
  real: SurveyMoments = nlsy97Moments(),
): readonly ComparedMoment[] => {
  const single = (moment: string, calibrated: boolean, of: (moments: SurveyMoments) => number): ComparedMoment => ({
    moment,
    calibrated,
    real: of(real),
    synthetic: of(synthetic),
  });
  const by = (
    label: string,
    calibrated: boolean,
    of: (moments: SurveyMoments) => Readonly<Record<string, number>> | readonly number[],
  ): ComparedMoment[] =>
    Object.entries(of(real)).flatMap(([key, value]) => {
      const own = Object.entries(of(synthetic)).find(([other]) => other === key)?.[1];
      return own === undefined ? [] : [{ moment: `${label} ${key}`, calibrated, real: value, synthetic: own }];
    });
  const steps = ['1', '2'];
  const ofSteps = ({ stayByStep }: SurveyMoments) =>
    Object.fromEntries(Object.entries(stayByStep).filter(([step]) => steps.includes(step)));
  const years = ({ leavingByYears }: SurveyMoments) =>
    Object.fromEntries(leavingByYears.map((share, i) => [String(i + 1), share]));
  const orders = ({ perplexityOfHistory }: SurveyMoments) => perplexityOfHistory;
  const gain = (fewer: number, more: number): ComparedMoment =>
    single(`gain in nats, ${more} rows instead of ${fewer}`, false, ({ perplexityOfHistory: p }) =>
      Math.log((p[fewer] as number) / (p[more] as number)),
    );
  return [
    {
      moment: 'occupations, total variation',
      calibrated: true,
      real: 0,
      synthetic: totalVariation(synthetic.margins, real.margins),
    },
    ...by('stay, one year, from age', true, ({ stayByAge }) => stayByAge),
    ...by('stay, years between rows', false, ofSteps),
    ...by('leaving a job, years in it', true, years),
    ...by('not working, from age', true, ({ notWorkingByAge }) => notWorkingByAge),
    ...by('in education, from age', true, ({ inEducationByAge }) => inEducationByAge),
    ...by('perplexity, rows known', false, orders),
    ...HISTORIES.slice(1).map((rows, i) => gain(HISTORIES[i] as number, rows)),
    single('moves that return', false, ({ returns }) => returns),
    single('moves between jobs that return', false, ({ returnsBetweenJobs }) => returnsBetweenJobs),
  ];
};

const totalVariation = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): number => {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.reduce((sum, key) => sum + Math.abs((a[key] ?? 0) - (b[key] ?? 0)), 0) / 2;
};
