/**
 * One look for every figure: legible in print, safe for colour-blind readers, axes with names and units.
 * A figure is a Plotly figure (data and layout, as in Plotly's own documentation) with a text that says what it shows.
 */
import type { Data, Layout, Template } from 'plotly.js-dist';

export interface Figure {
  readonly data: readonly Data[];
  readonly layout: Partial<Layout>;
  /** What the picture shows, in a sentence: for screen readers and for viewers without pictures. */
  readonly alt: string;
}

/** Okabe and Ito's colours (jfly.uni-koeln.de/color, 2008), told apart with every common colour blindness. */
export const palette = {
  blue: '#0072B2',
  vermillion: '#D55E00',
  green: '#009E73',
  orange: '#E69F00',
  purple: '#CC79A7',
  sky: '#56B4E9',
  yellow: '#F0E442',
  black: '#000000',
} as const;

const ink = '#222222';
const axis = {
  showline: true,
  linecolor: ink,
  ticks: 'outside',
  tickcolor: ink,
  gridcolor: '#e3e3e3',
  zeroline: false,
  automargin: true,
  title: { standoff: 12, font: { size: 13 } },
} as const;

const template: Template = {
  layout: {
    // kaleido brings DejaVu Sans, so text is measured alike on every machine; Verdana, where a viewer lacks it, is as wide
    font: { family: 'DejaVu Sans, Verdana, sans-serif', size: 13, color: ink },
    title: { font: { size: 15 }, x: 0.02, xanchor: 'left' },
    colorway: [palette.blue, palette.vermillion, palette.green, palette.orange, palette.purple, palette.sky],
    paper_bgcolor: 'white',
    plot_bgcolor: 'white',
    xaxis: axis,
    yaxis: axis,
    margin: { l: 70, r: 30, t: 60, b: 60 },
    legend: { orientation: 'h', x: 1, xanchor: 'right', y: 1.02, yanchor: 'bottom' },
    hoverlabel: { font: { size: 13 } },
  },
};

/**
 * A figure in the project's look, 700 x 400 pixels unless the layout says otherwise.
 *
 * @throws RangeError if `alt` is empty: a figure that nobody can read aloud is unfinished.
 */
export const figure = ({ data, layout, alt }: Figure): Figure => {
  if (alt.trim() === '') throw new RangeError('figure: alt is empty; say in a sentence what the picture shows.');
  // Plotly would name traces at random, and no two pictures of a figure would be the same
  const named = data.map((trace, i) => ({ uid: `trace${i}`, ...trace }));
  // titles of axes, which it repeats, may be broken in two lines
  const spoken = alt.replaceAll('<br>', ' ');
  return { data: named, layout: { width: 700, height: 400, ...layout, template }, alt: spoken };
};
