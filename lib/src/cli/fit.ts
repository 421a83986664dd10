/** `labor-llm fit` */
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { readSurvey, type Survey } from '../careers';
import {
  defaultBase,
  fitModel,
  isModelName,
  modelNames,
  type EducationTiming,
  type FitLog,
  type FitOptions,
} from '../models';
import { toEnd } from '../support';
import type { Arguments, Command, Context, Option } from './command';
import { warn } from './data';
import { count } from './format';
import { duration, ProgressDisplay } from './progress';

/** `--set`, as `settingsGiven` reads it. */
export const SET_OPTION: Option = {
  value: 'NAME=VALUE',
  multiple: true,
  help: "one of the model's own settings; an unknown name lists them",
};

export const fit: Command = {
  name: 'fit',
  summary: 'fit a model on the train persons of a survey, or of several',
  positionals: [],
  options: {
    model: { value: 'NAME', required: true, help: `which model: ${modelNames.join(', ')}` },
    data: {
      value: 'FILE',
      required: true,
      multiple: true,
      help: 'a survey, CSV or CSV.gz; several are pooled, each under its own name and with its own occupations',
    },
    out: { value: 'DIR', required: true, help: 'the folder for the fitted model, and for checkpoints on the way' },
    occupations: {
      value: 'FILE',
      multiple: true,
      help: 'the declared occupations; by default occupations.csv beside the data. With several --data once for all, or once for each in the same order',
    },
    survey: {
      value: 'NAME',
      multiple: true,
      help: "the survey's name, as the resume's first line has it; by default the file's. With several --data once for each in the same order",
    },
    minutes: {
      value: 'M',
      help: 'wall clock for the whole command; turned into a number of steps once, near the beginning',
    },
    steps: { value: 'N', help: 'steps in total, those before a --resume included; overrules --minutes' },
    base: {
      value: 'DIR',
      help: 'the weights to begin from: for career another fitted career, matched by title and covariate; for models that read text a fitted folder or a Llama checkpoint (safetensors, in one file or several, with its tokenizer; no biases, and no positions scaled otherwise than in Llama 3), by default the foundation in data/foundation; none for nothing',
    },
    set: SET_OPTION,
    seed: { value: 'S', help: 'all randomness comes from it; by default 1' },
    education: {
      value: 'WHEN',
      choices: ['now', 'lagged'],
      help: 'when the model learns of an education: in its own year (now, the default, as in the paper), or one observation later',
    },
    resume: { help: 'go on where a stopped fit was; anew where there is nothing, nothing to do where all is done' },
  },
  description: [
    'Fits on the train persons (crc32 of the id, modulo 100, below 70). The validation persons choose among the ' +
      'checkpoints and do nothing else; the test persons are not looked at. An occupation that is declared but not ' +
      'seen in training is legal and has positive probability.',
    'Ctrl-C saves; the same command with --resume goes on and gives what the unbroken run would have given. ' +
      'The folder of a decoder holds model.safetensors, config.json and tokenizer.json. It may have memorised ' +
      'respondents: treat it like the data it was fitted on.',
    'uniform, marginal and empirical count in one pass, and multinomial-logit is fitted to its optimum: --minutes, ' +
      '--steps and --seed change nothing for them.',
  ],
  examples: [
    [
      'labor-llm fit --model labor-llm --data data/young-women/young-women.csv.gz --out fitted/labor-llm --minutes 5',
      'five minutes of fine-tuning on the shipped panel',
    ],
    [
      'labor-llm fit --model empirical --data mine.csv --occupations titles.txt --survey "My survey" --out fitted/mine',
      'a survey of your own, with its list of titles and its name',
    ],
  ],
  run: async (given, { signal }) => {
    const name = given.required('model');
    const folder = given.required('out');
    if (!isModelName(name)) given.fail(`--model is "${name}": it is one of ${modelNames.join(', ')}.`);
    const options = await fitOptions(given, signal);
    if (!options.resume) await checkEmpty(given, folder);
    const surveys = await readSurveys(given);
    signal.throwIfAborted();
    // what reading took is part of the wall clock that was asked for
    const minutes = options.minutes && Math.max(0.01, options.minutes - process.uptime() / 60);
    const result = await showFit(fitModel(name, surveys, { ...options, ...(minutes && { minutes }) }), signal);
    result.model.dispose();
    process.stdout.write(
      result.logs === 0
        ? `${folder} holds the fitted model already: there was nothing left to do.\n`
        : `The model "${name}" is fitted and lies in ${folder}.\n`,
    );
    return 0;
  },
};

/** `--set NAME=VALUE`: a number or true and false where the value reads so, text otherwise. */
export const settingsGiven = (given: Arguments): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    given.list('set').map((text) => {
      const [, name = '', value = ''] =
        /^([^=]+)=(.+)$/.exec(text) ?? given.fail(`--set is "${text}": give NAME=VALUE.`);
      const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
      return [name, isNumber ? Number(value) : value === 'true' || value === 'false' ? value === 'true' : value];
    }),
  );

const fitOptions = async (given: Arguments, signal: AbortSignal): Promise<FitOptions & { readonly folder: string }> => {
  const minutes = given.positive('minutes');
  const steps = given.whole('steps', 1, Number.MAX_SAFE_INTEGER);
  const seed = given.whole('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1;
  const education = given.text('education') as EducationTiming | undefined;
  const config = settingsGiven(given);
  const named = given.text('base');
  const base = named === 'none' ? undefined : (named ?? (await defaultBase(given.required('model'), config)));
  const asked = { seed, ...(minutes && { minutes }), ...(steps && { steps }), ...(education && { education }) };
  return {
    folder: given.required('out'),
    ...asked,
    ...(base && { base }),
    config,
    resume: given.flag('resume'),
    signal,
    provenance: {
      files: given.list('data').map((file) => basename(file)),
      options: {
        ...{ model: given.required('model'), ...asked, ...(base && { base: basename(base) }) },
        ...(Object.keys(config).length > 0 && { set: config }),
      },
    },
  };
};

/** Nothing that was fitted is ever written over by a command that did not mean to. */
export const checkEmpty = async (given: Arguments, folder: string): Promise<void> => {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    return given.fail(`--out ${folder} is no folder that can be read (${error.code ?? error.message}).`);
  });
  if (files.length === 0) return;
  given.fail(
    `--out ${folder} is not empty: give --resume to go on with what is there, or another folder ` +
      'to begin anew (or delete this one yourself).',
  );
};

const readSurveys = async (given: Arguments): Promise<readonly Survey[]> => {
  const files = given.list('data');
  const names = given.list('survey');
  const lists = given.list('occupations');
  if (names.length > 0 && names.length !== files.length) {
    given.fail(`There are ${files.length} --data and ${names.length} --survey: give one for each, in the same order.`);
  }
  if (lists.length > 1 && lists.length !== files.length) {
    given.fail(
      `There are ${files.length} --data and ${lists.length} --occupations: give one for all, or one for each.`,
    );
  }
  const surveys: Survey[] = [];
  for (const [index, file] of files.entries()) {
    const occupations = lists[index] ?? lists[0];
    const name = names[index];
    const survey = await readSurvey(file, {
      warn,
      ...(name === undefined ? {} : { name }),
      ...(occupations === undefined ? {} : { occupations }),
    });
    warn(`${survey.name}: ${count(survey.careers.length)} persons, ${count(survey.occupations.length)} occupations.`);
    surveys.push(survey);
  }
  checkDistinct(given, surveys);
  return surveys;
};

/** A person who is in two files under one survey name would count twice. */
const checkDistinct = (given: Arguments, surveys: readonly Survey[]): void => {
  const seen = new Set<string>();
  for (const { survey, person } of surveys.flatMap(({ careers }) => careers)) {
    const key = JSON.stringify([survey, person]);
    if (seen.has(key)) {
      given.fail(`Person "${person}" of the survey "${survey}" is in two of the files: name each with --survey.`);
    }
    seen.add(key);
  }
};

/** Runs a fit to its end, its log as progress. */
export const showFit = async <Model>(steps: AsyncGenerator<FitLog, Model>, signal: Context['signal']) => {
  const display = new ProgressDisplay();
  let last: FitLog | undefined;
  let logs = 0;
  try {
    const model = await toEnd(steps, (log) => {
      last = log;
      logs += 1;
      if (log.note !== undefined || log.validationLoss !== undefined) display.say(fitLine(log));
      else display.update(log.step, log.steps, fitLine(log));
    });
    return { model, logs };
  } catch (error) {
    if (signal.aborted && error === signal.reason) {
      const where = last === undefined ? 'before the first step' : `after step ${last.step} of ${last.steps}`;
      display.say(`Stopped ${where}. The same command with --resume goes on from there.`);
    }
    throw error;
  } finally {
    display.close();
  }
};

const fitLine = (log: FitLog): string =>
  [
    `step ${count(log.step)} of ${count(log.steps)}`,
    `epoch ${log.epoch.toFixed(2)}`,
    `loss ${log.loss.toFixed(3)}`,
    ...(log.validationLoss === undefined ? [] : [`validation ${log.validationLoss.toFixed(3)}`]),
    ...(log.tokensPerSecond > 0 ? [`${count(Math.round(log.tokensPerSecond))} tokens/s`] : []),
    ...(log.secondsLeft > 0 ? [`${duration(log.secondsLeft)} left`] : []),
    ...(log.note === undefined ? [] : [log.note]),
  ].join(', ');
