/** Where the decoder looks when it is about to write a title: its attention, by the lines of the resume. */
import type { LaborLlm, Query } from '../models';
import { promptParts } from '../resumes';

/** Attention of a prompt's last token, head by head. */
export interface AttentionToYears {
  /** What is looked at: the header, each year of the history, the year that is asked about. */
  readonly lines: readonly string[];
  /** [layers][heads][lines] shares, which sum to 1 */
  readonly shares: readonly (readonly (readonly number[])[])[];
}

/** @param titles the declared occupations of the query's survey, as the model writes them */
export const attentionToYears = async (
  model: LaborLlm,
  query: Query,
  titles: readonly string[],
): Promise<AttentionToYears> => {
  // loaded here, so that what only looks up a folder does not load TensorFlow
  const { attentionWeights } = await import('../decoder/index.js');
  const { decoder, tokenizer, template } = model;
  const parts = promptParts(query, titles, template);
  const lengths = [
    1 + tokenizer.encodeSegment(parts.header).length, // the document's first token is read with the header
    ...parts.entries.map(
      ({ prompt, answer }) => tokenizer.encodeSegment(prompt).length + tokenizer.encodeSegment(answer).length,
    ),
    tokenizer.encodeSegment(parts.prompt).length,
  ];
  const ids = [tokenizer.beginOfText, ...tokenizer.encodePrompt(parts).ids];
  const T = ids.length;
  const { H } = decoder.heads;
  const shares = attentionWeights(decoder, ids).weights.map((layer) =>
    Array.from({ length: H }, (_, head) => {
      const end = (head + 1) * T * T;
      const last = layer.subarray(end - T, end); // [T] what the last token takes from each
      let from = 0;
      return lengths.map((length) => {
        from += length;
        return last.subarray(from - length, from).reduce((sum, share) => sum + share, 0);
      });
    }),
  );
  const lines = ['header', ...query.history.map(({ year }) => String(year)), `${query.year} (asked)`];
  return { lines, shares };
};
