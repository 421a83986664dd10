/**
 * `labor-llm check FILE`: whether a survey file keeps the row contract, and what the survey is like.
 */
import { parseArgs } from 'node:util';
import { describeSurvey, faultSentence, readSurvey, SurveyError, type SurveyDescription } from '../careers';

const USAGE = `Usage: labor-llm check FILE [--occupations FILE] [--json]

Reads a survey (CSV or gzipped CSV, one row a person and year), and reports its faults, or what it is like: persons and
observations in each part, steps between years, missing values, how sparse the occupations are.

  --occupations FILE   the declared occupations: a CSV with a column "occupation", or a text file with one title a line
                       (default: occupations.csv beside the data, else the file's own titles)
  --json               one JSON object on stdout: {"file", "faults", "faultCount", "warnings", "survey"}
  --help               this text

Exit code: 0 no fault, 1 faults, 2 wrong usage.`;

/** More than a screen holds, fewer than a terminal chokes on. */
const MAX_FAULTS = 1000;

/** @param argv what stands after the word `check`; returns the exit code. */
export const check = async (argv: readonly string[]): Promise<number> => {
  const options = parseOptions(argv);
  if (options.error !== undefined) {
    console.error(`labor-llm check: ${options.error}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const { file, json } = options;
  const warnings: string[] = [];
  const warn = (line: string): void => {
    warnings.push(line);
    console.error(line);
  };
  const source = options.occupations === undefined ? {} : { occupations: options.occupations };
  try {
    const survey = describeSurvey(await readSurvey(file, { ...source, maxFaults: MAX_FAULTS, warn }));
    const result = { file, faults: [], faultCount: 0, warnings, survey };
    console.log(json ? JSON.stringify(result) : reportOf(file, survey));
    return 0;
  } catch (error) {
    if (!(error instanceof SurveyError)) throw error;
    const { faults, total } = error;
    if (json) console.log(JSON.stringify({ file, faults, faultCount: total, warnings, survey: null }));
    else {
      console.log(faults.map(faultSentence).join('\n'));
      console.log(
        `\n${total} fault${total === 1 ? '' : 's'}${total > faults.length ? `, ${faults.length} shown` : ''}.`,
      );
    }
    return 1;
  }
};

type Options =
  | { readonly error: string }
  | {
      readonly error?: undefined;
      readonly file: string;
      readonly occupations: string | undefined;
      readonly json: boolean;
      readonly help: boolean;
    };

const parseOptions = (argv: readonly string[]): Options => {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        occupations: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [file, ...more] = positionals;
    const { occupations, json = false, help = false } = values;
    if (!help && file === undefined) return { error: 'name the file to check' };
    if (more.length > 0) return { error: `one file at a time; ${more.join(' ')} is too many` };
    return { file: file ?? '', occupations, json, help };
  } catch (error) {
    // parseArgs says which option it does not know
    if (error instanceof TypeError) return { error: error.message };
    throw error;
  }
};

const reportOf = (file: string, survey: SurveyDescription): string => {
  const { parts, steps, missing, occupations, transitions, stayShare, clusters } = survey;
  const stepCount = steps.one + steps.two + steps.threeOrMore;
  const byPart = (what: 'persons' | 'observations'): string =>
    `${count(survey[what])} (train ${count(parts.train[what])}, validation ${count(parts.validation[what])}, ` +
    `test ${count(parts.test[what])})`;
  const lines: [string, string][] = [
    ['survey', survey.name],
    ['persons', byPart('persons')],
    ['observations', byPart('observations')],
    ['years', `${survey.years.first} to ${survey.years.last}`],
    [
      'steps',
      `one year ${share(steps.one / stepCount)}, two ${share(steps.two / stepCount)}, ` +
        `three or more ${share(steps.threeOrMore / stepCount)}`,
    ],
    [
      'transitions',
      `first ${count(transitions.first)}, move ${count(transitions.move)}, stay ${count(transitions.stay)}` +
        (stayShare === undefined ? '' : `; ${share(stayShare)} of those after the first stay`),
    ],
    [
      'occupations',
      `${count(occupations.declared)} declared, ${count(occupations.occurring)} occur, ` +
        `${count(occupations.occurringInTrain)} among train persons`,
    ],
    [
      'sparsity',
      `${count(occupations.below5InTrain)} declared occupations have fewer than 5 observations of train persons, ` +
        `${count(occupations.below30InTrain)} fewer than 30`,
    ],
    [
      'missing',
      Object.entries(missing)
        .map(([column, value]) => `${column} ${share(value)}`)
        .join(', '),
    ],
  ];
  if (clusters < survey.persons) lines.splice(2, 0, ['clusters', `${count(clusters)}, by which persons are split`]);
  if (parts.test.persons === 0) lines.push(['note', 'no test persons: the validation persons are the headline']);
  if (parts.train.persons === 0) lines.push(['note', 'no train persons: nothing can be fitted on this file']);
  const width = Math.max(...lines.map(([label]) => label.length));
  return [`${file}: no faults.`, '', ...lines.map(([label, text]) => `${label.padEnd(width)}  ${text}`)].join('\n');
};

const count = (n: number): string => n.toLocaleString('en-US');

const share = (x: number): string => {
  if (!Number.isFinite(x)) return '-';
  return x > 0 && x < 0.0005 ? 'below 0.1%' : `${(100 * x).toFixed(1)}%`;
};
