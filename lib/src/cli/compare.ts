/** `labor-llm compare` */
import { compareScores, hasWeights, scoreCareers, type Estimate, type ScoredObservation } from '../evaluation';
import { loadModel, sameTitles } from '../models';
import type { Arguments, Command, Context } from './command';
import { careersOfPart, DATA_OPTIONS, readForModel, SPLIT_OPTION, warn } from './data';
import { count, withInterval } from './format';
import { ProgressDisplay } from './progress';

export const compare: Command = {
  name: 'compare',
  summary: 'two fitted models on the same persons, and their difference with its interval',
  positionals: ['DIR', 'DIR'],
  options: {
    ...DATA_OPTIONS,
    split: SPLIT_OPTION,
    json: { help: 'print one JSON object on stdout and nothing else' },
  },
  description: [
    'Both models score the same observations. The difference is the perplexity of the first minus that of the second: ' +
      'below 0, the first is better. Its interval resamples persons once for both, so that persons who are hard for ' +
      'both do not blur it; it is narrower than the two intervals side by side suggest.',
  ],
  examples: [
    [
      'labor-llm compare fitted/labor-llm fitted/empirical --data data/young-women/young-women.csv.gz',
      'does the language model beat counting?',
    ],
  ],
  run: async (given, context) => {
    const [one, other] = given.positionals as [string, string];
    // one after the other: two decoders need not fit into memory together
    const first = await score(one, given, context);
    const second = await score(other, given, context);
    if (!sameTitles(first.titles, second.titles)) {
      warn(
        `The two models declare different occupations (${first.titles.length} and ${second.titles.length}): ` +
          'the one with the longer list has more to choose from.',
      );
    }
    const comparison = compareScores(first.scored, second.scored);
    const weighted = hasWeights(first.scored)
      ? asPerplexity(compareScores(first.scored, second.scored, { weighted: true }).difference)
      : null;
    const result = {
      split: first.split,
      persons: first.persons,
      observations: first.scored.length,
      first: { model: first.name, folder: one, ...asPerplexity(comparison.first) },
      second: { model: second.name, folder: other, ...asPerplexity(comparison.second) },
      difference: asPerplexity(comparison.difference),
      weightedDifference: weighted,
    };
    if (given.flag('json')) {
      process.stdout.write(`${JSON.stringify(result)}\n`);
      return 0;
    }
    const part = result.split === 'all' ? '' : `${result.split} `;
    process.stdout.write(
      `${count(result.persons)} ${part}persons, ${count(result.observations)} observations\n\n` +
        `first       ${withInterval(comparison.first)}  ${first.name}, ${one}\n` +
        `second      ${withInterval(comparison.second)}  ${second.name}, ${other}\n` +
        `difference  ${withInterval(comparison.difference)}\n` +
        (weighted === null ? '' : `weighted    ${withInterval({ ...weighted, value: weighted.perplexity })}\n`) +
        `\n${verdict(comparison.difference)}\n`,
    );
    return 0;
  },
};

interface Scores {
  readonly name: string;
  readonly titles: readonly string[];
  readonly split: string;
  readonly persons: number;
  readonly scored: readonly ScoredObservation[];
}

const score = async (folder: string, given: Arguments, { signal }: Context): Promise<Scores> => {
  const display = new ProgressDisplay();
  const model = await loadModel(folder);
  try {
    const survey = await readForModel(model, given);
    const { split, careers } = careersOfPart(survey, given.text('split'));
    const scored = await scoreCareers(model, careers, {
      signal,
      onProgress: ({ done, total, unit }) =>
        display.update(done, total, `${model.name}: ${count(done)} of ${count(total)} ${unit}`),
    });
    return { name: model.name, titles: survey.occupations, split, persons: careers.length, scored };
  } finally {
    display.close();
    model.dispose();
  }
};

const asPerplexity = ({ value, standardError, interval }: Estimate) => ({
  perplexity: value,
  standardError,
  interval,
});

const verdict = ({ value, interval }: Estimate): string => {
  if (value === null || interval === null) return 'There are too few persons for an interval.';
  const [low, high] = interval;
  if (low <= 0 && high >= 0) return 'The interval holds 0: on these persons neither is shown to be better.';
  return `The interval does not hold 0: the ${value < 0 ? 'first' : 'second'} is better.`;
};
