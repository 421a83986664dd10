/** `labor-llm market` */
import { basename, resolve } from 'node:path';
import { Market, MARKET_DEFAULTS, writeMarket } from '../careers';
import { MARKET_FORMS, populationNames, POPULATIONS } from '../careers/market';
import type { Arguments, Command } from './command';
import { warn } from './data';
import { count } from './format';
import { ProgressDisplay } from './progress';

export const market: Command = {
  name: 'market',
  summary: 'draw a survey, or a corpus of resumes, from the synthetic labor market',
  positionals: [],
  options: {
    population: {
      value: 'NAME',
      required: true,
      choices: populationNames,
      help: `which: ${populationNames.join(', ')}`,
    },
    out: {
      value: 'FILE',
      required: true,
      help: 'the file to write, .csv or .csv.gz; its occupations.csv and manifest go beside it',
    },
    persons: {
      value: 'N',
      help: `how many careers; by default ${populationNames.map((name) => `${count(POPULATIONS[name].persons)} (${name})`).join(', ')}`,
    },
    seed: { value: 'S', help: 'all randomness comes from it; by default 1' },
    form: {
      value: 'FORM',
      choices: MARKET_FORMS,
      help: 'how the market works: latent types and returns, or years in the occupation and distance; by default types',
    },
    rho: {
      value: 'X',
      help: 'share of the likeness of occupations that is words in common in their titles, 0 to 1; by default 0',
    },
    delta: {
      value: 'X',
      help: `how far the resumes are from the surveys, 0 to 5; by default ${MARKET_DEFAULTS.delta}`,
    },
    shift: { value: 'X', help: 'how far psid81 and nlsy79 are from nlsy97, 0 to 5; by default 0' },
    'break-year': { value: 'YEAR', help: `the year of a structural break; by default ${MARKET_DEFAULTS.breakYear}` },
    'break-size': { value: 'X', help: 'how large it is, 0 to 5; by default 0, no break' },
    inner: { help: 'calibrated on the inner fold (persons below 56), for choosing among configurations' },
  },
  description: [
    'Careers with the real titles of occ1990dd and three states without work, calibrated on counts of NLSY97 ' +
      '(data/market/README.md says how, and what is assumed). The same options give the same careers, and of N persons ' +
      'the first of any more. Files of any size are written as they are drawn.',
    'FILE.market.json, beside the data, is what `labor-llm fit --model oracle` rebuilds the truth from: the probabilities ' +
      'that nothing beats but by chance. Titles help on these data as much as the design lets them; only real surveys tell ' +
      'about real titles.',
  ],
  examples: [
    [
      'labor-llm market --population nlsy97 --persons 2000 --out drawn/nlsy97.csv.gz',
      'a small survey of young workers',
    ],
    ['labor-llm fit --model oracle --data drawn/nlsy97.csv.gz --out fitted/oracle', 'the truth about it, as a model'],
  ],
  run: async (given, { signal }) => {
    const path = given.required('out');
    if (!/\.csv(\.gz)?$/i.test(path)) given.fail(`--out is "${path}": name a file that ends in .csv or .csv.gz.`);
    const drawn = new Market(given.required('population'), settingsOf(given));
    const persons = given.whole('persons', 1, 100_000_000) ?? drawn.population.persons;
    const seed = given.whole('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1;
    const display = new ProgressDisplay();
    try {
      const rows = await writeMarket(drawn, resolve(path), {
        persons,
        seed,
        signal,
        onProgress: ({ done, total, unit }) => display.update(done, total, `${count(done)} of ${count(total)} ${unit}`),
      });
      display.close();
      process.stdout.write(`${count(persons)} careers, ${count(rows)} rows, lie in ${path}.\n`);
      warn(`${basename(path)}: ${drawn.population.survey}, ${drawn.population.description}.`);
    } finally {
      display.close();
    }
    return 0;
  },
};

/** The market's settings among a command's options, those that the command has. */
export const settingsOf = (given: Arguments): Record<string, unknown> => {
  const numbers = { rho: 'rho', delta: 'delta', shift: 'shift', breakYear: 'break-year', breakSize: 'break-size' };
  const settings: Record<string, unknown> = {};
  for (const [setting, option] of Object.entries(numbers)) {
    const text = given.text(option);
    if (text === undefined) continue;
    if (!/^\d+(\.\d+)?$/.test(text)) given.fail(`--${option} is "${text}": give a number.`);
    settings[setting] = Number(text);
  }
  const form = given.text('form');
  if (form !== undefined) settings['form'] = form;
  if (given.flag('inner')) settings['fold'] = 'inner';
  return settings;
};
