/** `labor-llm publish`, which `npm run publish` calls */
import {
  disposeSharedRenderer,
  gainsWorthPlot,
  gainsWorthTable,
  mainPlot,
  mainTable,
  paperOrdersTable,
  saveFigure,
  saveTables,
} from '../report';
import {
  outputFolders,
  publications,
  publishedComparison,
  publishedGainsWorth,
  publish as publishStudies,
  profileNames,
  redraw,
  refreshQuotes,
  sideBySide,
  sourceSurvey,
  type ProfileName,
  type Publication,
} from '../studies';
import { projectFolder } from '../support';
import type { Command } from './command';
import { columns } from './format';
import { ProgressDisplay } from './progress';
import { publishedStudies } from './published-studies';

export const publish: Command = {
  name: 'publish',
  summary: 'compute the results that README and notebooks quote, study by study, at full size',
  positionals: [],
  options: {
    only: { value: 'A,B', help: 'only these: a study (all-models) or one of its results (young-women/all-models)' },
    list: { help: 'say what is there and what is missing, with an estimate, and compute nothing' },
    again: { help: 'compute anew what older code has computed, too; without it, such results stand' },
    nlsy97: { value: 'FILE', help: "NLSY97's survey file, which is not shipped; its studies are left out without it" },
    redraw: {
      help: 'compute nothing: tables and figures anew, from the numbers that are there; README and notebooks quote them',
    },
    profile: {
      value: 'NAME',
      choices: profileNames,
      help: 'how much is computed; by default published, the full size. Others go to data/results/NAME/',
    },
    seed: { value: 'S', help: 'all randomness comes from it; by default 1' },
  },
  description: [
    'Results go to data/results/published/SURVEY/STUDY.json with a manifest, their tables beside them, figures to ' +
      'figures/published/SURVEY/. Each is written when it is whole; stop with Ctrl-C, or worse, and the same command goes on. ' +
      'Results that stand are left alone: those of the same data, seed and revision of their study.',
    'A number is quoted in README or in a notebook by its key between two comments: ' +
      '<!-- published: young-women/all-models#rows.career.report.perplexity -->7.14<!-- -->. What is published anew is ' +
      'put there at once; a test compares them all.',
  ],
  examples: [
    ['labor-llm publish --list', 'what is there, and how long the rest would take'],
    ['labor-llm publish --only young-women/all-models', 'one result'],
  ],
  run: async (given, { signal }) => {
    const size = (given.text('profile') ?? 'published') as ProfileName;
    const only = given.text('only')?.split(',');
    if (given.flag('redraw')) return await redrawn(size, only).finally(disposeSharedRenderer);
    const seed = given.whole('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1;
    const nlsy97 = given.text('nlsy97');
    const again = given.flag('again');
    const wanted = await publications(
      publishedStudies,
      {
        profile: size,
        seed,
        surveyOf: (source) => sourceSurvey(source, size, { seed, ...(nlsy97 === undefined ? {} : { nlsy97 }) }),
      },
      only,
    );
    process.stdout.write(listOf(wanted, again, size));
    if (given.flag('list')) return 0;
    const display = new ProgressDisplay();
    let current = '';
    try {
      const done = await publishStudies(
        wanted,
        { profile: size, seed },
        {
          again,
          signal,
          onProgress: ({ key }, doing) => {
            if (key !== current) display.say(key);
            current = key;
            display.update(0, 1, `${key}: ${doing}`);
          },
        },
      );
      display.close();
      process.stdout.write(done.length === 0 ? 'There was nothing to compute.\n' : `computed: ${done.join(', ')}\n`);
      return size === 'published' ? await refresh() : 0;
    } finally {
      display.close();
      disposeSharedRenderer();
    }
  },
};

const redrawn = async (size: ProfileName, only: readonly string[] | undefined): Promise<number> => {
  const display = new ProgressDisplay();
  try {
    const done = await redraw(publishedStudies, size, only, (key) => display.say(key));
    process.stdout.write(`written anew: ${done.length} ${done.length === 1 ? 'result' : 'results'}\n`);
  } finally {
    display.close();
  }
  return size === 'published' ? await refresh() : 0;
};

const isToDo = ({ state }: Publication, again: boolean): boolean =>
  state === 'missing' || state === 'outdated' || (again && state === 'older code');

const listOf = (wanted: readonly Publication[], again: boolean, size: ProfileName): string => {
  const time = (minutes: number): string =>
    minutes < 90 ? `${Math.ceil(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
  const toDo = wanted.filter((one) => isToDo(one, again));
  const sum = toDo.reduce((minutes, one) => minutes + (one.minutes ?? 0), 0);
  const isFull = size === 'published';
  return `${columns([
    ['result', 'state', ...(isFull ? ['about'] : []), 'what it is'],
    ...wanted.map((one) => [
      one.key,
      one.state,
      ...(isFull ? [isToDo(one, again) && one.minutes !== null ? time(one.minutes) : ''] : []),
      one.study.about,
    ]),
  ])}\n\n${toDo.length} of ${wanted.length} to compute${isFull && toDo.length > 0 ? `: about ${time(sum)} on two cores` : ''}\n`;
};

/** What is made of all published results: the main table with its orders, the gains, and the numbers that prose quotes. */
const refresh = async (): Promise<number> => {
  const { results, figures } = outputFolders('published', undefined, projectFolder);
  const gains = await publishedGainsWorth();
  if (gains.length > 0) {
    await saveTables({ gains: gainsWorthTable(gains) }, results);
    await saveFigure(gainsWorthPlot(sideBySide(gains)), 'gains', figures);
  }
  const compared = await publishedComparison();
  if (compared !== undefined) {
    await saveTables({ 'main-table': mainTable(compared), 'paper-order': paperOrdersTable(compared) }, results);
    await saveFigure(mainPlot(compared), 'main-table', figures);
  }
  const wrong = await refreshQuotes();
  for (const { file, key, quoted, published } of wrong) {
    process.stdout.write(`${file}: ${key} was quoted as ${quoted} and is ${published}\n`);
  }
  process.stdout.write(wrong.length === 0 ? 'Every quoted number is as published.\n' : 'All quotes are put right.\n');
  return 0;
};
