/** The figures of notebook 08's questions, and the files of those that are published. */
import {
  gainsRows,
  plotted,
  type GainsWorth,
  type KeptFit,
  type KeptTitles,
  type OutputFolders,
  type SourcesOfGains,
} from '../studies';
import { sized } from './all-models-table';
import { drawnNotes } from './drawn-notes';
import { dotPlot, NO_DOT } from './dot-plot';
import type { Figure } from './figure';
import { intervalRows } from './interval-columns';
import { intervalLinesPlot } from './interval-lines-plot';
import { paperNotes } from './paper-notes';
import { saveFigure } from './save-figure';
import { saveTable } from './show-table';
import type { PreparedTable } from './table';

const PAIRED = '95 % intervals (paired)';

/** Perplexities of both decoders, on this survey alone and with a second one. */
export const moreDataPlot = (survey: string, fits: readonly KeptFit[]): Figure => {
  const decoders = ['smaller', 'larger'];
  const cell = (decoder: string, data: string) =>
    fits.find(({ of }) => of['decoder'] === decoder && of['data'] === data)?.perplexity ?? NO_DOT;
  const series = ['this survey', 'both surveys'].map((data) => ({
    name: `fitted on ${data}`,
    points: decoders.map((decoder) => cell(decoder, data)),
  }));
  return dotPlot(series, {
    categories: decoders,
    categoryTitle: 'decoder',
    tickFormat: '~g',
    scale: 'log',
    quantity: 'perplexity on held-out persons, 95 % intervals',
    title: `More data against a larger decoder: ${survey}`,
  });
};

/** What each other way of writing titles costs against words, a series for each survey. */
export const titlesPlot = (surveys: readonly KeptTitles[]): Figure => {
  const others = surveys.map(({ fits }) => fits.slice(1));
  const series = surveys.map(({ survey, rho }, i) => ({
    name: rho === null ? survey : `rho ${rho}`,
    points: (others[i] ?? []).map(({ ratio }) => ratio ?? NO_DOT),
  }));
  return dotPlot(series, {
    categories: (others[0] ?? []).map(({ of }) => `${of['titles']}, pre-trained on ${of['before']}`),
    categoryTitle: 'titles written as',
    tickFormat: '~g',
    scale: 'log',
    quantity: `perplexity divided by that with words, ${PAIRED}`,
    reference: 1,
    title: `What titles are worth: ${surveys[0]?.survey}`,
  });
};

/** What it costs fitted models, by name, to be asked without a covariate or with another person's. */
export const covariatesPlot = (survey: string, models: SourcesOfGains['covariates']): Figure => {
  const series = Object.entries(models).flatMap(([name, worth]) => [
    { name: `${name}, dropped`, points: worth.map(({ dropped }) => dropped) },
    { name: `${name}, swapped`, points: worth.map(({ swapped }) => swapped) },
  ]);
  const changed = Object.values(models)[0]?.map(({ covariate }) => covariate) ?? [];
  return dotPlot(series, {
    categories: changed.map((name) => (name === 'birthYear' ? 'year of birth' : name)),
    categoryTitle: 'covariate',
    tickFormat: '~g',
    scale: 'log',
    quantity: `perplexity divided by that with it, ${PAIRED}`,
    reference: 1,
    title: `Covariates changed when asking: ${survey}`,
  });
};

/** What fitted models, by name, and chains of counts lose when they are told of the last observations only. */
export const historyPlot = (survey: string, { persons, models, counting }: SourcesOfGains['history']): Figure => {
  const lines = Object.entries(models).map(([name, worth]) => ({
    name,
    points: worth.map(({ ratio }, x) => ({ x, ...plotted(ratio), cases: persons })),
  }));
  const longest = counting.at(-1);
  const ratios = counting.map(({ perplexity }) => perplexity / (longest?.perplexity ?? 1));
  const counts = {
    name: `counts, to ${longest?.known ?? 0} known (no interval)`,
    points: ratios.map((value, x) => ({ x, value, interval: [value, value] as const, cases: persons })),
  };
  return intervalLinesPlot([...lines, counts], {
    along: 'last observations known (number)',
    quantity: `perplexity divided by that with all known,<br>${PAIRED}`,
    ticks: Object.values(models)[0]?.map(({ known }) => (known === null ? 'all' : String(known))) ?? [],
    title: `How far back: ${survey}`,
  });
};

/** The gains of all surveys, each once, in the order of the first that has most of them. */
const gainsOf = (surveys: readonly GainsWorth[]): readonly string[] => [
  ...new Set(
    [...surveys].sort((a, b) => b.worth.length - a.worth.length).flatMap(({ worth }) => worth.map(({ gain }) => gain)),
  ),
];

/** What each source of gains is worth, a series for each survey. */
export const gainsWorthPlot = (surveys: readonly GainsWorth[]): Figure => {
  const gains = gainsOf(surveys);
  return dotPlot(
    surveys.map(({ survey, worth }) => ({
      name: survey,
      points: gains.map((gain) => worth.find((one) => one.gain === gain)?.ratio ?? NO_DOT),
    })),
    {
      categories: gains,
      categoryTitle: 'source of a gain',
      tickFormat: '~g',
      scale: 'log',
      quantity: `perplexity without it divided by that with it,<br>${PAIRED}; right of 1 it helps`,
      reference: 1,
      title: 'Sources of gains at full size, by survey',
    },
  );
};

/** The same with its numbers, gains in rows. */
export const gainsWorthTable = (surveys: readonly GainsWorth[]): PreparedTable => {
  const { rows, options } = intervalRows(
    gainsOf(surveys).map((gain) => ({
      head: { gain },
      cells: surveys.map(({ survey, worth }) => [survey, worth.find((one) => one.gain === gain)?.ratio]),
    })),
  );
  return {
    rows,
    options: {
      ...options,
      caption: 'Sources of gains: perplexity without each divided by that with it',
      headers: { gain: 'source of a gain' },
      notes: [
        'Above 1 it helps. 95 % intervals, paired over persons. Resumes read before: against training from nothing in as ' +
          'many steps. A second survey: read by a smaller decoder, against a larger one without it. Titles and history: ' +
          'of the model that has words, and of LABOR-LLM from nothing.',
        paperNotes['more-data'],
        paperNotes.titles,
        paperNotes.covariates,
        ...drawnNotes(surveys.map(({ survey }) => survey)),
      ],
    },
  };
};

/** The published questions by the name of their study; the value of fine-tuning is `foundation`'s. */
const figures = {
  'more-data': (survey: string, { moreData }: Partial<SourcesOfGains>) => moreData && moreDataPlot(survey, moreData),
  titles: (_: string, { titles }: Partial<SourcesOfGains>) => titles && titlesPlot(titles),
  covariates: (survey: string, { covariates }: Partial<SourcesOfGains>) =>
    covariates && covariatesPlot(survey, covariates),
  history: (survey: string, { history }: Partial<SourcesOfGains>) => history && historyPlot(survey, history),
} as const;

export type GainsQuestion = keyof typeof figures;

/** Writes a question's table of fits and its figure. */
export const saveGains = async (
  question: GainsQuestion,
  survey: string,
  kept: Partial<SourcesOfGains>,
  folders: OutputFolders,
): Promise<void> => {
  const rows = gainsRows(kept).map(({ question, fit, here, low, high }) => ({ question, fit, here, low, high }));
  await saveTable(rows, question, folders.results, {
    caption: `Sources of gains: perplexity on persons held out of ${survey}`,
    headers: { here: 'perplexity' },
    formats: { here: sized },
    intervals: { here: ['low', 'high'] },
    notes: [
      '95 % intervals over persons. Compare within a question: levels of different ones are of different fits.',
      ...(question === 'history' ? [] : [paperNotes[question]]),
      ...drawnNotes([survey]),
    ],
  });
  const figure = figures[question](survey, kept);
  if (figure) await saveFigure(figure, question, folders.figures);
};
