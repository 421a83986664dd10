/** From a career to the questions that a model is asked about it. */
import type { Career, Covariates, OccupationIndex } from '../careers';
import type { Query } from './occupation-model';

/** What is known of a person besides the career, and nothing else of it: a model sees no observation through it. */
export const covariatesOf = ({ survey, sex, ethnicity, region, birthYear }: Career): Covariates => ({
  survey,
  sex,
  ethnicity,
  region,
  birthYear,
});

/** One query an observation, each with the observations before it as its history: the first with none. */
export const queriesOf = (career: Career): readonly Query[] => {
  const covariates = covariatesOf(career);
  return career.observations.map(({ year, education }, index) => ({
    covariates,
    history: career.observations.slice(0, index),
    year,
    education,
  }));
};

/** Queries of one career whose histories grow, answered in one pass: the last one's history holds all the others'. */
export interface Group {
  readonly queries: number[];
  last: Query;
}

/** Whether `next` goes on from where `last` asks: its history is last's, then what last asked about, then more. */
const goesOn = (last: Query, next: Query, occupation?: OccupationIndex): boolean => {
  const answered = next.history[last.history.length];
  return (
    answered !== undefined &&
    answered.year === last.year &&
    answered.education === last.education &&
    (occupation === undefined || answered.occupation === occupation) &&
    (next.covariates === last.covariates || JSON.stringify(next.covariates) === JSON.stringify(last.covariates)) &&
    last.history.every((observation, index) => observation === next.history[index])
  );
};

/** Queries in groups that one pass answers; with `occupations`, the answers, a history must hold them. */
export const inGroups = (queries: readonly Query[], occupations?: readonly OccupationIndex[]): Group[] => {
  const groups: Group[] = [];
  queries.forEach((query, index) => {
    const group = groups[groups.length - 1];
    if (group && goesOn(group.last, query, occupations?.[index - 1])) {
      group.queries.push(index);
      group.last = query;
    } else {
      groups.push({ queries: [index], last: query });
    }
  });
  return groups;
};
