/** Scored observations made up for tests. */
import type { OccupationIndex, PersonId } from 'labor-llm/careers';
import type { Outcome, ScoredObservation } from 'labor-llm/evaluation';

/** An observation to which a model gave this probability. */
export const scoredWith = (probability: number, rest: Partial<ScoredObservation> = {}): ScoredObservation => ({
  survey: 'toy',
  person: 'p' as PersonId,
  cluster: rest.person ?? 'p',
  year: 2000,
  occupation: 0 as OccupationIndex,
  last: undefined,
  transition: 'first',
  step: undefined,
  education: undefined,
  sex: undefined,
  ethnicity: undefined,
  age: undefined,
  logProbability: Math.log(probability),
  keptMass: undefined,
  distribution: undefined,
  weight: 1,
  ...rest,
});

/** A person's observations, one a year from 2000 on, with these probabilities. */
export const scoredPerson = (person: string, probabilities: readonly number[], cluster = person): ScoredObservation[] =>
  probabilities.map((probability, index) =>
    scoredWith(probability, { person: person as PersonId, cluster, year: 2000 + index }),
  );

/** An observation of which a model foretold one event, by its name, and nothing else. */
export const scoredOutcome = (
  outcome: string,
  { probability, happened }: Outcome,
  rest: Partial<ScoredObservation> = {},
): ScoredObservation =>
  scoredWith(1 / 2, {
    keptMass: 1,
    distribution: { from: undefined, outcomes: { [outcome]: { probability, happened } }, above: 0, tied: 1 },
    ...rest,
  });
