/** The tables of notebook 07, as rows for `showTable`: models in rows, the oracle of a drawn survey closing each. */
import { inOrderOfEducation, type Estimate } from '../evaluation';
import type { AllModels, GroupRow, ModelComparison, ModelRow, SurveyResult, TimeHoldout, TwoYears } from '../studies';
import { checkpointNotes, embeddingNotes, sized, unfinishedNotes } from './all-models-table';
import { drawnNotes, drawnOrderNotes } from './drawn-notes';
import type { Row } from './frame';
import { paperNotes } from './paper-notes';
import type { PreparedTable, TableOptions } from './table';

const ORACLE = 'oracle';

/** Rows that an oracle closes are one fewer to be the best of. */
const closing = (rows: readonly Row[]): number => (rows.at(-1)?.['model'] === ORACLE ? 1 : 0);

const count = (n: number): string => n.toLocaleString('en-US');

const scored = ({ rows }: AllModels): readonly ModelRow[] => rows.filter(({ report }) => report !== null);

/** Columns of estimates, one a name, each with its standard error in parentheses. */
interface Estimates {
  readonly cells: Row;
  readonly options: Required<Pick<TableOptions, 'errors' | 'formats'>>;
}

const estimates = (columns: readonly (readonly [name: string, estimate: Estimate | undefined])[]): Estimates => ({
  cells: Object.fromEntries(
    columns.flatMap(([name, estimate]) => [
      [name, estimate?.value ?? null],
      [`${name}, error`, estimate?.standardError ?? null],
    ]),
  ),
  options: {
    errors: Object.fromEntries(columns.map(([name]) => [name, [`${name}, error`] as const])),
    formats: Object.fromEntries(
      columns.flatMap(([name]) => [[name, sized] as const, [`${name}, error`, sized] as const]),
    ),
  },
});

const lowest = (names: readonly string[]): Record<string, 'lowest'> =>
  Object.fromEntries(names.map((name) => [name, 'lowest' as const]));

/** Models by surveys: perplexity, in parentheses its error over persons, in brackets that over train sets. */
export const mainTable = ({ surveys }: ModelComparison): PreparedTable => {
  const modelsOf = ({ result }: SurveyResult): readonly string[] => result.rows.map(({ model }) => model);
  const names = [...new Set(surveys.flatMap(modelsOf))];
  const ordered = [...names.filter((name) => name !== ORACLE), ...names.filter((name) => name === ORACLE)];
  const rows = ordered.map((model): Row => {
    const cells = surveys.flatMap(({ survey, result, refits }) => {
      const report = result.rows.find((row) => row.model === model)?.report;
      const train = refits.find((one) => one.model === model)?.overTrainSets;
      return [
        [survey, report?.perplexity ?? null],
        [`${survey}, persons`, report?.standardError ?? null],
        [`${survey}, train sets`, train?.standardError ?? null],
      ] as const;
    });
    return { model, ...Object.fromEntries(cells) };
  });
  const most = Math.max(...surveys.map((one) => modelsOf(one).length));
  const fewer = surveys.filter((one) => modelsOf(one).length < most - 1);
  const resamples = surveys.flatMap(({ refits }) => refits.map(({ overTrainSets }) => overTrainSets.values.length));
  return {
    rows,
    options: {
      caption: `Perplexity on persons held out of ${surveys.map(({ survey }) => survey).join(', ')}, by model`,
      errors: Object.fromEntries(
        surveys.map(({ survey }) => [survey, [`${survey}, persons`, `${survey}, train sets`] as const]),
      ),
      formats: Object.fromEntries(
        surveys.flatMap(({ survey }) =>
          [survey, `${survey}, persons`, `${survey}, train sets`].map((name) => [name, sized]),
        ),
      ),
      best: lowest(surveys.map(({ survey }) => survey)),
      closing: closing(rows),
      notes: [
        `In parentheses the standard error over the persons held out (bootstrap)${
          resamples.length === 0
            ? '.'
            : `; in brackets, where models were fitted again, that over train sets (${Math.max(...resamples)} resamples).`
        }`,
        ...surveys.map(
          ({ survey, result: { split, persons, observations } }) =>
            `${survey}: ${count(observations)} observations of ${count(persons)} ${split} persons.`,
        ),
        ...fewer.map((one) => `On ${one.survey} only these models are fitted: ${modelsOf(one).join(', ')}.`),
        ...(closing(rows) > 0
          ? ['The oracle is the truth about a drawn survey, not a model: nothing can be below it but by chance.']
          : []),
        ...embeddingNotes(surveys.flatMap(({ result }) => result.rows)),
        paperNotes.levels,
        ...drawnNotes(surveys.map(({ survey }) => survey)),
        ...surveys.flatMap(({ survey, result }) => checkpointNotes(survey, result)),
        ...unfinishedNotes(surveys.flatMap(({ result }) => result.rows)),
        ...surveys.flatMap(({ survey, result }) =>
          result.rows.flatMap(({ model, reason }) =>
            reason === null ? [] : [`Not available on ${survey}: ${model}: ${reason}`],
          ),
        ),
      ],
    },
  };
};

/** The paper's order of models pair by pair, and what is found of each on each survey. */
export const paperOrdersTable = ({ surveys }: ModelComparison): PreparedTable => {
  const orders = surveys.flatMap(({ result }) => result.order);
  const pairs = new Map(orders.map((order) => [`${order.lower} ${order.higher}`, order]));
  const rows = [...pairs.values()].map(({ lower, higher, paper }): Row => {
    const cells = surveys.map(({ survey, result }) => {
      const one = result.order.find((found) => found.lower === lower && found.higher === higher);
      const interval = one?.difference.interval?.map(sized).join(' to ');
      return [survey, one ? `${one.found}: ${sized(one.difference.value)}${interval ? ` (${interval})` : ''}` : null];
    });
    return { 'less perplexed in the paper': lower, than: higher, 'the paper': paper, ...Object.fromEntries(cells) };
  });
  return {
    rows,
    options: {
      caption: "The paper's order of models, and whether it is found",
      notes: [
        'Perplexity of the first minus that of the second, paired, with 95 % intervals over persons; an order is found, or its ' +
          'opposite, where the interval leaves zero out.',
        ...drawnOrderNotes(surveys.map(({ survey }) => survey)),
      ],
    },
  };
};

/** Each model's perplexity minus the reference's, with the standard errors of the difference. */
export const differenceTable = (
  survey: string,
  result: AllModels,
  { refits }: Pick<SurveyResult, 'refits'>,
): PreparedTable => {
  const rows = scored(result)
    .filter(({ difference }) => difference !== null)
    .map(({ model, difference }): Row => ({
      model,
      difference: difference?.value ?? null,
      error: difference?.standardError ?? null,
      interval: difference?.interval ? difference.interval.map(sized).join(' to ') : null,
      lower: difference?.interval ? verdictOf(difference.interval, result.reference) : 'cannot be told',
    }));
  const spreads = refits.flatMap(({ model, difference, overSeeds }) => {
    const over = [
      ...(difference?.standardError == null
        ? []
        : [`over train sets ${sized(difference.standardError)} (difference to ${refits.at(-1)?.model})`]),
      ...(overSeeds.standardError === null
        ? []
        : [`over ${overSeeds.values.length} seeds ${sized(overSeeds.standardError)} (level)`]),
    ];
    return over.length === 0 ? [] : [`${model}, standard error ${over.join(', ')}.`];
  });
  return {
    rows,
    options: {
      caption: `Perplexity minus that of ${result.reference ?? 'the best'}, on the same persons of ${survey}`,
      headers: { difference: 'difference', interval: '95 % interval', lower: 'less perplexed' },
      errors: { difference: ['error'] },
      formats: { difference: sized, error: sized },
      closing: closing(rows),
      notes: [
        'Paired: both models are resampled on the same persons, so that who is hard for all does not count.',
        ...spreads,
        ...drawnNotes([survey]),
      ],
    },
  };
};

const verdictOf = ([low, high]: readonly [number, number], reference: string | null): string =>
  low > 0 ? (reference ?? 'the best') : high < 0 ? 'this model' : 'cannot be told';

/**
 * Perplexity within groups, or minus that of the reference on the same observations; with standard errors over persons.
 */
export const groupTable = (
  survey: string,
  result: AllModels,
  characteristic: GroupRow['characteristic'],
  of: 'perplexity' | 'difference' = 'perplexity',
): PreparedTable => {
  const isDifference = of === 'difference';
  const models = scored(result).filter(({ model }) => !isDifference || model !== result.reference);
  const groups = inOrderOfEducation(models[0]?.groups ?? []).filter((one) => one.characteristic === characteristic);
  const prepared = models.map(({ model, groups: own }) => {
    const columns = groups.map(({ group }) => {
      const row = own.find((one) => one.characteristic === characteristic && one.group === group);
      return [group, row?.[of] ?? undefined] as const;
    });
    return { model, ...estimates(columns) };
  });
  const rows = prepared.map(({ model, cells }): Row => ({ model, ...cells }));
  const minus = isDifference ? `, minus that of ${result.reference ?? 'the best'}` : '';
  return {
    rows,
    options: {
      ...prepared[0]?.options,
      caption: `Perplexity by ${characteristic} on ${survey}${minus}, with standard errors over persons`,
      ...(isDifference ? {} : { best: lowest(groups.map(({ group }) => group)) }),
      closing: closing(rows),
      notes: [
        `Observations: ${groups.map(({ group, observations }) => `${group} ${count(observations)}`).join(', ')}.`,
        ...(characteristic === 'education' ? [paperNotes.education] : []),
        ...drawnNotes([survey]),
      ],
    },
  };
};

/** What LABOR-LLM is held against wherever there is no room for every model: those that are on every survey, and the truth. */
export const HELD_AGAINST = ['career', 'multinomial-logit', 'empirical', ORACLE];

/** Perplexity by the years since the last observation, and by who is asked about. */
export const subgroupTable = (survey: string, result: AllModels): PreparedTable => {
  const models = ['labor-llm', ...HELD_AGAINST].flatMap((name) => scored(result).filter(({ model }) => model === name));
  const parts = [
    ['years since', 'byStep'],
    ['sex', 'bySex'],
    ['ethnicity', 'byEthnicity'],
    ['age', 'byAge'],
  ] as const;
  const rows = parts.flatMap(([by, part]) =>
    Object.entries(models[0]?.report?.[part] ?? {}).map(([group, { observations }]): Row => {
      const own = models.map(({ model, report }) => [model, report?.[part][group]?.perplexity ?? null] as const);
      return { by, group, observations, ...Object.fromEntries(own) };
    }),
  );
  const names = rows.length === 0 ? [] : models.map(({ model }) => model);
  return {
    rows,
    options: {
      caption: `Perplexity on ${survey} by the years since the last observation, sex, ethnicity and age`,
      formats: Object.fromEntries(names.map((model) => [model, sized])),
      lowestOf: names.filter((model) => model !== ORACLE),
      notes: [
        'First observations have no years since the last. No intervals: in a small group much of a difference is chance.',
        ...drawnNotes([survey]),
      ],
    },
  };
};

/** Ways to use a language model: fine-tuned, on codes, as an embedding, asked behind examples, asked as it is. */
export const alternativesTable = (
  survey: string,
  { rows: models, persons, observations }: AllModels,
): PreparedTable => {
  const shown = ['labor-llm', 'numeric', 'embedding-logit', 'in-context', 'off-the-shelf'].flatMap((name) =>
    models.filter(({ model }) => model === name),
  );
  const rows = shown.map(({ model, report }): Row => ({
    model,
    ...estimates([['perplexity', report ? { ...report, value: report.perplexity } : undefined]]).cells,
    kept: report?.keptMass ?? null,
    top: report?.topAccuracy?.top1 ?? null,
  }));
  const { options } = estimates([['perplexity', undefined]]);
  return {
    rows,
    options: {
      ...options,
      caption: `Ways to use a language model on ${survey}`,
      headers: { kept: 'probability on titles of the list', top: 'most probable title came' },
      formats: { ...options.formats, kept: 3, top: 3 },
      best: { perplexity: 'lowest', top: 'highest' },
      notes: [
        `Perplexities of ${count(observations)} observations of ${count(persons)} persons, with standard errors over persons, not ` +
          'renormalised; the other columns are of those whose whole distributions were asked for.',
        ...embeddingNotes(models),
        paperNotes.alternatives,
        ...shown.flatMap(({ model, reason }) => (reason === null ? [] : [`${model} is not available here: ${reason}`])),
        ...drawnNotes([survey]),
      ],
    },
  };
};

/** AUC and calibration error of each outcome that can be read off the distributions. */
export const outcomeTable = (survey: string, result: AllModels): PreparedTable => {
  const models = scored(result);
  const outcomes = models[0]?.report?.outcomes ?? [];
  const prepared = models.map(({ model, report }) => {
    const of = (name: string) => report?.outcomes?.find(({ outcome }) => outcome === name);
    const { cells, options } = estimates(outcomes.map(({ outcome }) => [`AUC: ${outcome}`, of(outcome)?.auc]));
    const errors = outcomes.map(({ outcome }) => [`calibration: ${outcome}`, of(outcome)?.calibrationError ?? null]);
    return { row: { model, ...cells, ...Object.fromEntries(errors) } as Row, options };
  });
  const rows = prepared.map(({ row }) => row);
  const names = outcomes.map(({ outcome }) => outcome);
  return {
    rows,
    options: {
      ...prepared[0]?.options,
      caption: `States without work and moves on ${survey}: AUC (standard error over persons) and expected calibration error`,
      best: {
        ...Object.fromEntries(names.map((name) => [`AUC: ${name}`, 'highest' as const])),
        ...lowest(names.map((name) => `calibration: ${name}`)),
      },
      closing: closing(rows),
      notes: [
        'AUC: the probability that of two observations, one with the outcome and one without, the one with it was given the ' +
          'higher probability (0.5 by chance). Calibration error: the mean distance between predicted and observed share over ' +
          'ten bins of as many cases.',
        `Cases, and share in which it came: ${outcomes
          .map(
            ({ outcome, cases, observed }) => `${outcome} ${count(cases)}, ${((observed ?? NaN) * 100).toFixed(1)} %`,
          )
          .join('; ')}.`,
        paperNotes.outcomes,
        ...drawnNotes([survey]),
      ],
    },
  };
};

/** How far predicted shares of occupations are from those that came, group by group, beside what chance would show. */
export const representativenessTable = (survey: string, result: AllModels): PreparedTable => {
  const models = scored(result).filter(({ report }) => report?.representativeness);
  const cells = inOrderOfEducation(models[0]?.report?.representativeness?.shares ?? []);
  const name = (model: string): string => `${model}, chance`;
  const rows = cells.map(({ characteristic, group, observations }): Row => {
    const own = models.flatMap(({ model, report }) => {
      const share = report?.representativeness?.shares.find(
        (one) => one.characteristic === characteristic && one.group === group,
      );
      return [
        [model, share?.distance ?? null],
        [name(model), share?.byChance ?? null],
      ] as const;
    });
    return { characteristic, group, observations, ...Object.fromEntries(own) };
  });
  const names = models.map(({ model }) => model);
  return {
    rows,
    options: {
      caption: `Predicted against observed shares of occupations on ${survey}: share of the group that is predicted elsewhere`,
      ...(names.length === 0
        ? {}
        : {
            lowestOf: names.filter((model) => model !== ORACLE),
            errors: Object.fromEntries(names.map((model) => [model, [name(model)] as const])),
            formats: Object.fromEntries(names.flatMap((model) => [[model, 2] as const, [name(model), 2] as const])),
          }),
      notes: [
        'In parentheses what chance alone would show among so many persons, were every share predicted right.',
        paperNotes.representativeness,
        ...drawnNotes([survey]),
      ],
    },
  };
};

/** Two years ahead: directly, compounded, and how closely the two go together. */
export const twoYearsTable = (survey: string, models: readonly TwoYears[]): PreparedTable => {
  const prepared = models.map(({ model, direct, compounded, difference, correlation, leftOut }) => {
    const { cells, options } = estimates([
      ['direct', direct],
      ['compounded', compounded],
      ['compounded minus direct', difference],
      ['correlation', correlation],
    ]);
    return { row: { model, ...cells, leftOut } as Row, options };
  });
  const rows = prepared.map(({ row }) => row);
  const [first] = models;
  return {
    rows,
    options: {
      ...prepared[0]?.options,
      caption: `Two years ahead on ${survey}: perplexity directly and compounded, with standard errors over persons`,
      headers: { leftOut: 'not followed' },
      formats: { ...prepared[0]?.options.formats, leftOut: 3 },
      best: lowest(['direct', 'compounded']),
      closing: closing(rows),
      notes: [
        `${count(first?.observations ?? 0)} pairs of years of ${count(first?.persons ?? 0)} persons held out. Education is held at ` +
          'that of the last known year, and nothing later is seen.',
        'Correlation: of the two probabilities of what came, over observations. Not followed: mean probability of the next ' +
          "year's occupations through which the compounding did not go.",
        paperNotes['two-years'],
        ...drawnNotes([survey]),
      ],
    },
  };
};

/** A holdout in time: perplexity of the later years. */
export const timeHoldoutTable = (
  survey: string,
  { from, paths, persons, observations, rows: models }: TimeHoldout,
): PreparedTable => {
  const years = models[0]?.byYear.map(({ year }) => year) ?? [];
  // a name of digits alone would come first in an object
  const nameOf = (year: number): string => `in ${year}`;
  const prepared = models.map(({ model, perplexity, difference, byYear }) => {
    const columns = years.map((year) => [nameOf(year), byYear.find((one) => one.year === year)?.perplexity] as const);
    const whole = [
      ['all later years', perplexity],
      ['minus the first', difference ?? undefined],
    ] as const;
    const { cells, options } = estimates([...whole, ...columns]);
    return { row: { model, ...cells } as Row, options };
  });
  const rows = prepared.map(({ row }) => row);
  return {
    rows,
    options: {
      ...prepared[0]?.options,
      caption: `Fitted through ${from}, scored on the years after it: ${survey}`,
      headers: { 'minus the first': `minus ${models[0]?.model ?? 'the first'}` },
      best: lowest(['all later years', ...years.map(nameOf)]),
      closing: closing(rows),
      notes: [
        `Perplexity with standard errors over persons: ${count(observations)} observations of ${count(persons)} persons held out, ` +
          `${count(paths)} sampled paths each.`,
        ...drawnNotes([survey]),
      ],
    },
  };
};
