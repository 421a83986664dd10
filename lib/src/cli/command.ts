/** What a command is: its options in one table, from which both the parser and the help are made. */
import { parseArgs } from 'node:util';
import { UsageError } from './usage-error';

export interface Option {
  /** What the value is called in the help ("FILE"); a flag has none. */
  readonly value?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  readonly required?: boolean;
  /** The values that are possible, where they are few. */
  readonly choices?: readonly string[];
  readonly help: string;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Names of the arguments that are no options, in their order. */
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** What a reader of the help should know, in paragraphs. */
  readonly description: readonly string[];
  /** Commands that work on the shipped data, each with what it is for. */
  readonly examples: readonly (readonly [command: string, purpose: string])[];
  /** @returns the exit code */
  run(given: Arguments, context: Context): Promise<number>;
}

export interface Context {
  /** Aborted by Ctrl-C: save what there is and end by throwing its reason. */
  readonly signal: AbortSignal;
}

/** The arguments of one call, each read with the check that it needs. */
export class Arguments {
  constructor(
    private readonly command: Command,
    private readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>,
    readonly positionals: readonly string[],
  ) {}

  /** @throws UsageError for this command. */
  fail(message: string): never {
    throw new UsageError(message, this.command.name);
  }

  flag(name: string): boolean {
    return this.values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** An option that is required in the command's table. */
  required(name: string): string {
    return this.text(name) ?? this.fail(`--${name} is missing.`);
  }

  /** The values of an option that may be given several times, in their order. */
  list(name: string): readonly string[] {
    const values = this.values[name];
    return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
  }

  /** A whole number between two others, both included. */
  whole(name: string, from: number, to: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= from && number <= to) return number;
    const limits = to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `from ${from} to ${to}`;
    return this.fail(`--${name} is "${text}": give a whole number ${limits}.`);
  }

  /** A number above 0. */
  positive(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = text.trim() === '' ? NaN : Number(text);
    if (number > 0 && Number.isFinite(number)) return number;
    return this.fail(`--${name} is "${text}": give a number above 0.`);
  }
}

/** @throws UsageError naming what is unknown, missing or not possible, and what there is instead. */
export const parse = (command: Command, argv: readonly string[]): Arguments => {
  const fail = (message: string): never => {
    throw new UsageError(message, command.name);
  };
  const known = Object.keys(command.options).map((name) => `--${name}`);
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(command.options).map(([name, { value, multiple = false }]) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
    if (option === undefined) return fail(`There is no option ${token.rawName}. There are: ${known.join(', ')}.`);
    const { value, choices, multiple } = option;
    if (seen.has(token.name) && !multiple) fail(`--${token.name} is given twice: it takes one value.`);
    seen.add(token.name);
    if (value === undefined && token.value !== undefined) fail(`--${token.name} takes no value.`);
    if (value === undefined) continue;
    // "--out --json" is a forgotten value, not a folder of that name; "--out=--json" would be one
    const isForgotten = !token.value || (!token.inlineValue && token.value.startsWith('--'));
    if (isForgotten) fail(`--${token.name} needs a value: --${token.name} ${value}.`);
    if (choices && token.value !== undefined && !choices.includes(token.value)) {
      fail(`--${token.name} is "${token.value}": it is one of ${choices.join(', ')}.`);
    }
  }
  for (const [name, { required, value }] of Object.entries(command.options)) {
    if (required && !seen.has(name)) fail(`--${name} is missing: give --${name} ${value ?? ''}.`);
  }
  const expected = command.positionals;
  if (positionals.length !== expected.length) {
    const stray = positionals[expected.length];
    if (stray === undefined) fail(`${expected.slice(positionals.length).join(' ')} is missing.`);
    fail(`"${stray}" is one argument too many${expected.length > 0 ? ` after ${expected.join(' ')}` : ''}.`);
  }
  return new Arguments(command, values, positionals);
};
