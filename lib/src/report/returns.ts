/** Notebook 07's tables and figures of those who come back to a former job, and of whom models are ahead. */
import type { Estimate } from '../evaluation';
import type { ComingBack, Returns } from '../studies';
import { dotPlot } from './dot-plot';
import { drawnNotes } from './drawn-notes';
import type { Figure } from './figure';
import { intervalRows } from './interval-columns';
import type { PreparedTable } from './table';

/** Counting is so far behind that it would leave the others no room; the table has it. */
const BEHIND = 'empirical';

/** Of whom models are ahead of the one that they are held against, by what was known. */
export const leadsPlot = (survey: string, { reference, leads }: Returns): Figure => {
  const shown = leads.filter(({ model }) => model !== BEHIND);
  return dotPlot(
    shown.map(({ model, of }) => ({ name: model, points: of.map(({ ratio }) => ratio) })),
    {
      categories: (shown[0]?.of ?? []).map(
        ({ situation, observations }) => `${situation} (${observations.toLocaleString('en-US')})`,
      ),
      categoryTitle: 'what was known (observations)',
      tickFormat: '~g',
      scale: 'log',
      quantity: `perplexity of ${reference} divided by that with the model's answers there,<br>95 % intervals (paired); right of 1 the model is ahead`,
      reference: 1,
      title: `Of whom models are ahead of ${reference}: ${survey}`,
    },
  );
};

/** What was observed, then the models. */
const modelsOf = ([first]: Returns['comingBack']): readonly string[] => [
  'observed',
  ...(first?.expected.map(({ model }) => model) ?? []),
];

/** The shares of these, at one place. */
const sharesOf = ({ observed, expected }: ComingBack): readonly Estimate[] => [
  observed,
  ...expected.map(({ share }) => share),
];

/** Observed and expected share of those who are back in a former job. */
export const returnsPlot = (survey: string, { comingBack }: Returns): Figure => {
  // a series alone has no legend to name it
  const only = comingBack.length === 1 ? `of those now ${comingBack[0]?.place}, ` : '';
  return dotPlot(
    comingBack.map((one) => ({ name: `now ${one.place}`, points: sharesOf(one) })),
    {
      categories: modelsOf(comingBack),
      categoryTitle: 'model',
      quantity: `${only}share back in the former job<br>at the next observation, 95 % intervals over persons`,
      title: `Back in a former job: ${survey}`,
    },
  );
};

/** What each situation adds to a model's lead, situations in rows. */
export const leadsTable = (survey: string, { reference, persons, leads }: Returns): PreparedTable => {
  const { rows, options } = intervalRows(
    (leads[0]?.of ?? []).map(({ situation, observations }, i) => ({
      head: { situation, observations },
      cells: leads.map(({ model, of }) => [model, of[i]?.ratio]),
    })),
  );
  return {
    rows,
    options: {
      ...options,
      caption: `Of whom models are ahead of ${reference} on ${survey}`,
      headers: { situation: 'what was known' },
      notes: [
        `Perplexity of ${reference} on ${persons.toLocaleString('en-US')} persons held out, divided by that with the model's ` +
          'answers to those in one situation; above 1 the model is ahead. Rows multiply to the last. 95 % intervals (paired).',
        ...drawnNotes([survey]),
      ],
    },
  };
};

/** Observed and expected shares of those who come back, models in rows. */
export const returnsTable = (survey: string, { askedPersons, comingBack }: Returns): PreparedTable => {
  const { rows, options } = intervalRows(
    modelsOf(comingBack).map((model, i) => ({
      head: { model },
      cells: comingBack.map((one) => [one.place, sharesOf(one)[i]]),
    })),
  );
  const counts = comingBack.map(({ place, observations }) => `${observations.toLocaleString('en-US')} ${place}`);
  return {
    rows,
    options: {
      ...options,
      caption: `Share back in the last job before this one, at the next observation, on ${survey}`,
      notes: [
        `${counts.join(' and ')}, of ${askedPersons.toLocaleString('en-US')} persons held out, had another job before. 95 % intervals over persons.`,
        ...drawnNotes([survey]),
      ],
    },
  };
};
