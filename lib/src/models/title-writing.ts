/**
 * How titles stand in the text: as they are, as codes that mean nothing, or permuted. The latter two are controls for what
 * titles say (LABOR-LLM's "numeric" models): codes lose the words; permuted titles keep words, but the wrong ones.
 */
import { Random } from '../support';
import { ModelError } from './model-error';

/** Titles that are written as something else. */
export type WrittenTitles = Readonly<Record<string, string>>;

/**
 * What each title is written as: unique, the same for the same seed.
 *
 * @param writing words, codes or permuted
 * @param known   as a base wrote them: its titles are written as it knows them
 * @throws ModelError for another writing, or where a base wrote them otherwise than they are to be written
 */
export const writeTitles = (
  titles: readonly string[],
  writing: string,
  seed: number,
  known: WrittenTitles = {},
): WrittenTitles => {
  if (!['words', 'codes', 'permuted'].includes(writing)) {
    throw new ModelError(`Setting titles is "${writing}": it is one of words, codes and permuted.`, {
      titles: writing,
    });
  }
  if (writing === 'words') {
    if (Object.keys(known).length === 0) return {};
    throw new ModelError('The base was fitted on titles written otherwise: fit with the same setting `titles`.');
  }
  const random = new Random(seed);
  const fresh = [...new Set(titles)].filter((title) => !Object.hasOwn(known, title));
  const shuffled = random.shuffle([...fresh]);
  const used = new Set(Object.values(known));
  let number = 0;
  const code = (): string => {
    do number += 1;
    while (used.has(`job ${number}`));
    return `job ${number}`;
  };
  // a permutation in one cycle, so that no title keeps its place
  const written = shuffled.map((title, index): [string, string] => [
    title,
    writing === 'codes' ? code() : (shuffled[(index + 1) % shuffled.length] as string),
  ]);
  return { ...known, ...Object.fromEntries(written) };
};
