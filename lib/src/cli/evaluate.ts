/** `labor-llm evaluate` */
import { evaluate as evaluateModel, perplexity, perplexityEstimate, TRANSITIONS } from '../evaluation';
import type { Report, ScoredObservation } from '../evaluation';
import { loadModel } from '../models';
import { writeFileAtomic } from '../support';
import type { Command } from './command';
import { careersOfPart, checkOutput, DATA_OPTIONS, readForModel, SPLIT_OPTION } from './data';
import { columns, count, csvLine, decimal } from './format';
import { ProgressDisplay } from './progress';

export const evaluate: Command = {
  name: 'evaluate',
  summary: "a fitted model's perplexity, with intervals, on persons it was not fitted on",
  positionals: [],
  options: {
    model: { value: 'DIR', required: true, help: 'the folder that `labor-llm fit --out` wrote' },
    ...DATA_OPTIONS,
    split: SPLIT_OPTION,
    distributions: {
      help: 'compute whole distributions, for the kept mass and the renormalised perplexity; slow for a language model',
    },
    observations: {
      value: 'OUT.csv',
      help: 'write every observation: person_id,year,occupation,transition,log_probability',
    },
    json: { help: 'print one JSON object on stdout and nothing else' },
  },
  description: [
    'Perplexity is exp of the mean negative log-probability over all observations, first ones included: among how ' +
      'many equally likely occupations the model was undecided, on average. Every occupation is scored knowing the ' +
      'rows before it, and the year and education of its own. Lower is better.',
    'An observation is a first one, a move (another occupation than in the last observation) or a stay. Intervals are ' +
      '95 %, from 1,000 bootstrap resamples of persons (of clusters where the file has cluster_id). ' +
      'Occupations that the model does not declare are refused.',
  ],
  examples: [
    [
      'labor-llm evaluate --model fitted/labor-llm --data data/young-women/young-women.csv.gz',
      'perplexity on the test persons',
    ],
    [
      'labor-llm evaluate --model fitted/labor-llm --data mine.csv --split all --observations scores.csv --json',
      'every person of a file, each observation in a table of its own',
    ],
  ],
  run: async (given, { signal }) => {
    const out = checkOutput(given, 'observations');
    const display = new ProgressDisplay();
    const model = await loadModel(given.required('model'));
    try {
      const survey = await readForModel(model, given);
      const { split, careers } = careersOfPart(survey, given.text('split'));
      const { report, observations } = await evaluateModel(model, careers, {
        split,
        signal,
        distributions: given.flag('distributions'),
        onProgress: ({ done, total, unit }) => display.update(done, total, `${count(done)} of ${count(total)} ${unit}`),
      });
      display.close();
      if (out !== undefined) await writeFileAtomic(out, observationLines(observations, survey.occupations));
      process.stdout.write(given.flag('json') ? `${JSON.stringify(report)}\n` : reportText(report, observations));
    } finally {
      display.close();
      model.dispose();
    }
    return 0;
  },
};

function* observationLines(scored: readonly ScoredObservation[], titles: readonly string[]): Generator<string> {
  yield csvLine(['person_id', 'year', 'occupation', 'transition', 'log_probability']);
  for (const { person, year, occupation, transition, logProbability } of scored) {
    yield csvLine([person, year, titles[occupation] ?? '', transition, logProbability]);
  }
}

const reportText = (report: Report, scored: readonly ScoredObservation[]): string => {
  const row = (name: string, own: readonly ScoredObservation[]): string[] => {
    const { value, interval } = perplexityEstimate(own);
    const range = interval === null ? '-' : `${decimal(interval[0])} to ${decimal(interval[1])}`;
    return [name, decimal(value), range, count(own.length)];
  };
  const isWeighted = scored.some(({ weight }) => weight !== 1);
  const lines = [
    `${report.model} on ${count(report.persons)} ${report.split === 'all' ? '' : `${report.split} `}persons`,
    '',
    columns([
      ['', 'perplexity', '95 % interval', 'observations'],
      row('all', scored),
      ...TRANSITIONS.map((type) =>
        row(
          type,
          scored.filter(({ transition }) => transition === type),
        ),
      ),
    ]),
    '',
    ...(report.standardError === null ? [] : [`Standard error over persons: ${decimal(report.standardError)}.`]),
    ...(isWeighted ? [`With survey weights: ${decimal(perplexity(scored, { weighted: true }))}.`] : []),
    ...(report.keptMass === null
      ? []
      : [
          `Mass kept on declared occupations: ${report.keptMass.toFixed(4)}; ` +
            `renormalised perplexity ${decimal(report.perplexityRenormalised)}.`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
};
