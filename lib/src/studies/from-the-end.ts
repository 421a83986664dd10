/** A leak from the future: covariates as they are at the end of a career, told about every year of it. */
import type { Career, Survey } from '../careers';

/** The careers as told with what the last observation says: the region in the header, or the education of every year. */
export const fromTheEnd = (survey: Survey, what: 'region' | 'education'): Survey => ({
  ...survey,
  careers: survey.careers.map((career): Career => {
    const last = career.observations.at(-1);
    if (what === 'region') return { ...career, region: last?.region };
    return { ...career, observations: career.observations.map((one) => ({ ...one, education: last?.education })) };
  }),
});

/** In how many of the careers the last observation says something else than the first. */
export const changingCareers = ({ careers }: Survey, what: 'region' | 'education'): number =>
  careers.filter(({ observations }) => observations[0]?.[what] !== observations.at(-1)?.[what]).length;
