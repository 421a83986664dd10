import { figure, palette, type Figure } from './figure';
import { logAxis } from './log-axis';

/** A fit by passes over the train persons, as its record has it. */
export interface ScheduledFit {
  readonly name: string;
  readonly steps: readonly {
    readonly epoch: number;
    readonly learningRate: number;
    readonly loss: number;
    readonly validationLoss?: number;
  }[];
}

const marks = [
  { color: palette.blue, symbol: 'circle', dash: 'solid' },
  { color: palette.vermillion, symbol: 'square', dash: 'dash' },
  { color: palette.green, symbol: 'diamond', dash: 'dot' },
] as const;

/** Batches differ in difficulty: the loss is drawn as the mean of so many parts of a fit. */
const PARTS = 60;

/**
 * Fits with schedules of their own below each other: learning rate, training loss, validation perplexity against passes;
 * the lowest point of all is marked.
 */
export const schedulesPlot = (fits: readonly ScheduledFit[], options: { readonly title?: string } = {}): Figure => {
  if (fits.length > marks.length) {
    throw new RangeError(`schedulesPlot: ${fits.length} fits, but at most ${marks.length} can be told apart.`);
  }
  const measured = fits.map(({ steps }) =>
    steps.flatMap(({ epoch, validationLoss }) =>
      validationLoss === undefined ? [] : [{ epoch, perplexity: Math.exp(validationLoss) }],
    ),
  );
  const values = measured.flat().map(({ perplexity }) => perplexity);
  const lowest = Math.min(...values);
  // a fit that begins far off would press the rest into a line
  const scale = Math.max(...values) > 20 * lowest ? logAxis(values) : {};
  const data: Figure['data'][number][] = fits.flatMap(({ name, steps }, i) => {
    const { color, symbol, dash } = marks[i] as (typeof marks)[number];
    const smooth = means(steps);
    const line = { color, dash, width: 2 };
    const points = measured[i] as (typeof measured)[number];
    return [
      {
        type: 'scatter',
        mode: 'lines',
        name,
        legendgroup: name,
        x: steps.map(({ epoch }) => epoch),
        y: steps.map(({ learningRate }) => learningRate),
        line,
        hovertemplate: `${name}<br>pass %{x:.2f}<br>learning rate %{y:.2e}<extra></extra>`,
      },
      {
        type: 'scatter',
        mode: 'lines',
        showlegend: false,
        legendgroup: name,
        x: smooth.map(({ epoch }) => epoch),
        y: smooth.map(({ loss }) => loss),
        yaxis: 'y2',
        line,
        hovertemplate: `${name}<br>pass %{x:.2f}<br>training loss %{y:.3f}<extra></extra>`,
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        showlegend: false,
        legendgroup: name,
        x: points.map(({ epoch }) => epoch),
        y: points.map(({ perplexity }) => perplexity),
        yaxis: 'y3',
        line,
        marker: {
          color,
          size: points.map(({ perplexity }) => (perplexity === lowest ? 16 : 9)),
          symbol: points.map(({ perplexity }) => (perplexity === lowest ? 'star' : symbol)),
        },
        hovertemplate: `${name}<br>pass %{x:.0f}<br>validation perplexity %{y:.3f}<extra></extra>`,
      },
    ] satisfies Figure['data'][number][];
  });
  return figure({
    data,
    layout: {
      ...(options.title === undefined ? {} : { title: { text: options.title } }),
      height: 640,
      margin: { l: 70, r: 30, t: 80, b: 60 },
      xaxis: { title: { text: 'passes over the train persons (epochs)' }, rangemode: 'tozero', anchor: 'y3' },
      yaxis: {
        title: { text: 'learning rate' },
        rangemode: 'tozero',
        domain: [0.74, 1],
        tickformat: '~g',
        nticks: 4,
      },
      yaxis2: { title: { text: 'training loss<br>(nats a token)' }, domain: [0.38, 0.66] },
      yaxis3: { title: { text: 'validation<br>perplexity' }, domain: [0, 0.3], ...scale },
    },
    alt: fits
      .map(({ name }, i) => {
        const values = (measured[i] as (typeof measured)[number]).map(({ perplexity }) => perplexity.toFixed(3));
        return `${name}: validation perplexity after each pass ${values.join(', ') || 'not measured'}`;
      })
      .join('; ')
      .concat('; the lowest is marked.'),
  });
};

const means = (steps: ScheduledFit['steps']): readonly { readonly epoch: number; readonly loss: number }[] => {
  const size = Math.max(1, Math.ceil(steps.length / PARTS));
  const parts = Array.from({ length: Math.ceil(steps.length / size) }, (_, p) => steps.slice(p * size, (p + 1) * size));
  return parts.map((part) => ({
    epoch: (part.at(-1) as ScheduledFit['steps'][number]).epoch,
    loss: part.reduce((sum, { loss }) => sum + loss, 0) / part.length,
  }));
};
