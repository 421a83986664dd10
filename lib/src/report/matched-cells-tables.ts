/** The tables and the figure of the matched cells, and their files. */
import { inOrderOfEducation } from '../evaluation';
import { lowAndHigh, plotted, type Arm, type CellDifference, type MatchedCells, type OutputFolders } from '../studies';
import { sized } from './all-models-table';
import { drawnNotes } from './drawn-notes';
import type { Figure } from './figure';
import type { Row } from './frame';
import { intervalPlot } from './interval-plot';
import { saveFigure } from './save-figure';
import { saveTables } from './show-table';
import type { PreparedTable } from './table';

const count = (n: number): string => n.toLocaleString('en-US');

const seedValues = (values: readonly (number | null)[]): string => values.map((value) => sized(value)).join(', ');

/** How long LABOR-LLM takes: as ratios, since machines differ. */
const timeNote = ({ cells, preTrainingSeconds }: MatchedCells): string => {
  const seconds = (arm: Arm): number =>
    cells
      .filter(({ model, beginning }) => model === arm && beginning === 'from nothing')
      .flatMap(({ seeds }) => seeds)
      .reduce((sum, { fitSeconds }) => sum + fitSeconds, 0);
  const times = (labor: number, career: number): string => (labor / career).toFixed(1);
  return (
    `A fit of LABOR-LLM from nothing took ${times(seconds('labor-llm'), seconds('career'))} times as long as one of CAREER, ` +
    `its pre-training ${times(preTrainingSeconds['labor-llm'], preTrainingSeconds.career)} times.`
  );
};

/** One row a cell: its perplexity over the seeds, and seed by seed. */
export const matchedCellsTable = (survey: string, result: MatchedCells): PreparedTable => ({
  rows: result.cells.map(({ model, beginning, perplexity, byTransition, seeds }): Row => ({
    model,
    beginning,
    perplexity: perplexity.value,
    ...lowAndHigh(perplexity),
    seeds: seedValues(seeds.map((seed) => seed.perplexity.value)),
    ...byTransition,
  })),
  options: {
    caption:
      `CAREER and LABOR-LLM on ${survey}, from nothing and pre-trained: ${count(result.observations)} observations of ` +
      `${count(result.persons)} ${result.split} persons, fitted on ${count(result.trainPersons)}`,
    headers: { seeds: 'seed by seed' },
    formats: { perplexity: sized, first: sized, move: sized, stay: sized },
    intervals: { perplexity: ['low', 'high'] },
    best: { perplexity: 'lowest', first: 'lowest', move: 'lowest', stay: 'lowest' },
    notes: [
      `Perplexity is that of the mean log-probability over ${result.cells[0]?.seeds.length ?? 0} seeds, with 95 % intervals ` +
        'over persons; not renormalised, first observations included. One set of weights a seed, the last of its fit.',
      'Pre-training, once for all seeds, is on synthetic careers, the same for both. ' + timeNote(result),
      ...drawnNotes([survey]),
    ],
  },
});

const nameOf = ({ model, beginning }: CellDifference['first']): string => `${model} ${beginning}`;

const BELOW_ZERO = 'Below 0 LABOR-LLM is less perplexed. 95 % intervals over persons, all seeds resampled together.';

/** LABOR-LLM minus CAREER, a pair of cells for each beginning. */
const betweenArms = ({ differences }: MatchedCells): readonly CellDifference[] =>
  differences.filter(({ first, second }) => first.model !== second.model);

/** One row a pair of cells: the first's perplexity minus the second's. */
export const matchedDifferencesTable = (survey: string, { differences }: MatchedCells): PreparedTable => ({
  rows: differences.map(({ first, second, difference, seeds }): Row => ({
    first: nameOf(first),
    second: nameOf(second),
    difference: difference.value,
    ...lowAndHigh(difference),
    seeds: seedValues(seeds.map(({ value }) => value)),
  })),
  options: {
    caption: `Differences of perplexity between the matched cells on ${survey}`,
    headers: { first: 'perplexity of', second: 'minus that of', seeds: 'seed by seed' },
    formats: { difference: sized },
    intervals: { difference: ['low', 'high'] },
    notes: [
      'Below 0 the first is less perplexed. 95 % intervals over persons, all seeds resampled together.',
      ...drawnNotes([survey]),
    ],
  },
});

/** One row a survey and beginning: both arms' perplexities, and LABOR-LLM's minus CAREER's. */
export const matchedSurveysTable = (found: Readonly<Record<string, MatchedCells>>): PreparedTable => ({
  rows: Object.entries(found).flatMap(([survey, result]) => {
    const perplexityOf = ({ model, beginning }: CellDifference['first']): number | null =>
      result.cells.find((cell) => cell.model === model && cell.beginning === beginning)?.perplexity.value ?? null;
    return betweenArms(result).map(({ first, second, difference }): Row => ({
      survey,
      persons: result.persons,
      beginning: first.beginning,
      [second.model]: perplexityOf(second),
      [first.model]: perplexityOf(first),
      difference: difference.value,
      ...lowAndHigh(difference),
    }));
  }),
  options: {
    caption: 'The same recipe on each survey: perplexity of CAREER and of LABOR-LLM',
    headers: { difference: 'LABOR-LLM minus CAREER' },
    formats: { career: sized, 'labor-llm': sized, difference: sized },
    intervals: { difference: ['low', 'high'] },
    notes: [BELOW_ZERO, ...drawnNotes(Object.keys(found))],
  },
});

/** LABOR-LLM minus CAREER in the headline's cells, by group of observations. */
const headlineGroups = (result: MatchedCells): CellDifference['groups'] => {
  const headline = betweenArms(result).find(({ first }) => first.beginning === result.headline) as CellDifference;
  return inOrderOfEducation(headline.groups);
};

/** One row a group of observations: LABOR-LLM's perplexity minus CAREER's in the headline's cells. */
export const matchedGroupsTable = (survey: string, result: MatchedCells): PreparedTable => ({
  rows: headlineGroups(result).map(({ characteristic, group, observations, difference }): Row => ({
    by: characteristic,
    group,
    observations,
    difference: difference.value,
    ...lowAndHigh(difference),
  })),
  options: {
    caption: `LABOR-LLM's perplexity minus CAREER's on ${survey}, both ${result.headline}, by group of observations`,
    formats: { difference: sized },
    intervals: { difference: ['low', 'high'] },
    notes: [BELOW_ZERO, ...drawnNotes([survey])],
  },
});

/** The headline's ratio of perplexities in each group: differences of moves and of stays are of other sizes. */
export const matchedCellsPlot = (survey: string, result: MatchedCells): Figure =>
  intervalPlot(
    headlineGroups(result).map(({ group, characteristic, ratio }) => ({
      label: characteristic === 'transition' ? `${group} observations` : group,
      ...plotted(ratio),
    })),
    {
      title: `LABOR-LLM against CAREER on ${survey}, both ${result.headline}`,
      quantity: "LABOR-LLM's perplexity divided by CAREER's (95 % intervals)",
      categoryTitle: 'observations',
      reference: { value: 1, label: 'equal' },
    },
  );

/** Writes the tables matched-cells, -differences and -groups, and the figure matched-cells. */
export const saveMatchedCells = async (survey: string, result: MatchedCells, folders: OutputFolders): Promise<void> => {
  const tables = {
    'matched-cells': matchedCellsTable(survey, result),
    'matched-cells-differences': matchedDifferencesTable(survey, result),
    'matched-cells-groups': matchedGroupsTable(survey, result),
  };
  await saveTables(tables, folders.results);
  await saveFigure(matchedCellsPlot(survey, result), 'matched-cells', folders.figures);
};
