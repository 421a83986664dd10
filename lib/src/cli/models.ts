/** `labor-llm models` */
import { listStore, pruneStore, type Pruning, type StoreEntry } from '../studies';
import type { Command } from './command';
import { columns } from './format';
import { duration } from './progress';

export const models: Command = {
  name: 'models',
  summary: 'the fitted models that studies keep: list them, or take away what is not needed',
  positionals: [],
  options: {
    prune: {
      value: 'WHICH',
      choices: ['outdated', 'unfinished', 'all'],
      help: 'take away those of other code than the present (outdated), of stopped fits (unfinished), or all',
    },
    json: { help: 'print one JSON array on stdout and nothing else' },
  },
  description: [
    'Studies such as `npm run all-models` keep what they have fitted in data/fitted, a folder a model, by a hash of data, ' +
      'settings and code: what is there is not fitted again. Every command that takes a fitted model takes such a folder. ' +
      'They may have memorised respondents: treat them like the data they were fitted on.',
  ],
  examples: [
    ['labor-llm models', 'what there is'],
    ['labor-llm models --prune outdated', 'make room'],
  ],
  run: async (given) => {
    const prune = given.text('prune') as Pruning | undefined;
    const entries = prune === undefined ? await listStore() : await pruneStore(prune);
    process.stdout.write(given.flag('json') ? `${JSON.stringify(entries)}\n` : textOf(entries, prune));
    return 0;
  },
};

const textOf = (entries: readonly StoreEntry[], prune: Pruning | undefined): string => {
  if (entries.length === 0)
    return prune === undefined ? 'There are no stored models.\n' : 'There was nothing to prune.\n';
  const megabytes = entries.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const what = prune === undefined ? '' : 'taken away: ';
  return `${columns([
    ['model', 'survey', 'settings', 'fitted in', 'begun', 'MB', 'state', 'folder'],
    ...entries.map((entry) => [
      entry.model,
      entry.surveys.join(', '),
      settingsOf(entry),
      duration(entry.seconds),
      entry.began.slice(0, 16).replace('T', ' '),
      (entry.bytes / 1e6).toFixed(1),
      `${entry.isFitted ? 'fitted' : 'unfinished'}${entry.isCurrent ? '' : ', outdated'}`,
      entry.folder,
    ]),
  ])}\n\n${what}${entries.length} models, ${megabytes.toFixed(1)} MB\n`;
};

const settingsOf = ({ options }: StoreEntry): string =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
