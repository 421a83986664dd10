/** Help that teaches: made from the commands' own tables. */
import type { Command, Option } from './command';

const WIDTH = 100;

export const overview = (commands: readonly { readonly name: string; readonly summary: string }[]): string => {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `labor-llm: the next occupation of a career, predicted from the career written as a resume

A survey of careers is a CSV file, one row a person and year. A model is fitted on its train persons and lies in
a folder; every other command works on such a folder. Persons are split once and for all by a hash of their id.

Commands
${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

A first session
  labor-llm check data/young-women/young-women.csv.gz
  labor-llm fit --model empirical --data data/young-women/young-women.csv.gz --out fitted/empirical
  labor-llm fit --model labor-llm --data data/young-women/young-women.csv.gz --out fitted/labor-llm --minutes 5
  labor-llm compare fitted/labor-llm fitted/empirical --data data/young-women/young-women.csv.gz

\`labor-llm COMMAND --help\` tells more of a command, \`labor-llm --version\` the version.
Exit codes: 0 done, 1 something is wrong with the data or the model, 2 the command line is, 130 stopped by Ctrl-C.
`;
};

export const commandHelp = (command: Command): string => {
  const { name, summary, positionals, options, description, examples } = command;
  const labels = Object.entries(options).map(([option, spec]) => [label(option, spec), spec] as const);
  const width = Math.max(...labels.map(([text]) => text.length));
  const usage = [
    ...positionals,
    ...labels.map(([text, { required, multiple }]) => `${required ? text : `[${text}]`}${multiple ? ' ...' : ''}`),
  ];
  return [
    `labor-llm ${name}: ${summary}`,
    '',
    'Usage',
    wrap(`labor-llm ${name} ${usage.join(' ')}`, '  ', '      '),
    '',
    ...description.flatMap((paragraph) => [wrap(paragraph, '', ''), '']),
    'Options',
    ...labels.map(([text, { help }]) => wrap(help, `  ${text.padEnd(width)}  `, ' '.repeat(width + 4))),
    '',
    examples.length > 1 ? 'Examples' : 'Example',
    ...examples.flatMap(([line, purpose]) => [`  # ${purpose}`, `  ${line}`]),
    '',
  ].join('\n');
};

const label = (name: string, { value }: Option): string => `--${name}${value === undefined ? '' : ` ${value}`}`;

/** Breaks a text into lines, never within what stands in square brackets. */
const wrap = (text: string, first: string, indent: string): string => {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.match(/\[[^\]]*\](?: \.\.\.)?|\S+/g) ?? []) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n');
};
