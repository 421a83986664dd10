/** `labor-llm foundation`, which `npm run foundation` calls */
import { Market, MARKET_DEFAULTS } from '../careers';
import { resumeCorpus } from '../studies';
import type { Command } from './command';
import { checkEmpty, SET_OPTION, settingsGiven, showFit } from './fit';
import { settingsOf } from './market';

/** Careers that are drawn at once. */
const CHUNK = 2000;

export const foundation: Command = {
  name: 'foundation',
  summary: 'train a decoder on synthetic resumes, for models that read text to begin from',
  positionals: [],
  options: {
    out: { value: 'DIR', required: true, help: 'the folder for the foundation, and for checkpoints on the way' },
    steps: { value: 'N', help: 'steps in total, those before a --resume included' },
    titles: {
      value: 'HOW',
      choices: ['words', 'codes', 'permuted'],
      help: "how occupations are written: by their titles (the default), by codes, or by each other's titles",
    },
    delta: {
      value: 'X',
      help: `how far the resumes are from the surveys, 0 to 5; by default ${MARKET_DEFAULTS.delta}`,
    },
    rho: { value: 'X', help: 'share of the likeness of occupations that is words in common, 0 to 1; by default 0' },
    inner: { help: 'from a market calibrated on the inner fold, for choosing among configurations' },
    set: SET_OPTION,
    seed: { value: 'S', help: 'all randomness comes from it; by default 1' },
    resume: {
      help: 'go on where a stopped training was; anew where there is nothing, nothing to do where all is done',
    },
  },
  description: [
    'The foundation reads resumes that the synthetic labor market draws (`labor-llm market`), in layouts that are not the ' +
      "survey's, several in a window. Its folder is a Hugging Face checkpoint; `labor-llm fit --base DIR` begins from it.",
    'Ctrl-C saves; the same command with --resume goes on and gives what the unbroken run would have given.',
  ],
  examples: [
    ['labor-llm foundation --out fitted/foundation --steps 500', 'a small one, to see how it goes'],
    [
      'labor-llm fit --model labor-llm --base fitted/foundation --data data/young-women/young-women.csv.gz --out fitted/tuned',
      'what fine-tuning makes of it',
    ],
  ],
  run: async (given, { signal }) => {
    const folder = given.required('out');
    const seed = given.whole('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1;
    const steps = given.whole('steps', 1, Number.MAX_SAFE_INTEGER);
    const titles = given.text('titles');
    const resume = given.flag('resume');
    if (!resume) await checkEmpty(given, folder);
    const { fitFoundation } = await import('../models/foundation.js');
    const training = fitFoundation(resumeCorpus(new Market('resumes', settingsOf(given)), seed, CHUNK), {
      ...{
        folder,
        seed,
        resume,
        signal,
        config: { ...settingsGiven(given), ...(titles === undefined ? {} : { titles }) },
      },
      ...(steps === undefined ? {} : { steps }),
    });
    const { model } = await showFit(training, signal);
    model?.decoder.dispose();
    process.stdout.write(
      model === undefined ? `${folder} holds the foundation already.\n` : `The foundation lies in ${folder}.\n`,
    );
    return 0;
  },
};
