/** data/results/published/bench.json: `{manifest, training: [...], scoring: [...]}`. */
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { outputFolders, surroundings } from 'labor-llm/studies';
import { writeFileAtomic } from 'labor-llm/support';
import { seed } from './training-task';

/** How busy the machine was before we began. */
const load = loadavg()[0];

/** Puts a part's rows in place of those that were there, with what made them; the other parts stay. Gives the path. */
export const updateBench = async (part: string, rows: readonly object[]): Promise<string> => {
  const path = join(outputFolders('published').results, 'bench.json');
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { manifest: object }) : { manifest: {} };
  const made = { seed, ...surroundings(), load, command: `npm run bench -- ${part}` };
  const bench = { ...before, manifest: { study: 'bench', ...before.manifest, [part]: made }, [part]: rows };
  await writeFileAtomic(path, `${JSON.stringify(bench, null, 2)}\n`);
  return path;
};
