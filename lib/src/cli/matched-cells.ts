/** `labor-llm matched-cells`, which `npm run study:nlsy97` calls */
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readSurvey } from '../careers';
import { loadModel } from '../models';
import {
  disposeSharedRenderer,
  matchedCellsTable,
  matchedDifferencesTable,
  matchedGroupsTable,
  partsLine,
  saveMatchedCells,
  tableText,
} from '../report';
import {
  ARMS,
  dataPath,
  manifestOf,
  matchedCells as runMatchedCells,
  matchedCellsPlan,
  profileNames,
  type ProfileName,
} from '../studies';
import { toEnd, writeFileAtomic } from '../support';
import type { Command } from './command';
import { warn } from './data';
import { ProgressDisplay } from './progress';

export const matchedCells: Command = {
  name: 'matched-cells',
  summary: 'LABOR-LLM against CAREER, from nothing and pre-trained: the four matched cells',
  positionals: ['PATH'],
  options: {
    out: {
      value: 'DIR',
      required: true,
      help: 'the folder for the results, and for the two headline models: labor-llm and career',
    },
    survey: { value: 'NAME', help: "the survey's name; by default the file's" },
    inner: {
      help: 'fit and ask within the train persons (buckets below 56, and 56 to 69), for choosing among configurations',
    },
    profile: {
      value: 'NAME',
      choices: profileNames,
      help: 'how much is computed; by default published, the full size with three seeds',
    },
  },
  description: [
    'Both are fitted with the same seeds on the same train persons, from nothing and from a model that was pre-trained on ' +
      'the same synthetic careers, and asked about the same others: the test persons, or the validation persons where ' +
      'there are none. Nobody but train persons takes part in a fit; how long it is, was chosen with --inner.',
    'Fits are kept (`labor-llm models`): stop with Ctrl-C, or worse, and the same command goes on. The headline models ' +
      'are those of the first seed, pre-trained: `labor-llm evaluate --model DIR/labor-llm` asks them about anybody else.',
  ],
  examples: [
    ['labor-llm matched-cells nlsy97.csv.gz --out fitted/nlsy97', 'about two hours on two cores'],
    ['labor-llm matched-cells young-women --out fitted/women --profile classroom', 'one seed on the shipped panel'],
  ],
  run: async (given, { signal }) => {
    const folder = resolve(given.required('out'));
    const size = (given.text('profile') ?? 'published') as ProfileName;
    const name = given.text('survey');
    const inner = given.flag('inner');
    const [path] = given.positionals as [string];
    const survey = await readSurvey(dataPath(path), { warn, ...(name === undefined ? {} : { name }) });
    const display = new ProgressDisplay();
    try {
      const plan = matchedCellsPlan[size];
      const study = runMatchedCells(survey, { plan, inner, signal });
      const began = performance.now();
      let what = '';
      const { result, folders } = await toEnd(study, (log) => {
        if (log.what !== what) display.say(log.what);
        ({ what } = log);
        display.update(log.step, log.steps, partsLine(log, (performance.now() - began) / 1000));
      });
      display.close();
      const seed = plan.seeds[0] as number;
      const command = `labor-llm matched-cells${inner ? ' --inner' : ''} --profile ${size}`;
      const manifest = await manifestOf({ study: 'matched-cells', profile: size, survey, seed, command });
      await saveMatchedCells(survey.name, result, { results: folder, figures: folder });
      for (const arm of ARMS) {
        const model = await loadModel(folders[arm]);
        await rm(join(folder, arm), { recursive: true, force: true });
        await model.save(join(folder, arm));
        model.dispose();
      }
      await writeFileAtomic(
        join(folder, 'matched-cells.json'),
        `${JSON.stringify({ manifest, ...result }, null, 2)}\n`,
      );
      for (const tableOf of [matchedCellsTable, matchedDifferencesTable, matchedGroupsTable]) {
        const { rows, options } = tableOf(survey.name, result);
        process.stdout.write(`${tableText(rows, options)}\n\n`);
      }
      process.stdout.write(`The headline models, seed ${seed}: ${ARMS.map((arm) => join(folder, arm)).join(', ')}\n`);
    } finally {
      display.close();
      disposeSharedRenderer();
    }
    return 0;
  },
};
