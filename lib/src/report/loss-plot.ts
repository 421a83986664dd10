import { figure, palette, type Figure } from './figure';

/** What a fit logs of a step, as far as a loss line needs it. */
export interface LossPoint {
  readonly step: number;
  /** Mean training loss of the step's batch, nats a token. */
  readonly loss: number;
  /** Loss on validation persons, where this step measured it. */
  readonly validationLoss?: number | undefined;
}

/** Loss against step: training as a line, validation as points on a line. */
export const lossPlot = (logs: readonly LossPoint[], options: { readonly title?: string } = {}): Figure => {
  const validation = logs.flatMap(({ step, validationLoss }) =>
    validationLoss === undefined ? [] : [{ step, loss: validationLoss }],
  );
  const hovertemplate = 'step %{x}<br>loss %{y:.3f}<extra></extra>';
  const data: Figure['data'][number][] = [
    {
      type: 'scatter',
      mode: 'lines',
      name: 'training',
      x: logs.map(({ step }) => step),
      y: logs.map(({ loss }) => loss),
      line: { color: palette.blue, width: 1.5 },
      hovertemplate,
    },
  ];
  if (validation.length > 0) {
    data.push({
      type: 'scatter',
      mode: 'lines+markers',
      name: 'validation',
      x: validation.map(({ step }) => step),
      y: validation.map(({ loss }) => loss),
      line: { color: palette.vermillion, width: 2, dash: 'dot' },
      marker: { size: 8 },
      hovertemplate,
    });
  }
  const first = logs[0];
  const last = logs.at(-1);
  const lowest = Math.min(...validation.map(({ loss }) => loss));
  return figure({
    data,
    layout: {
      ...(options.title === undefined ? {} : { title: { text: options.title } }),
      showlegend: validation.length > 0,
      xaxis: { title: { text: 'step' }, rangemode: 'tozero' },
      yaxis: { title: { text: 'loss (nats a token)' }, rangemode: 'tozero' },
    },
    alt:
      first === undefined || last === undefined
        ? 'No step was logged.'
        : `Training loss from ${first.loss.toFixed(3)} at step ${first.step} to ${last.loss.toFixed(3)} at step ` +
          `${last.step}${validation.length > 0 ? `; lowest validation loss ${lowest.toFixed(3)}` : ''}.`,
  });
};
