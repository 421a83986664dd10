/** `labor-llm predict` */
import { setImmediate } from 'node:timers/promises';
import type { Career, Survey } from '../careers';
import { covariatesOf, loadModel, type OccupationModel, type Query } from '../models';
import { writeFileAtomic } from '../support';
import type { Command, Context } from './command';
import { checkOutput, DATA_OPTIONS, readForModel, warn } from './data';
import { count, csvLine } from './format';
import { ProgressDisplay } from './progress';

export const predict: Command = {
  name: 'predict',
  summary: "every person's next occupation: the likeliest ones, or the whole distribution as a file",
  positionals: [],
  options: {
    model: { value: 'DIR', required: true, help: 'the folder that `labor-llm fit --out` wrote' },
    ...DATA_OPTIONS,
    year: {
      value: 'Y',
      help: "the year to predict, from the rows before it; by default the one after each person's last",
    },
    education: {
      value: 'E',
      help: "education in that year; by default what the person's row of that year says, else the last one known",
    },
    top: { value: 'K', help: 'how many occupations to print for each person; by default 5' },
    distribution: {
      value: 'OUT.csv',
      help: 'write all probabilities: person_id,year,occupation,probability; a file for R, Stata or a spreadsheet',
    },
  },
  description: [
    "Predicts for every person of the file, whatever part the person is in. Probabilities are the model's own: those " +
      'of a language model sum to slightly less than 1, the rest being on texts that are no declared occupation.',
  ],
  examples: [
    [
      'labor-llm predict --model fitted/labor-llm --data data/young-women/young-women.csv.gz --distribution next.csv',
      'the year after the last, for everybody',
    ],
    [
      'labor-llm predict --model fitted/labor-llm --data mine.csv --year 2030 --education "college" --top 10',
      'what if everybody had a degree in 2030?',
    ],
  ],
  run: async (given, { signal }) => {
    const year = given.whole('year', 1900, 2100);
    const top = given.whole('top', 1, Number.MAX_SAFE_INTEGER) ?? 5;
    const education = given.text('education');
    const out = checkOutput(given, 'distribution');
    const model = await loadModel(given.required('model'));
    const display = new ProgressDisplay();
    try {
      const survey = await readForModel(model, given);
      if (education !== undefined) warnOfNewEducation(survey, education);
      const born = survey.careers.find(({ birthYear }) => year !== undefined && birthYear && birthYear > year);
      if (born) given.fail(`--year is ${year}, but person "${born.person}" was born in ${born.birthYear}.`);
      const predictions = predictAll(model, survey, { year, education, signal }, display);
      const lines = printing(predictions, survey.occupations, top);
      if (out !== undefined) await writeFileAtomic(out, lines);
      else while ((await lines.next()).done !== true); // prints as it goes
    } finally {
      display.close();
      model.dispose();
    }
    return 0;
  },
};

interface Prediction {
  readonly career: Career;
  readonly query: Query;
  /** [J] */
  readonly probabilities: Float64Array;
}

interface Asked extends Context {
  readonly year: number | undefined;
  readonly education: string | undefined;
}

/** Persons that are put to the model together. */
const BLOCK = 64;

async function* predictAll(
  model: OccupationModel,
  { careers }: Survey,
  asked: Asked,
  display: ProgressDisplay,
): AsyncGenerator<Prediction> {
  for (let start = 0; start < careers.length; start += BLOCK) {
    asked.signal.throwIfAborted();
    const block = careers.slice(start, start + BLOCK);
    const queries = block.map((career) => queryOf(career, asked));
    const distributions = await model.distributions(queries);
    display.close();
    for (const [index, career] of block.entries()) {
      const probabilities = distributions[index]?.logProbabilities.map(Math.exp) ?? new Float64Array();
      yield { career, query: queries[index] as Query, probabilities };
    }
    // a turn of the event loop, in which Ctrl-C can be heard
    await setImmediate();
    const done = start + block.length;
    if (done < careers.length)
      display.update(done, careers.length, `${count(done)} of ${count(careers.length)} persons`);
  }
}

const queryOf = (career: Career, { year, education }: Asked): Query => {
  const { observations } = career;
  const asked = year ?? (observations.at(-1)?.year ?? 0) + 1;
  const known = observations.filter((observation) => observation.year <= asked);
  return {
    covariates: covariatesOf(career),
    history: known.filter((observation) => observation.year < asked),
    year: asked,
    education: education ?? known.flatMap((observation) => observation.education ?? []).at(-1),
  };
};

/** Prints the likeliest occupations of each person on the way, and gives the lines of the file. */
async function* printing(
  predictions: AsyncIterable<Prediction>,
  titles: readonly string[],
  top: number,
): AsyncGenerator<string> {
  yield csvLine(['person_id', 'year', 'occupation', 'probability']);
  for await (const { career, query, probabilities } of predictions) {
    const order = [...probabilities.keys()].sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0));
    const last = query.history.at(-1);
    const after = last === undefined ? 'no observation before' : `${last.year}: ${titles[last.occupation]}`;
    process.stdout.write(
      `${career.person}, ${query.year}${query.education === undefined ? '' : ` (${query.education})`}, after ${after}\n` +
        order
          .slice(0, top)
          .map((index) => `  ${(probabilities[index] ?? 0).toFixed(4)}  ${titles[index]}\n`)
          .join(''),
    );
    yield titles.map((title, index) => csvLine([career.person, query.year, title, probabilities[index] ?? 0])).join('');
  }
}

const warnOfNewEducation = ({ careers }: Survey, education: string): void => {
  const known = new Set(careers.flatMap((career) => career.observations.flatMap((row) => row.education ?? [])));
  if (known.has(education)) return;
  warn(`No row has the education "${education}"; rows have: ${[...known].sort().join(', ')}.`);
};
