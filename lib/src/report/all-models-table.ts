/** The table of all models, and the paper's order beside the one found, as rows for `tableText` and its siblings. */
import { lowAndHigh, type AllModels, type ModelRow } from '../studies';
import { drawnNotes, drawnOrderNotes } from './drawn-notes';
import type { Row } from './frame';
import { paperNotes } from './paper-notes';
import type { PreparedTable } from './table';

/** With digits that a perplexity of this size bears: a base that knows no title may have one of a million. */
export const sized = (value: unknown): string => {
  if (typeof value !== 'number' || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e5) return value.toExponential(1);
  const digits = size < 100 ? 3 : 1;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

const CAREER_PAPER = 'career-paper';

/** Whole distributions may be asked for of the first persons only: of how many cases what is read off them is. */
const distributionNotes = ({ rows, observations }: AllModels): readonly string[] => {
  const outcomes = rows.find(({ report }) => report?.outcomes)?.report?.outcomes ?? [];
  if (!outcomes.some(({ cases }) => cases > 0)) return [];
  const cases = outcomes.map((one) => `${one.outcome} ${one.cases.toLocaleString('en-US')}`).join(', ');
  return [
    `AUC by cases: ${cases}, of ${observations.toLocaleString('en-US')} observations. Like the most probable title (top 1) and the ` +
      'probability kept on titles it is of those whose whole distributions were asked for; perplexities are of all, not renormalised.',
  ];
};

/** Where no test persons are at hand, those who are asked have chosen the weights besides. */
export const checkpointNotes = (survey: string, { split }: AllModels): readonly string[] =>
  split === 'validation'
    ? [
        `${survey} has no test persons here. The validation persons who are asked have also chosen, of a fit's weights along its ` +
          'way, those that are kept: that flatters what is fitted in steps a little.',
      ]
    : [];

/** The updates of its authors' schedule (github.com/keyonvafa/career-code, README). */
const CAREER_PAPER_UPDATES = 5000;

/** What is not fitted to its end in any time to wait, of one survey or of several. */
export const unfinishedNotes = (rows: readonly ModelRow[]): readonly string[] => {
  const fits = rows.filter(({ model, report }) => model === CAREER_PAPER && report !== null);
  // results of older code do not know them
  const most = Math.max(0, ...fits.map(({ updates }) => updates ?? 0));
  if (fits.length === 0 || most >= CAREER_PAPER_UPDATES) return [];
  const had = most === 0 ? 'a small part' : `at most ${most.toLocaleString('en-US')}`;
  return [
    `${CAREER_PAPER} is at the beginning of its fit: in the minutes that it is given it has ${had} of the ` +
      `${CAREER_PAPER_UPDATES.toLocaleString('en-US')} updates of its authors' schedule, and says little of theirs.`,
  ];
};

/** Whose states the embeddings are. */
export const embeddingNotes = (rows: readonly ModelRow[]): readonly string[] => {
  const isScored = (name: string): boolean => rows.some(({ model, report }) => model === name && report !== null);
  return isScored('embedding-logit') && isScored('labor-llm')
    ? ["embedding-logit reads the states of LABOR-LLM's decoder after fine-tuning, unless it was given another base."]
    : [];
};

/** One row a model, those that could not be had at the end with the reason in a note. */
export const allModelsTable = (survey: string, result: AllModels): PreparedTable => {
  const { split, persons, observations, reference } = result;
  const outcomes = [
    ...new Set(result.rows.flatMap(({ report }) => report?.outcomes?.map(({ outcome }) => outcome) ?? [])),
  ];
  const hasWeights = result.rows.some(({ report }) => report?.weighted);
  // results of older code do not know them
  const hasUpdates = result.rows.some(({ updates }) => updates != null);
  const rows = result.rows.map((row) => tableRow(row, outcomes, hasWeights, hasUpdates));
  const columns = Object.keys(rows[0] ?? {});
  const given = <Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => columns.includes(name)));
  return {
    rows,
    options: {
      caption:
        `All models on ${survey}: ${observations.toLocaleString('en-US')} observations of ` +
        `${persons.toLocaleString('en-US')} ${split} persons`,
      headers: given({ difference: `minus that of ${reference ?? 'the best'}`, kept: 'kept on titles' }),
      formats: given<number | typeof sized>({
        ...Object.fromEntries(
          ['perplexity', 'difference', 'weighted', 'first', 'move', 'stay'].map((name) => [name, sized]),
        ),
        kept: 3,
        'top 1': 3,
        parameters: 0,
        updates: 0,
        'fit, s': 0,
        'scored/s': 0,
        'distributions/s': 0,
      }),
      // the oracle of a synthetic market is no model that could be best
      closing: result.rows.at(-1)?.model === 'oracle' ? 1 : 0,
      best: given({ perplexity: 'lowest' as const }),
      intervals: given({ perplexity: ['low', 'high'] as const, difference: ['from', 'to'] as const }),
      notes: [
        'Perplexity of every observation, first ones included, with 95 % intervals over persons; differences are paired.',
        ...distributionNotes(result),
        ...checkpointNotes(survey, result),
        ...unfinishedNotes(result.rows),
        ...embeddingNotes(result.rows),
        paperNotes.levels,
        ...drawnNotes([survey]),
        ...result.rows.flatMap(({ model, reason }) =>
          reason === null ? [] : [`${model}: not available here. ${reason}`],
        ),
      ],
    },
  };
};

const tableRow = (row: ModelRow, outcomes: readonly string[], hasWeights: boolean, hasUpdates: boolean): Row => {
  const { report, difference } = row;
  const [low, high] = report?.interval ?? [null, null];
  const [from, to] = difference?.interval ?? [null, null];
  const { first, move, stay } = report?.byTransition ?? {};
  return {
    model: row.model,
    perplexity: report?.perplexity ?? null,
    low,
    high,
    difference: difference?.value ?? null,
    from,
    to,
    ...(hasWeights ? { weighted: report?.weighted?.perplexity ?? null } : {}),
    first: first?.perplexity ?? null,
    move: move?.perplexity ?? null,
    stay: stay?.perplexity ?? null,
    ...Object.fromEntries(
      outcomes.map((name) => [
        `AUC ${name}`,
        report?.outcomes?.find(({ outcome }) => outcome === name)?.auc.value ?? null,
      ]),
    ),
    ...(outcomes.length > 0 ? { kept: report?.keptMass ?? null, 'top 1': report?.topAccuracy?.top1 ?? null } : {}),
    parameters: row.parameters,
    ...(hasUpdates ? { updates: row.updates ?? null } : {}),
    'fit, s': row.fitSeconds,
    'scored/s': row.scoredPerSecond,
    ...(outcomes.length > 0 ? { 'distributions/s': row.distributionsPerSecond } : {}),
  };
};

/** One row a pair of models of which the paper says which is less perplexed. */
export const paperOrderTable = (survey: string, { order }: AllModels): PreparedTable => ({
  rows: order.map(({ lower, higher, paper, difference, found }) => ({
    'less perplexed in the paper': lower,
    than: higher,
    'the paper': paper,
    difference: difference.value,
    ...lowAndHigh(difference),
    'found here': found,
  })),
  options: {
    caption: `The paper's order of models beside that on ${survey}`,
    ...(order.length > 0 ? { intervals: { difference: ['low', 'high'] }, formats: { difference: sized } } : {}),
    notes: drawnOrderNotes([survey]),
  },
});
