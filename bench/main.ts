/** The parts of the benchmark, run one after another; bench.mjs, which sets everything up first, says how it is called. */
import { parseArgs } from 'node:util';
import { updateBench } from './results';
import { scoring } from './scoring';
import { training } from './training';

export interface BenchOptions {
  /** A Python that has PyTorch. */
  readonly python: string;
  /** Alternating runs of each side. */
  readonly runs: number;
}

/** A part of the benchmark: what bench.json holds under its name. */
export interface Part {
  measure(options: BenchOptions): Promise<readonly object[]>;
  table(rows: readonly object[]): string;
}

const parts: Readonly<Record<string, Part>> = { training, scoring };

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    options: { runs: { type: 'string', default: '5' } },
    allowPositionals: true,
  });
  const python = process.env['LABOR_LLM_PYTORCH'];
  if (python === undefined) throw new Error('start it with npm run bench, which provides PyTorch.');
  const names = positionals.length > 0 ? positionals : Object.keys(parts);
  for (const name of names) {
    const part = parts[name];
    if (part === undefined) throw new Error(`there is no part "${name}": ${Object.keys(parts).join(', ')}.`);
    const rows = await part.measure({ python, runs: Number(values.runs) });
    console.log(`\n${part.table(rows)}\n`);
    console.log(`written to ${await updateBench(name, rows)}`);
  }
};

void main();
