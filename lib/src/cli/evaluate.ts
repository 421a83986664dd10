/** `labor-llm evaluate` */
import { evaluate as evaluateModel, type OccupationShare, type ScoredObservation } from '../evaluation';
import { loadModel } from '../models';
import { writeFileAtomic } from '../support';
import type { Command } from './command';
import { careersOfPart, checkOutput, DATA_OPTIONS, readForModel, SPLIT_OPTION } from './data';
import { reportText } from './evaluate-text';
import { count, csvLine } from './format';
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
      help:
        'compute whole distributions, for accuracy, AUC and calibration of states and moves, predicted against observed ' +
        'shares, the kept mass and the renormalised perplexity; slow for a language model',
    },
    observations: {
      value: 'OUT.csv',
      help: 'write every observation: person_id,year,occupation,transition,log_probability',
    },
    shares: {
      value: 'OUT.csv',
      help:
        'write each occupation in each group, with --distributions: ' +
        'characteristic,group,occupation,predicted,observed,difference,low,high',
    },
    json: { help: 'print one JSON object on stdout and nothing else' },
  },
  description: [
    'Perplexity is exp of the mean negative log-probability over all observations, first ones included: among how ' +
      'many equally likely occupations the model was undecided, on average. Every occupation is scored knowing the ' +
      'rows before it, and the year and education of its own. Lower is better.',
    'With --distributions also: top-1 and top-5 accuracy; for the states of not working that the survey declares and ' +
      'for any move, the AUC, the expected calibration error (ten bins of as many cases each) and the binary perplexity; ' +
      'predicted against observed shares of occupations by group, their distance beside the one that chance alone would ' +
      'show; and predicted against observed transitions.',
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
    const sharesOut = checkOutput(given, 'shares');
    if (sharesOut !== undefined && !given.flag('distributions')) given.fail('--shares needs --distributions.');
    const display = new ProgressDisplay();
    const model = await loadModel(given.required('model'));
    try {
      const survey = await readForModel(model, given);
      const { split, careers } = careersOfPart(survey, given.text('split'));
      const { report, observations, shares } = await evaluateModel(model, careers, {
        split,
        signal,
        distributions: given.flag('distributions'),
        onProgress: ({ done, total, unit }) => display.update(done, total, `${count(done)} of ${count(total)} ${unit}`),
      });
      display.close();
      if (out !== undefined) await writeFileAtomic(out, observationLines(observations, survey.occupations));
      if (sharesOut !== undefined) await writeFileAtomic(sharesOut, shareLines(shares, survey.occupations));
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

function* shareLines(shares: readonly OccupationShare[], titles: readonly string[]): Generator<string> {
  yield csvLine(['characteristic', 'group', 'occupation', 'predicted', 'observed', 'difference', 'low', 'high']);
  for (const { characteristic, group, occupation, predicted, observed, difference } of shares) {
    const { value, interval } = difference;
    const ends = interval ?? ['', ''];
    yield csvLine([characteristic, group, titles[occupation] ?? '', predicted, observed, value ?? '', ...ends]);
  }
}
