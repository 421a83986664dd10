import { figure, palette, type Figure } from './figure';

/** What a fit logs of a step, as far as a loss line needs it. */
export interface LossPoint {
  readonly step: number;
  /** Mean training loss of the step's batch, in nats. */
  readonly loss: number;
  /** Mean negative log-probability of a validation person's observation, where this step measured it. */
  readonly validationLoss?: number | undefined;
}

export interface LossPlotOptions {
  readonly title?: string;
  /** What the training loss is a mean over; a token by default. */
  readonly per?: keyof typeof units;
}

/** What a training loss is measured in; `weighted token` is a mean in which some tokens count less than others. */
const units = {
  token: 'nats a token',
  'weighted token': 'nats a token, weighted',
  observation: 'nats an observation',
} as const;

/**
 * Training loss against step and, in a panel of its own below, the perplexity of the validation persons' observations: the
 * one counts tokens or is raised by dropout, so that they share no scale.
 */
export const lossPlot = (logs: readonly LossPoint[], { title, per = 'token' }: LossPlotOptions = {}): Figure => {
  const unit = units[per];
  const measured = logs.flatMap(({ step, validationLoss }) =>
    validationLoss === undefined ? [] : [{ step, perplexity: Math.exp(validationLoss) }],
  );
  const data: Figure['data'][number][] = [
    {
      type: 'scatter',
      mode: 'lines',
      x: logs.map(({ step }) => step),
      y: logs.map(({ loss }) => loss),
      line: { color: palette.blue, width: 1.5 },
      hovertemplate: 'step %{x}<br>training loss %{y:.3f}<extra></extra>',
    },
  ];
  if (measured.length > 0) {
    data.push({
      type: 'scatter',
      mode: 'lines+markers',
      x: measured.map(({ step }) => step),
      y: measured.map(({ perplexity }) => perplexity),
      yaxis: 'y2',
      line: { color: palette.vermillion, width: 2 },
      marker: { size: 8 },
      hovertemplate: 'step %{x}<br>validation perplexity %{y:.3f}<extra></extra>',
    });
  }
  const first = logs[0];
  const last = logs.at(-1);
  const lowest = Math.min(...measured.map(({ perplexity }) => perplexity));
  return figure({
    data,
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      showlegend: false,
      xaxis: { title: { text: 'step' }, rangemode: 'tozero' },
      yaxis: { title: { text: `training loss<br>(${unit})` }, rangemode: 'tozero' },
      ...(measured.length === 0
        ? {}
        : {
            height: 480,
            xaxis: { title: { text: 'step' }, rangemode: 'tozero', anchor: 'y2' },
            yaxis: { title: { text: `training loss<br>(${unit})` }, rangemode: 'tozero', domain: [0.55, 1] },
            yaxis2: { title: { text: 'validation<br>perplexity' }, domain: [0, 0.45] },
          }),
    },
    alt:
      first === undefined || last === undefined
        ? 'No step was logged.'
        : `Training loss from ${first.loss.toFixed(3)} ${unit} at step ${first.step} to ${last.loss.toFixed(3)} at ` +
          `step ${last.step}${measured.length > 0 ? `; lowest validation perplexity ${lowest.toFixed(3)}` : ''}.`,
  });
};
