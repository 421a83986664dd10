/** A leak from the future: a header that says how a career ends. */
import type { Career, Survey } from '../careers';

/**
 * The careers with a header that is true of one of their observations: the last, which is the leak, or the first, which is
 * what can be known when a prediction is wanted. What it says is the region, or besides the region the education "in the
 * end"; the education of each year stays as it is.
 */
export const headerFrom = (survey: Survey, what: 'region' | 'education', when: 'first' | 'last'): Survey => ({
  ...survey,
  careers: survey.careers.map((career): Career => {
    const one = career.observations.at(when === 'first' ? 0 : -1);
    if (what === 'region') return { ...career, region: one?.region };
    return { ...career, region: `${career.region ?? 'not known'}, ${one?.education ?? 'not known'} in the end` };
  }),
});

/** In how many of the careers the last observation says something else than the first. */
export const changingCareers = ({ careers }: Survey, what: 'region' | 'education'): number =>
  careers.filter(({ observations }) => observations[0]?.[what] !== observations.at(-1)?.[what]).length;
