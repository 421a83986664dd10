/** What `labor-llm evaluate` prints for a reader. */
import {
  by,
  byStep,
  characteristics,
  perplexityEstimate,
  TRANSITIONS,
  type Report,
  type ScoredObservation,
} from '../evaluation';
import { columns, count, decimal, percent, range } from './format';

export const reportText = (report: Report, scored: readonly ScoredObservation[]): string => {
  const { weighted } = report;
  const row = (name: string, own: readonly ScoredObservation[]): string[] => {
    const { value, interval } = perplexityEstimate(own);
    return [name, decimal(value), range(interval), count(own.length)];
  };
  const groups = (key: Parameters<typeof by>[1]): string[][] =>
    [...by(scored, key)].map(([name, own]) => row(`  ${name}`, own));
  const lines = [
    `${report.model} on ${count(report.persons)} ${report.split === 'all' ? '' : `${report.split} `}persons`,
    '',
    columns([
      ['', 'perplexity', '95 % interval', 'observations'],
      row('all', scored),
      ...TRANSITIONS.map((type) =>
        row(
          type,
          scored.filter(({ transition }) => transition === type),
        ),
      ),
      ['since the last observation', '', '', ''],
      ...groups(byStep),
      ['education', '', '', ''],
      ...groups(characteristics.education),
    ]),
    '',
    ...(report.standardError === null ? [] : [`Standard error over persons: ${decimal(report.standardError)}.`]),
    ...(weighted === null
      ? []
      : [
          `With survey weights: ${decimal(weighted.perplexity)}` +
            `${weighted.interval === null ? '' : `, 95 % interval ${range(weighted.interval)}`}.`,
        ]),
    ...(report.keptMass === null
      ? []
      : [
          `Mass kept on declared occupations: ${report.keptMass.toFixed(4)}; ` +
            `renormalised perplexity ${decimal(report.perplexityRenormalised)}.`,
        ]),
    ...distributionLines(report),
  ];
  return `${lines.join('\n')}\n`;
};

const points = ([low, high]: readonly [number, number]): string =>
  `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}`;

/** What only whole distributions tell. */
const distributionLines = ({ topAccuracy, outcomes, representativeness }: Report): readonly string[] => {
  if (topAccuracy === null || outcomes === null || representativeness === null) return [];
  const { shares } = representativeness;
  const all = representativeness.transitions.filter(({ characteristic }) => characteristic === 'all');
  const bySituation = all.filter(({ from }) => from !== 'any');
  return [
    `The occupation that came was the likeliest ${percent(topAccuracy.top1)} of the time, ` +
      `and among the five likeliest ${percent(topAccuracy.top5)}.`,
    '',
    columns([
      ['', 'AUC', '95 % interval', 'calibration error', 'perplexity', 'predicted', 'observed', 'cases'],
      ...outcomes.map(({ outcome, auc, calibrationError, perplexity, predicted, observed, cases }) => [
        outcome,
        decimal(auc.value),
        range(auc.interval),
        calibrationError === null ? '-' : calibrationError.toFixed(4),
        decimal(perplexity),
        percent(predicted),
        percent(observed),
        count(cases),
      ]),
    ]),
    '',
    'Predicted against observed shares of occupations: the share that is predicted into others, and by chance alone',
    columns([
      ['', 'distance', 'by chance', 'observations'],
      ...shares.map(({ characteristic, group, distance, byChance, observations }) => [
        characteristic === 'all' ? 'all' : `${characteristic}: ${group}`,
        percent(distance),
        percent(byChance),
        count(observations),
      ]),
    ]),
    '',
    'Predicted against observed transitions',
    columns([
      ['', 'predicted', 'observed', '95 % interval of the difference, points', 'cases'],
      ...(bySituation.length > 0 ? bySituation : all).map(
        ({ from, outcome, predicted, observed, difference: { interval }, cases }) => [
          `${from} -> ${outcome}`,
          percent(predicted),
          percent(observed),
          interval === null ? '-' : points(interval),
          count(cases),
        ],
      ),
    ]),
  ];
};
