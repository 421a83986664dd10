/** `labor-llm all-models`, which `npm run all-models` calls */
import { basename, resolve } from 'node:path';
import { readSurvey } from '../careers';
import type { EducationTiming } from '../models';
import { allModelsTable, disposeSharedRenderer, paperOrderTable, saveAllModels, tableText } from '../report';
import { allModels as runAllModels, dataPath, outputFolders, profile, writeResults } from '../studies';
import type { Arguments, Command } from './command';
import { warn } from './data';
import { ProgressDisplay } from './progress';

export const allModels: Command = {
  name: 'all-models',
  summary: 'fit every model on a survey and compare them all: one table',
  positionals: [],
  options: {
    data: { value: 'PATH', required: true, help: 'the survey: a file, or the name of a shipped one (young-women)' },
    models: { value: 'A,B,C', help: 'only these models; by default all' },
    minutes: { value: 'M', help: "wall clock for each fit; by default as long as each model's settings say" },
    steps: { value: 'N', help: 'steps of each fit; overrules --minutes' },
    base: {
      value: 'MODEL=DIR',
      multiple: true,
      help: 'the folder of a fitted model or checkpoint from which that model begins, or none; by default the foundation in data/foundation for models that read text, and for embedding-logit LABOR-LLM after fine-tuning where both are compared; once for each model',
    },
    education: {
      value: 'WHEN',
      choices: ['now', 'lagged'],
      help: 'when all models learn of an education: in its own year (now, the default), or one observation later',
    },
    seed: { value: 'S', help: 'all randomness comes from it; by default 1' },
    'perplexity-only': {
      help: 'no whole distributions: no AUC, accuracy or calibration, and much faster for language models',
    },
    json: { help: 'print the results as one JSON object on stdout and nothing else' },
  },
  description: [
    'Each model is fitted on the train persons and scored on the test persons (the validation persons where there are ' +
      'none). Fitted models are kept (`labor-llm models`): after Ctrl-C the same command goes on, and what is fitted is ' +
      'not fitted again. A model that cannot be had on the survey is a row that says why.',
    'The table is also written to data/results/PROFILE/SURVEY/ as all-models.md, .tex and, with every number and what made ' +
      'it, .json (LABOR_LLM_PROFILE; by default classroom).',
  ],
  examples: [
    ['labor-llm all-models --data young-women --minutes 5', 'every model, five minutes for each fit'],
    [
      'labor-llm all-models --data mine.csv --models labor-llm,career,empirical',
      'three models on a survey of your own',
    ],
  ],
  run: async (given, { signal }) => {
    const minutes = given.positive('minutes');
    const steps = given.whole('steps', 1, Number.MAX_SAFE_INTEGER);
    const seed = given.whole('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1;
    const models = given.text('models')?.split(',');
    const bases = basesOf(given);
    const education = given.text('education') as EducationTiming | undefined;
    const survey = await readSurvey(dataPath(given.required('data')), { warn });
    const display = new ProgressDisplay();
    const done = new Set<string>();
    try {
      const result = await runAllModels(survey, {
        seed,
        signal,
        distributions: !given.flag('perplexity-only'),
        bases,
        ...(education === undefined ? {} : { education }),
        ...(models === undefined ? {} : { models }),
        ...(minutes === undefined ? {} : { minutes }),
        ...(steps === undefined ? {} : { steps }),
        onProgress: (model, doing) => {
          if (!done.has(model)) display.say(model);
          done.add(model);
          display.update(0, 1, `${model}, ${doing}`);
        },
      });
      display.close();
      const named = profile();
      const provenance = { study: 'all-models', profile: named, survey, seed, command: commandOf(given) };
      const table = allModelsTable(survey.name, result);
      const order = paperOrderTable(survey.name, result);
      const path = await writeResults(provenance, { ...result });
      await saveAllModels(survey.name, result, outputFolders(named, survey.name));
      if (given.flag('json')) process.stdout.write(`${JSON.stringify(result)}\n`);
      else {
        process.stdout.write(`${tableText(table.rows, table.options)}\n\n`);
        if (result.order.length > 0) process.stdout.write(`${tableText(order.rows, order.options)}\n\n`);
        process.stdout.write(`written to ${path}, all-models.md and .tex beside it\n`);
      }
    } finally {
      display.close();
      disposeSharedRenderer();
    }
    return 0;
  },
};

/** The folders of `--base MODEL=DIR`, by model. */
const basesOf = (given: Arguments): Readonly<Record<string, string>> =>
  Object.fromEntries(
    given.list('base').map((text) => {
      const [, model, folder] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (model === undefined || folder === undefined) given.fail(`--base is "${text}": give MODEL=DIR.`);
      return [model, folder === 'none' ? folder : resolve(folder)];
    }),
  );

/** What makes the results again, without the folders of this machine. */
const commandOf = (given: Arguments): string => {
  const bases = Object.entries(basesOf(given)).map(([model, folder]) => `--base ${model}=${basename(folder)}`);
  const named = ['models', 'minutes', 'steps', 'education', 'seed'].flatMap((option) => {
    const value = given.text(option);
    return value === undefined ? [] : [`--${option} ${value}`];
  });
  const flags = given.flag('perplexity-only') ? ['--perplexity-only'] : [];
  return ['npm run all-models --', `--data ${basename(given.required('data'))}`, ...named, ...bases, ...flags].join(
    ' ',
  );
};
