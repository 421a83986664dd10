/** What is published of a study, in a notebook beside what it has computed itself. */
import { readResults, sourceName, type SurveySource } from '../studies';

/**
 * Shows what a study has published, survey by survey, and names the surveys that it has not been published on.
 *
 * @param study   as in `npm run publish -- --list`
 * @param draw    shows its results on one survey
 * @param sources in a notebook `sourcesBeside` its survey
 */
export const showPublished = async <Results>(
  study: string,
  draw: (survey: string, results: Results) => Promise<void>,
  sources: readonly SurveySource[],
): Promise<void> => {
  const missing: string[] = [];
  for (const survey of sources.map(sourceName)) {
    const results = await readResults<Results>(study, 'published', survey);
    if (results === undefined) missing.push(survey);
    else await draw(survey, results);
  }
  if (missing.length > 0) console.log(`Not published yet at full size: ${study} on ${missing.join(', ')}.`);
};
