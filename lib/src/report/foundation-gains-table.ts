/** The table and the figure of what fine-tuning from a foundation gives, and their files. */
import { lowAndHigh, percentOf, plotted, type FoundationGain, type OutputFolders } from '../studies';
import { sized } from './all-models-table';
import { drawnNotes } from './drawn-notes';
import type { Figure } from './figure';
import type { Row } from './frame';
import { intervalPlot } from './interval-plot';
import { saveFigure } from './save-figure';
import { saveTable } from './show-table';
import type { PreparedTable } from './table';

const foundationOf = ({ delta }: FoundationGain): string => (delta === null ? 'shipped' : `distance ${delta}`);

const DISTANCES =
  'Foundations at a distance are smaller than the shipped one, and so are the decoders from nothing beside them: they have ' +
  "read resumes that are as far from the survey as the market's knob says (0: not at all, 1: clearly, as the shipped one).";

/** One row a share of the train persons and foundation. */
export const foundationGainsTable = (survey: string, gains: readonly FoundationGain[]): PreparedTable => ({
  rows: gains.map((gain): Row => ({
    foundation: foundationOf(gain),
    persons: percentOf(gain.share),
    base: gain.fromTheBase.value,
    short: gain.sameSteps?.fromNothing.value ?? null,
    shortRatio: gain.sameSteps?.ratio.value ?? null,
    shortLow: gain.sameSteps?.ratio.interval?.[0] ?? null,
    shortHigh: gain.sameSteps?.ratio.interval?.[1] ?? null,
    nothing: gain.moreSteps?.fromNothing.value ?? null,
    ratio: gain.moreSteps?.ratio.value ?? null,
    ...lowAndHigh(gain.moreSteps?.ratio ?? { interval: null }),
  })),
  options: {
    caption: `LABOR-LLM on ${survey}, fine-tuned from a foundation and from nothing`,
    headers: {
      persons: 'of the train persons',
      base: 'perplexity from the foundation',
      short: 'from nothing, as many steps',
      shortRatio: 'ratio',
      nothing: 'from nothing, more steps',
      ratio: 'ratio to these',
    },
    formats: { base: sized, short: sized, shortRatio: sized, nothing: sized, ratio: sized },
    intervals: { shortRatio: ['shortLow', 'shortHigh'], ratio: ['low', 'high'] },
    notes: [
      'Ratios are of the perplexity from the foundation to that from nothing: below 1 it is better to begin from the ' +
        'foundation. 95 % intervals over persons. With 0 % nothing is fitted: the ' +
        'foundation is asked off the shelf, and from nothing every occupation is as likely.',
      ...(gains.some(({ delta }) => delta !== null) ? [DISTANCES] : []),
      ...drawnNotes([survey]),
    ],
  },
});

/** The ratios, where something was fitted. */
export const foundationGainsPlot = (survey: string, gains: readonly FoundationGain[]): Figure =>
  intervalPlot(
    gains
      .filter(({ share }) => share > 0)
      .flatMap((gain) => {
        const name = `${foundationOf(gain)}, ${percentOf(gain.share)}`;
        const dot = (against: FoundationGain['sameSteps'], steps: string) =>
          against ? [{ label: `${name}, ${steps}`, ...plotted(against.ratio) }] : [];
        return [...dot(gain.sameSteps, 'as many steps'), ...dot(gain.moreSteps, 'more steps from nothing')];
      }),
    {
      title: `What a foundation gives on ${survey}, by share of the train persons`,
      quantity: 'perplexity divided by that from nothing,<br>95 % intervals (paired)',
      categoryTitle: 'foundation,<br>persons, steps',
      reference: { value: 1, label: 'equal' },
    },
  );

/** Writes the table and the figure foundation. */
export const saveFoundationGains = async (
  survey: string,
  gains: readonly FoundationGain[],
  folders: OutputFolders,
): Promise<void> => {
  const { rows, options } = foundationGainsTable(survey, gains);
  await saveTable(rows, 'foundation', folders.results, options);
  await saveFigure(foundationGainsPlot(survey, gains), 'foundation', folders.figures);
};
