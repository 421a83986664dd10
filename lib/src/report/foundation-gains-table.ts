/** The table and the figure of what fine-tuning from a foundation gives, and their files. */
import { lowAndHigh, percentOf, plotted, type FoundationGain, type OutputFolders } from '../studies';
import { sized } from './all-models-table';
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
    nothing: gain.fromNothing.value,
    ratio: gain.ratio.value,
    ...lowAndHigh(gain.ratio),
  })),
  options: {
    caption: `LABOR-LLM on ${survey}, fine-tuned from a foundation and from nothing`,
    headers: {
      persons: 'of the train persons',
      base: 'perplexity from the foundation',
      nothing: 'from nothing',
      ratio: 'the one divided by the other',
    },
    formats: { base: sized, nothing: sized, ratio: sized },
    intervals: { ratio: ['low', 'high'] },
    notes: [
      'Below 1 it is better to begin from the foundation. 95 % intervals over persons. With 0 % nothing is fitted: the ' +
        'foundation is asked off the shelf, and from nothing every occupation is as likely.',
      ...(gains.some(({ delta }) => delta !== null) ? [DISTANCES] : []),
    ],
  },
});

/** The ratios, where something was fitted. */
export const foundationGainsPlot = (survey: string, gains: readonly FoundationGain[]): Figure =>
  intervalPlot(
    gains
      .filter(({ share }) => share > 0)
      .map((gain) => ({
        label: `${foundationOf(gain)}, ${percentOf(gain.share)} of the persons`,
        ...plotted(gain.ratio),
      })),
    {
      title: `What a foundation gives on ${survey}`,
      quantity: 'perplexity from it divided by that from nothing (95 % intervals)',
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
