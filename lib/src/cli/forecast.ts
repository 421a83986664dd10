/** `labor-llm forecast` */
import {
  forecast as forecastPaths,
  forecastable,
  ForecastTotals,
  hasWeights,
  outcomeReports,
  perplexityEstimate,
  type Estimate,
  type Forecast,
  type ScoredObservation,
  type YearTotals,
} from '../evaluation';
import { loadModel, ModelError } from '../models';
import { writeFileAtomic } from '../support';
import type { Command } from './command';
import { careersOfPart, checkOutput, DATA_OPTIONS, readForModel, SPLIT_OPTION } from './data';
import { columns, count, csvLine, decimal, percent, range } from './format';
import { ProgressDisplay } from './progress';

export const forecast: Command = {
  name: 'forecast',
  summary: 'occupations of several years ahead, from paths sampled year by year',
  positionals: [],
  options: {
    model: { value: 'DIR', required: true, help: 'the folder that `labor-llm fit --out` wrote' },
    ...DATA_OPTIONS,
    from: { value: 'YEAR', required: true, help: 'the last year that is known; the years after it are forecast' },
    paths: { value: 'N', help: 'paths a person; by default 1000' },
    seed: { value: 'S', help: 'all draws come from it; by default 1' },
    'hold-education': {
      help: "education stays what it was last known to be; by default each later year's is given, as the paper's is",
    },
    split: SPLIT_OPTION,
    out: {
      value: 'OUT.csv',
      help: 'write, for each person: person_id,year,occupation,share,probability (occupations with neither are left out)',
    },
    'by-year': {
      value: 'OUT.csv',
      help: 'write, for all persons together: year,occupation,share,probability,observed',
    },
    json: { help: 'print one JSON object on stdout and nothing else' },
  },
  description: [
    "CAREER's protocol: from a person's observations up to YEAR the next occupation is drawn from the model, taken into " +
      'the history, and so on through the years in which the person was observed later. A share is the share of paths ' +
      "in an occupation, a probability the average over paths of the model's; perplexity is exp of the mean of " +
      '-log(probability of what came). Forecast are the persons who were observed by YEAR and in the last year of the data.',
    'For a forecast in earnest, fit the model on a file that ends in YEAR. Cost grows with paths, and with how much they ' +
      'differ: paths that are still the same are computed once.',
  ],
  examples: [
    [
      'labor-llm forecast --model fitted/empirical --data data/young-women/young-women.csv.gz --from 1980 --out paths.csv',
      'the test persons from 1980 to 1988',
    ],
  ],
  run: async (given, { signal }) => {
    const from = given.whole('from', 1900, 2100) as number;
    const paths = given.whole('paths', 1, 1_000_000) ?? 1000;
    const seed = given.whole('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1;
    const [out, byYear] = [checkOutput(given, 'out'), checkOutput(given, 'by-year')];
    const display = new ProgressDisplay();
    const model = await loadModel(given.required('model'));
    try {
      const survey = await readForModel(model, given);
      const { split, careers } = careersOfPart(survey, given.text('split'));
      const able = forecastable(careers, from);
      if (able.length === 0) {
        throw new ModelError(
          `None of the ${careers.length} persons (split: ${split}) was observed both by ${from} and in the last year of the data: ` +
            'give an earlier --from.',
          { from },
        );
      }
      const totals = new ForecastTotals();
      const scored: ScoredObservation[] = [];
      const lines = personLines(
        forecastPaths(model, able, {
          from,
          paths,
          seed,
          signal,
          holdEducation: given.flag('hold-education'),
          onProgress: ({ done, total, unit }) =>
            display.update(done, total, `${count(done)} of ${count(total)} ${unit}`),
        }),
        survey.occupations,
        (one) => {
          totals.add(one);
          scored.push(...one.years.map((year) => year.scored));
        },
      );
      if (out !== undefined) await writeFileAtomic(out, lines);
      else while ((await lines.next()).done !== true); // nothing is written
      display.close();
      if (byYear !== undefined) await writeFileAtomic(byYear, yearLines(totals.totals(), survey.occupations));
      const result = resultOf(scored, { model: model.name, split, persons: able.length, from, paths, seed });
      process.stdout.write(given.flag('json') ? `${JSON.stringify(result)}\n` : textOf(result));
    } finally {
      display.close();
      model.dispose();
    }
    return 0;
  },
};

interface Asked {
  readonly model: string;
  readonly split: string;
  readonly persons: number;
  readonly from: number;
  readonly paths: number;
  readonly seed: number;
}

type Result = ReturnType<typeof resultOf>;

const resultOf = (scored: readonly ScoredObservation[], asked: Asked) => {
  const own = (part: readonly ScoredObservation[], weighted = false) => {
    const { value, standardError, interval }: Estimate = perplexityEstimate(part, { weighted });
    return { perplexity: value, standardError, interval };
  };
  const years = [...new Set(scored.map(({ year }) => year))].sort((a, b) => a - b);
  return {
    ...asked,
    observations: scored.length,
    ...own(scored),
    /** With survey weights; null where the survey has none. */
    weighted: hasWeights(scored) ? own(scored, true) : null,
    byYear: years.map((year) => {
      const part = scored.filter((observation) => observation.year === year);
      return { year, persons: part.length, ...own(part) };
    }),
    outcomes: outcomeReports(scored),
  };
};

const textOf = (result: Result): string => {
  const { model, split, persons, from, paths, observations, perplexity, interval, weighted, byYear, outcomes } = result;
  return [
    `${model}: ${count(persons)} ${split === 'all' ? '' : `${split} `}persons after ${from}, ${count(paths)} paths each`,
    '',
    columns([
      ['', 'perplexity', '95 % interval', 'observations'],
      ['all', decimal(perplexity), range(interval), count(observations)],
      ...(weighted ? [['weighted', decimal(weighted.perplexity), range(weighted.interval), '']] : []),
      ...byYear.map((year) => [String(year.year), decimal(year.perplexity), range(year.interval), count(year.persons)]),
    ]),
    '',
    columns([
      ['', 'AUC', '95 % interval', 'perplexity', 'predicted', 'observed'],
      ...outcomes.map(({ outcome, auc, perplexity: binary, predicted, observed }) => [
        outcome,
        decimal(auc.value),
        range(auc.interval),
        decimal(binary),
        percent(predicted),
        percent(observed),
      ]),
    ]),
    '',
  ].join('\n');
};

/** The lines of the persons' file; shows each forecast to `see` on the way. */
async function* personLines(
  forecasts: AsyncIterable<Forecast>,
  titles: readonly string[],
  see: (forecast: Forecast) => void,
): AsyncGenerator<string> {
  yield csvLine(['person_id', 'year', 'occupation', 'share', 'probability']);
  for await (const one of forecasts) {
    see(one);
    for (const { scored, shares, probabilities } of one.years) {
      yield titles
        .map((title, j) => [scored.person, scored.year, title, shares[j] ?? 0, probabilities[j] ?? 0])
        .filter(([, , , share, probability]) => share !== 0 || probability !== 0)
        .map(csvLine)
        .join('');
    }
  }
}

function* yearLines(totals: readonly YearTotals[], titles: readonly string[]): Generator<string> {
  yield csvLine(['year', 'occupation', 'share', 'probability', 'observed']);
  for (const { year, shares, probabilities, observed } of totals) {
    yield titles
      .map((title, j) => csvLine([year, title, shares[j] ?? 0, probabilities[j] ?? 0, observed[j] ?? 0]))
      .join('');
  }
}
