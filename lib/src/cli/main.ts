/** The command line `labor-llm`: finds the command, runs it, and turns what happened into an exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allModels } from './all-models';
import { check } from './check';
import { parse, type Command } from './command';
import { compare } from './compare';
import { doctor } from './doctor';
import { evaluate } from './evaluate';
import { fit } from './fit';
import { forecast } from './forecast';
import { foundation } from './foundation';
import { commandHelp, overview } from './help';
import { market } from './market';
import { matchedCells } from './matched-cells';
import { models } from './models';
import { predict } from './predict';
import { publish } from './publish';
import { UsageError } from './usage-error';

interface Entry {
  readonly name: string;
  readonly summary: string;
  run(argv: readonly string[]): Promise<number>;
}

const STOPPED = 130;

/** Why work ends that was stopped from outside. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** A command that is made of a table of options: it has help of its own and can be stopped by Ctrl-C. */
const fromTable = (command: Command): Entry => ({
  name: command.name,
  summary: command.summary,
  run: async (argv) => {
    if (argv.includes('--help') || argv.includes('-h')) {
      process.stdout.write(commandHelp(command));
      return 0;
    }
    const given = parse(command, argv);
    const controller = new AbortController();
    const stop = (): void => {
      if (controller.signal.aborted) process.exit(STOPPED);
      process.stderr.write('\nStopping after the current step; once more stops at once.\n');
      controller.abort(new Stopped('stopped'));
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    try {
      return await command.run(given, { signal: controller.signal });
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
  },
});

const commands: readonly Entry[] = [
  {
    name: 'check',
    summary: 'what a survey file is like: persons, years, occupations, and every fault it has',
    run: (argv) => check(argv),
  },
  ...[fit, evaluate, compare, predict, forecast, allModels, matchedCells, models, market, foundation, publish].map(
    fromTable,
  ),
  { name: 'doctor', summary: 'versions, backend and why, and what to do about what is not right', run: doctor },
];

const main = async (argv: readonly string[]): Promise<number> => {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const topic = name === 'help' ? find(rest[0]) : undefined;
    if (topic !== undefined) return topic.run(['--help']);
    (name === undefined ? process.stderr : process.stdout).write(overview(commands));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string };
    process.stdout.write(`${version}\n`);
    return 0;
  }
  const command = find(name);
  if (command === undefined) {
    throw new UsageError(
      `There is no command "${name}". There are: ${commands.map((entry) => entry.name).join(', ')}.`,
    );
  }
  return command.run(rest);
};

const find = (name: string | undefined): Entry | undefined => commands.find((entry) => entry.name === name);

const exitCodeOf = (error: unknown): number => {
  if (error instanceof Stopped) return STOPPED;
  if (error instanceof UsageError) {
    const help = error.command === undefined ? 'labor-llm --help' : `labor-llm ${error.command} --help`;
    process.stderr.write(`${error.message}\n\`${help}\` tells more.\n`);
    return 2;
  }
  process.stderr.write(`${isForeseen(error) ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
};

/** Errors of the rooms and of the file system say what to do; any other is a mistake of ours and shows where it was. */
const isForeseen = (error: unknown): error is Error =>
  error instanceof Error &&
  (typeof (error as NodeJS.ErrnoException).code === 'string' ||
    !/^(Error|TypeError|RangeError|ReferenceError|SyntaxError|EvalError|AssertionError)$/.test(error.name));

// `labor-llm predict ... | head` closes the pipe early, which is nobody's fault
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

main(process.argv.slice(2))
  .catch(exitCodeOf)
  .then(
    (code) => {
      process.exitCode = code;
    },
    () => {
      process.exitCode = 1;
    },
  );
