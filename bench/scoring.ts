/** All titles' probabilities for every observation: the tree against one pass a title, and against transformers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeSharedRenderer, saveFigure, tableText } from 'labor-llm/report';
import { median, outputFolders } from 'labor-llm/studies';
import { chosenBackend } from 'labor-llm/tensors';
import { measureIn } from './child';
import { cutPlot, type Cut } from './cut-plot';
import type { Part } from './main';
import { writeScoringTask, type ScoringSource } from './scoring-task';

/** A prediction of the year after next, compounded over the next year. */
interface Compounded {
  /** Share of the next year's probability that is followed. */
  readonly cover: number;
  /** Distributions that it takes. */
  readonly asked: number;
  readonly leftOut: number;
  readonly milliseconds: number;
}

interface Ours {
  readonly observations: number;
  readonly titles: number;
  readonly treeTokens: number;
  readonly straightforwardTokens: number;
  readonly treeMilliseconds: number;
  readonly straightforwardMilliseconds: number;
  readonly straightforwardBatchTokens: number;
  readonly trueTitlesMilliseconds: number;
  readonly cuts: readonly Cut[];
  readonly compounded: readonly Compounded[];
  readonly logs: readonly number[];
  readonly peakMegabytes: number;
}

interface Theirs {
  readonly milliseconds: number;
  readonly batch: number;
  readonly logs: readonly number[];
  readonly version: string;
  readonly peakMegabytes: number;
}

/** @throws Error where the two sides give a title another log-probability. */
export const assertSameLogs = (ours: readonly number[], theirs: readonly number[]): void => {
  const difference = Math.max(...ours.map((log, title) => Math.abs(log - (theirs[title] as number))));
  if (difference < 1e-3) return;
  throw new Error(`log-probabilities of titles differ by ${difference} from those of transformers.`);
};

/** A fitted model and data of one's own: LABOR_LLM_BENCH_MODEL and LABOR_LLM_BENCH_DATA name them. */
const sourceGiven = (): ScoringSource | undefined => {
  const [model, data] = [process.env['LABOR_LLM_BENCH_MODEL'], process.env['LABOR_LLM_BENCH_DATA']];
  return model !== undefined && data !== undefined ? { model, data } : undefined;
};

const measure = async (python: string, runs: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'labor-llm-bench-'));
  try {
    const model = await writeScoringTask(folder, sourceGiven());
    const ours: Ours[] = [];
    const theirs: Theirs[] = [];
    for (let run = 0; run < runs; run++) {
      const ourArgs = ['--require', 'tsx/cjs', join(__dirname, 'scoring-run.ts'), folder, model];
      const one = (await measureIn(process.execPath, ourArgs)) as Ours;
      const theirArgs = [join(__dirname, 'scoring.py'), folder, model, String(availableParallelism())];
      const other = (await measureIn(python, theirArgs)) as Theirs;
      assertSameLogs(one.logs, other.logs);
      ours.push(one);
      theirs.push(other);
      const ratio = (other.milliseconds / one.treeMilliseconds).toFixed(1);
      console.log(`scoring, run ${run + 1} of ${runs}: ${ratio} x transformers`);
    }
    const first = ours[0] as Ours;
    const tokenRatio = first.straightforwardTokens / first.treeTokens;
    const straightforwardRatios = ours.map((one) => one.straightforwardMilliseconds / one.treeMilliseconds);
    const ratios = ours.map((one, run) => (theirs[run] as Theirs).milliseconds / one.treeMilliseconds);
    const cuts = first.cuts.map(({ bound, leftOut, error }, index) => ({
      ...{ bound, leftOut, error },
      speedUp: median(ours.map((one) => one.cuts[index]?.speedUp as number)),
    }));
    return {
      backend: chosenBackend().name,
      source: sourceGiven() === undefined ? 'made up, random weights' : 'a fitted model',
      titles: first.titles,
      treeTokens: first.treeTokens,
      straightforwardTokens: first.straightforwardTokens,
      tokenRatio,
      /** One pass a title, over ours, in time. */
      straightforwardRatio: median(straightforwardRatios),
      straightforwardRatios,
      shareOfTokenRatio: median(straightforwardRatios) / tokenRatio,
      /** Time of transformers over ours: above 1 we are faster. */
      ratio: median(ratios),
      ratios,
      treeMilliseconds: median(ours.map((one) => one.treeMilliseconds)),
      trueTitlesMilliseconds: median(ours.map((one) => one.trueTitlesMilliseconds)),
      cuts,
      compounded: first.compounded.map((one, index) => ({
        ...one,
        milliseconds: median(ours.map(({ compounded }) => compounded[index]?.milliseconds as number)),
      })),
      peakMegabytes: median(ours.map((one) => one.peakMegabytes)),
      transformersPeakMegabytes: median(theirs.map((one) => one.peakMegabytes)),
      transformers: theirs[0]?.version,
      straightforwardBatchTokens: first.straightforwardBatchTokens,
      transformersBatch: theirs[0]?.batch,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

type ScoringRow = Awaited<ReturnType<typeof measure>>;

export const scoring: Part = {
  async measure({ python, runs }) {
    const row = await measure(python, runs);
    await saveFigure(cutPlot(row.cuts), 'cut', outputFolders('published').figures);
    disposeSharedRenderer();
    return [row];
  },
  table: (rows) =>
    (rows as readonly ScoringRow[])
      .flatMap((row) => [
        tableText(
          [
            { against: 'one pass a title', tokens: row.tokenRatio, time: row.straightforwardRatio },
            {
              against: `transformers ${row.transformers}, titles behind a repeated cache`,
              tokens: undefined,
              time: row.ratio,
            },
          ],
          {
            caption: `All ${row.titles} titles of an observation, backend ${row.backend}: how many times less`,
            formats: { tokens: 1, time: 1 },
          },
        ),
        tableText(
          row.cuts.map((cut) => ({
            ...cut,
            bound: cut.bound.toExponential(0),
            leftOut: cut.leftOut.toExponential(1),
            error: cut.error.toExponential(1),
          })),
          {
            caption: 'The tree cut at a bound: mass left out, error in probabilities, times as fast as exact',
            formats: { speedUp: 2 },
          },
        ),
        tableText(
          row.compounded.map((one) => ({
            ...{ cover: one.cover, asked: one.asked, leftOut: one.leftOut },
            ...{ times: one.milliseconds / row.treeMilliseconds },
          })),
          {
            caption:
              'Two years ahead: distributions asked for, mass left out, times the cost of one observation of a career',
            formats: { cover: 2, leftOut: 4, times: 1 },
          },
        ),
      ])
      .join('\n\n'),
};
