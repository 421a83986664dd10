/** Training steps: the function that `fit` calls against PyTorch, same weights, same batch, same optimizer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableText } from 'labor-llm/report';
import { median } from 'labor-llm/studies';
import { chosenBackend, type BackendName } from 'labor-llm/tensors';
import type { Part } from './main';
import { measureIn } from './child';
import { nameOf, operationsOf, sizes, type Size } from './sizes';
import { writeTask } from './training-task';

/** What a side prints. */
interface Measured {
  /** Of the first steps, nats a token. */
  readonly losses: readonly number[];
  /** Median of a step. */
  readonly milliseconds: number;
  /** Largest resident set of the process. */
  readonly peakMegabytes: number;
}

interface OurMeasured extends Measured {
  readonly productGflops: number;
  readonly threads: number;
}

interface PytorchMeasured extends Measured {
  readonly version: string;
}

/** How long a process warms up and then measures, in seconds; at least one step of each. */
export interface Duration {
  readonly warmUp: number;
  readonly seconds: number;
}

const published: Duration = { warmUp: 1, seconds: 3 };

const seconds = ({ warmUp, seconds }: Duration): string[] => [String(warmUp), String(seconds)];

/** Our side, in a process of its own. */
export const measureOurs = async (folder: string, backend: BackendName, duration: Duration): Promise<OurMeasured> => {
  const args = ['--require', 'tsx/cjs', join(__dirname, 'training-step.ts'), folder, ...seconds(duration)];
  return (await measureIn(process.execPath, args, { LABOR_LLM_BACKEND: backend })) as OurMeasured;
};

const measurePytorch = async (folder: string, python: string, duration: Duration): Promise<PytorchMeasured> => {
  const args = [join(__dirname, 'training_step.py'), folder, ...seconds(duration), String(availableParallelism())];
  return (await measureIn(python, args)) as PytorchMeasured;
};

/** @throws Error where the two sides differ in the first loss or in the one after the first update. */
export const assertSameWork = (ours: readonly number[], theirs: readonly number[], what: string): void => {
  const difference = Math.max(...ours.map((loss, step) => Math.abs(loss - (theirs[step] as number))));
  if (difference < 1e-4) return;
  throw new Error(`${what}: the first losses are ${ours.join(', ')} here and ${theirs.join(', ')} in PyTorch.`);
};

/** A row of bench.json: medians over the runs. */
export const trainingRow = (
  backend: BackendName,
  size: Size,
  parameters: number,
  ours: readonly OurMeasured[],
  theirs: readonly PytorchMeasured[],
) => {
  const milliseconds = median(ours.map((one) => one.milliseconds));
  const gflops = operationsOf(size, parameters) / milliseconds / 1e6;
  const productGflops = median(ours.map((one) => one.productGflops));
  const ratios = ours.map((one, run) => (theirs[run] as Measured).milliseconds / one.milliseconds);
  const peakMegabytes = median(ours.map((one) => one.peakMegabytes));
  const pytorchPeakMegabytes = median(theirs.map((one) => one.peakMegabytes));
  return {
    backend,
    size: nameOf(size),
    parameters,
    /** PyTorch's time over ours: above 1 we are faster. */
    ratio: median(ratios),
    ratios,
    gflops,
    productGflops,
    shareOfProduct: gflops / productGflops,
    peakMegabytes,
    pytorchPeakMegabytes,
    memoryRatio: peakMegabytes / pytorchPeakMegabytes,
    milliseconds,
    pytorchMilliseconds: median(theirs.map((one) => one.milliseconds)),
    threads: ours[0]?.threads,
    pytorch: theirs[0]?.version,
    firstLoss: ours[0]?.losses[0],
    pytorchFirstLoss: theirs[0]?.losses[0],
  };
};

type TrainingRow = ReturnType<typeof trainingRow>;

const measureSize = async (size: Size, python: string, runs: number): Promise<TrainingRow[]> => {
  const backends: BackendName[] = chosenBackend().name === 'tensorflow' ? ['tensorflow', 'wasm'] : ['wasm'];
  const folder = mkdtempSync(join(tmpdir(), 'labor-llm-bench-'));
  try {
    const parameters = await writeTask(size, folder);
    const theirs: PytorchMeasured[] = [];
    const ours = new Map(backends.map((backend): [BackendName, OurMeasured[]] => [backend, []]));
    for (let run = 0; run < runs; run++) {
      const pytorch = await measurePytorch(folder, python, published);
      theirs.push(pytorch);
      for (const [backend, measured] of ours) {
        const one = await measureOurs(folder, backend, published);
        assertSameWork(one.losses, pytorch.losses, `${backend}, size ${nameOf(size)}`);
        measured.push(one);
        const ratio = (pytorch.milliseconds / one.milliseconds).toFixed(2);
        console.log(`training, size ${nameOf(size)}, run ${run + 1} of ${runs}: ${backend} ${ratio} x PyTorch`);
      }
    }
    return [...ours].map(([backend, measured]) => trainingRow(backend, size, parameters, measured, theirs));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const training: Part = {
  async measure({ python, runs }) {
    const rows: TrainingRow[] = [];
    for (const size of sizes) rows.push(...(await measureSize(size, python, runs)));
    return rows;
  },

  table: (rows) =>
    tableText(
      (rows as readonly TrainingRow[]).map((row) => ({
        backend: row.backend,
        size: row.size,
        ratio: row.ratio,
        low: Math.min(...row.ratios),
        high: Math.max(...row.ratios),
        gflops: row.gflops,
        share: row.shareOfProduct,
        peak: row.peakMegabytes,
        memory: row.memoryRatio,
      })),
      {
        caption: "Training steps: PyTorch's time over ours (above 1 we are faster), median and range of the runs",
        headers: {
          size: 'B,T,C,L,H,V',
          gflops: 'GFLOP/s',
          share: "share of the machine's own product",
          peak: 'peak MB',
          memory: "x PyTorch's",
        },
        formats: { ratio: 2, gflops: 0, share: 2, peak: 0, memory: 2 },
        intervals: { ratio: ['low', 'high'] },
      },
    ),
};
