import { figure, palette, type Figure } from './figure';
import { shorten } from './shorten';

export interface ProbabilityPlotOptions {
  /** [J] the declared titles. */
  readonly titles: readonly string[];
  /** [J] probability of each title, in the order of `titles`. */
  readonly probabilities: ArrayLike<number>;
  /** Position of what really happened: its bar has another colour, and it is shown even outside the top. */
  readonly truth?: number;
  /** How many of the most probable titles are shown; 10 by default. */
  readonly top?: number;
  readonly title?: string;
}

const percent = (p: number): string => (p >= 0.001 ? `${(100 * p).toFixed(1)} %` : '< 0.1 %');

/** Horizontal bars of the most probable occupations, the most probable on top, and the true one marked. */
export const probabilityPlot = (options: ProbabilityPlotOptions): Figure => {
  const { titles, probabilities, truth, top = 10 } = options;
  if (titles.length !== probabilities.length) {
    throw new RangeError(`probabilityPlot: ${titles.length} titles, but ${probabilities.length} probabilities.`);
  }
  const p = (occupation: number): number => probabilities[occupation] ?? 0;
  const shown = titles.map((_, occupation) => occupation).sort((a, b) => p(b) - p(a) || a - b);
  const rank = truth === undefined ? 0 : shown.indexOf(truth) + 1;
  shown.length = Math.min(top, shown.length);
  if (truth !== undefined && rank > shown.length) shown.push(truth);

  const label = (occupation: number): string =>
    (occupation === truth && rank > top ? `(${rank}) ` : '') + shorten(titles[occupation] ?? '');
  const happened = (occupation: number): string => (occupation === truth ? ' ◂ what happened' : '');
  const data: Figure['data'] = [
    {
      type: 'bar',
      orientation: 'h',
      x: shown.map(p),
      // two long titles may be shortened to the same text, which would make one bar of them: positions are the places
      y: shown.map((_, place) => place),
      text: shown.map((occupation) => percent(p(occupation)) + happened(occupation)),
      textposition: 'outside',
      cliponaxis: false,
      marker: { color: shown.map((occupation) => (occupation === truth ? palette.vermillion : palette.blue)) },
      customdata: shown.map((occupation) => titles[occupation] ?? ''),
      hovertemplate: '%{customdata}<br>probability %{x:.4f}<extra></extra>',
    },
  ];
  const first = shown[0] ?? 0;
  // room, in lengths of the longest bar, for the percentage beside it and for the words beside what happened
  const room = Math.max(1.25, truth === undefined ? 0 : p(truth) / p(first) + 0.6);
  const alt =
    `The ${Math.min(top, titles.length)} most probable occupations; first ${titles[first]} with ${percent(p(first))}` +
    (truth === undefined ? '.' : `; what happened, ${titles[truth]}, is number ${rank} with ${percent(p(truth))}.`);
  return figure({
    data,
    layout: {
      ...(options.title === undefined ? {} : { title: { text: options.title } }),
      height: 120 + 28 * shown.length,
      bargap: 0.25,
      showlegend: false,
      xaxis: { title: { text: 'probability' }, range: [0, room * p(first)], tickformat: '.0%' },
      yaxis: {
        title: { text: 'occupation' },
        tickvals: shown.map((_, place) => place),
        ticktext: shown.map(label),
        // the most probable on top
        range: [shown.length - 0.4, -0.6],
        showgrid: false,
        ticks: '',
      },
    },
    alt,
  });
};
