/**
 * Our side of the scoring benchmark, in a process of its own: times the tree, exact and cut, the straightforward way, the
 * true titles alone and two years ahead, and prints what it measured as one line of JSON.
 *
 *   node --require tsx/cjs bench/scoring-run.ts FOLDER MODEL
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Career } from 'labor-llm/careers';
import { loadDecoder, type Decoder } from 'labor-llm/decoder';
import { compoundedDistribution } from 'labor-llm/evaluation';
import { loadModel, queriesOf, type Distribution, type Query } from 'labor-llm/models';
import { titleTrie } from 'labor-llm/tokens';
import { cutByLength } from 'labor-llm/training';
import { addSpanScores } from '../lib/dist/models/span-scores.js';
import type { ScoringTask } from './scoring-task';

/** Most tokens of a batch that the straightforward way is tried with; its best counts. */
const batchTokens = [2048, 8192, 32_768];

/** Bounds on a branch's probability that the cut is tried with. */
const bounds = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2];

/** Shares of the next year's probability that a compounded prediction follows. */
const covers = [0.9, 0.99];

const read = (folder: string, name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/**
 * The straightforward way: one pass a title over prompt and title, sorted by length, in batches.
 *
 * @returns [J] log-probabilities
 */
const straightforward = (
  decoder: Decoder,
  prompt: readonly number[],
  titles: ScoringTask['titles'],
  tokens: number,
) => {
  const texts = titles.map((title) => Int32Array.from([...prompt, ...title]));
  const lengths = texts.map(({ length }) => length);
  const result = new Float64Array(titles.length);
  for (const batch of cutByLength(lengths, [...lengths.keys()], tokens)) {
    const spans = batch.map((index) => {
      const ids = texts[index] as Int32Array;
      return { ids, spans: [{ index, from: prompt.length, to: ids.length }] };
    });
    addSpanScores(decoder, spans, 0, result);
  }
  return result;
};

const timed = async <T>(run: () => Promise<T> | T): Promise<[milliseconds: number, result: T]> => {
  const began = performance.now();
  const result = await run();
  return [performance.now() - began, result];
};

const main = async ([folder, modelFolder]: readonly string[]): Promise<void> => {
  if (folder === undefined || modelFolder === undefined) throw new Error('scoring-run.ts FOLDER MODEL');
  const { prompts, titles } = read(folder, 'task.json') as ScoringTask;
  const careers = read(folder, 'careers.json') as readonly Career[];
  const queries = careers.flatMap(queriesOf);
  const occupations = careers.flatMap(({ observations }) => observations.map(({ occupation }) => occupation));
  const model = await loadModel(modelFolder);
  const decoder = await loadDecoder(modelFolder);

  const distributions = (bound: number) => model.distributions(queries, { bound });
  await distributions(0); // warms up
  const [treeMilliseconds, exact] = await timed(() => distributions(0));
  const cuts = [];
  for (const bound of bounds) {
    const [milliseconds, cut] = await timed(() => distributions(bound));
    cuts.push({ bound, speedUp: treeMilliseconds / milliseconds, ...errorsOf(cut, exact) });
  }

  const ways = [];
  let logs: Float64Array[] = [];
  for (const tokens of batchTokens) {
    const [milliseconds, result] = await timed(() =>
      prompts.map((prompt) => straightforward(decoder, prompt, titles, tokens)),
    );
    logs = result;
    ways.push({ batchTokens: tokens, milliseconds: milliseconds / prompts.length });
  }
  const trie = titleTrie(titles);
  const inner = trie.children.filter((children, node) => node > 0 && children.length > 0).length;
  const titleTokens = titles.reduce((sum, title) => sum + title.length - 1, 0);
  const prefixTokens = prompts.reduce((sum, prompt) => sum + prompt.length, 0) / prompts.length;

  await model.logProbabilities(queries, occupations);
  const [trueMilliseconds] = await timed(() => model.logProbabilities(queries, occupations));
  const [career] = careers as readonly [Career];
  const middle = queriesOf(career)[career.observations.length >> 1] as Query;
  const ahead = { year: middle.year + 1, education: middle.education };
  const compounded = [];
  for (const cover of covers) {
    const [milliseconds, { asked, leftOut }] = await timed(() =>
      compoundedDistribution(model, middle, ahead, { cover }),
    );
    compounded.push({ cover, asked, leftOut, milliseconds });
  }
  const best = ways.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  console.log(
    JSON.stringify({
      observations: queries.length,
      titles: titles.length,
      // a career's own pass serves all of its observations
      treeTokens: inner + (2 * prefixTokens * careers.length) / queries.length,
      straightforwardTokens: titles.length * prefixTokens + titleTokens,
      treeMilliseconds: treeMilliseconds / queries.length,
      straightforwardMilliseconds: best.milliseconds,
      straightforwardBatchTokens: best.batchTokens,
      trueTitlesMilliseconds: trueMilliseconds / queries.length,
      cuts,
      compounded,
      logs: [...(logs[0] as Float64Array)],
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    }),
  );
};

/** Means over the observations of what the cut left out, and of how far its probabilities are off. */
const errorsOf = (cut: readonly Distribution[], exact: readonly Distribution[]) => {
  const mean = (of: (distribution: Distribution, index: number) => number): number =>
    cut.reduce((sum, distribution, index) => sum + of(distribution, index), 0) / cut.length;
  return {
    leftOut: mean(({ leftOut }) => leftOut ?? 0),
    error: mean(({ logProbabilities }, index) =>
      logProbabilities.reduce((sum, logP, j) => {
        const expected = exact[index]?.logProbabilities[j] as number;
        return sum + Math.abs(Math.exp(logP) - Math.exp(expected));
      }, 0),
    ),
  };
};

void main(process.argv.slice(2));
