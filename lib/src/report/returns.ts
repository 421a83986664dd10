/** Notebook 07's tables and figures of those who come back to a former job, and of whom models are ahead. */
import type { Returns } from '../studies';
import { dotPlot, NO_DOT } from './dot-plot';
import { drawnNotes } from './drawn-notes';
import type { Figure } from './figure';
import { intervalColumns } from './interval-columns';
import type { PreparedTable } from './table';

/** Counting is so far behind that it would leave the others no room; the table has it. */
const BEHIND = 'empirical';

/** Of whom models are ahead of the one that they are held against, by what was known. */
export const leadsPlot = (survey: string, { reference, leads }: Returns): Figure => {
  const shown = leads.filter(({ model }) => model !== BEHIND);
  const known = shown[0]?.of ?? [];
  return dotPlot(
    shown.map(({ model, of }) => ({
      name: model,
      points: known.map(({ situation }) => of.find((one) => one.situation === situation)?.ratio ?? NO_DOT),
    })),
    {
      categories: known.map(({ situation, observations }) => `${situation} (${observations.toLocaleString('en-US')})`),
      categoryTitle: 'what was known (observations)',
      tickFormat: '~g',
      scale: 'log',
      quantity: `perplexity of ${reference} divided by that with the model's answers there,<br>95 % intervals (paired); right of 1 the model is ahead`,
      reference: 1,
      title: `Of whom models are ahead of ${reference}: ${survey}`,
    },
  );
};

/** Observed and expected share of those who are back in a former job. */
export const returnsPlot = (survey: string, { comingBack }: Returns): Figure => {
  const models = comingBack[0]?.expected.map(({ model }) => model) ?? [];
  // a series alone has no legend to name it
  const only = comingBack.length === 1 ? `of those now ${comingBack[0]?.place}, ` : '';
  return dotPlot(
    comingBack.map(({ place, observed, expected }) => ({
      name: `now ${place}`,
      points: [observed, ...expected.map(({ share }) => share)],
    })),
    {
      categories: ['observed', ...models],
      categoryTitle: 'model',
      quantity: `${only}share back in the former job<br>at the next observation, 95 % intervals over persons`,
      title: `Back in a former job: ${survey}`,
    },
  );
};

/** What each situation adds to a model's lead, situations in rows. */
export const leadsTable = (survey: string, { reference, persons, leads }: Returns): PreparedTable => {
  const rows = (leads[0]?.of ?? []).map(({ situation, observations }) => {
    const { row, options } = intervalColumns(
      leads.map(({ model, of }) => [model, of.find((one) => one.situation === situation)?.ratio]),
    );
    return { row: { situation, observations, ...row }, options };
  });
  return {
    rows: rows.map(({ row }) => row),
    options: {
      ...rows[0]?.options,
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
  const models = ['observed', ...(comingBack[0]?.expected.map(({ model }) => model) ?? [])];
  const rows = models.map((model) => {
    const { row, options } = intervalColumns(
      comingBack.map(({ place, observed, expected }) => [
        place,
        model === 'observed' ? observed : expected.find((one) => one.model === model)?.share,
      ]),
    );
    return { row: { model, ...row }, options };
  });
  const counts = comingBack.map(({ place, observations }) => `${observations.toLocaleString('en-US')} ${place}`);
  return {
    rows: rows.map(({ row }) => row),
    options: {
      ...rows[0]?.options,
      caption: `Share back in the last job before this one, at the next observation, on ${survey}`,
      notes: [
        `${counts.join(' and ')}, of ${askedPersons.toLocaleString('en-US')} persons held out, had another job before. 95 % intervals over persons.`,
        ...drawnNotes([survey]),
      ],
    },
  };
};
