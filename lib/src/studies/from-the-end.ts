/** A leak from the future: a header that says how a career ends. */
import type { Career, Survey } from '../careers';

/** What a header may tell of the end. */
export type Ending = 'region' | 'occupation';

/**
 * The careers with a header that is true of one of their observations: the last, which is the leak, or the first, which is
 * what can be known when a prediction is wanted. In the place of the region it says where that is or, of the last one, the
 * title of the occupation: at the beginning nobody knows a title.
 */
export const headerFrom = (survey: Survey, what: Ending, when: 'first' | 'last'): Survey => ({
  ...survey,
  careers: survey.careers.map((career): Career => {
    const one = career.observations.at(when === 'first' ? 0 : -1);
    if (what === 'region') return { ...career, region: one?.region };
    return {
      ...career,
      region: when === 'first' || one === undefined ? undefined : survey.occupations[one.occupation],
    };
  }),
});

/** In how many of the careers the last observation says something else than the first. */
export const changingCareers = ({ careers }: Survey, what: Ending): number =>
  careers.filter(({ observations }) => observations[0]?.[what] !== observations.at(-1)?.[what]).length;
