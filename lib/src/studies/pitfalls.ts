/** What the appendix on pitfalls runs: errors committed on purpose, and how large their damage is. */
import type { Career, Survey } from '../careers';
import { scoreCareers, type Compared } from '../evaluation';
import { EmpiricalModel } from '../models';
import { headerFrom, type Ending } from './from-the-end';
import { heldOut } from './introduction';
import type { ProfileName } from './profile';
import { resampledTrainPersons } from './refits';
import { inTurn, type PartsLog } from './score-fits';
import { fitStored, storeFolder } from './store';

export interface PitfallsPlan {
  /** Most iterations of each stage of the logit. */
  readonly logitIterations: number;
  /** Equally good models to choose from, and how many persons choose. */
  readonly candidates: number;
  readonly choosing: readonly number[];
  /** Samples of persons, of those who choose and of those whose intervals are counted. */
  readonly samples: number;
}

export const pitfallsPlan: Readonly<Record<ProfileName, PitfallsPlan>> = {
  smoke: { logitIterations: 8, candidates: 5, choosing: [5, 10, 20], samples: 20 },
  classroom: { logitIterations: 60, candidates: 20, choosing: [10, 20, 50, 100, 200], samples: 300 },
  published: { logitIterations: 1000, candidates: 50, choosing: [10, 20, 50, 100, 200, 500, 1000], samples: 2000 },
};

/** A leak from the end of careers: answers about the same observations. */
export interface LeakFromTheEnd {
  readonly what: Ending;
  /** Fitted and asked without the leak. */
  readonly honest: readonly Compared[];
  /** Fitted and asked with it, as it would be reported. */
  readonly reported: readonly Compared[];
  /** Fitted with it, and asked with the header as it stands at the beginning, when the end is not known. */
  readonly used: readonly Compared[];
}

/** The multinomial logit with and without each leak. */
export async function* leakFromTheEnd(
  survey: Survey,
  { logitIterations }: PitfallsPlan,
  seed: number,
  store = storeFolder(),
): AsyncGenerator<PartsLog, readonly LeakFromTheEnd[]> {
  const fit = (of: Survey) =>
    fitStored('multinomial-logit', [of], { seed, config: { maxIterations: logitIterations } }, store);
  const leaking = {
    region: headerFrom(survey, 'region', 'last'),
    occupation: headerFrom(survey, 'occupation', 'last'),
  };
  const { honest, ...leaked } = yield* inTurn({
    honest: fit(survey),
    region: fit(leaking.region),
    occupation: fit(leaking.occupation),
  });
  const { careers } = heldOut(survey);
  const plain = await scoreCareers(honest.model, careers);
  const found: LeakFromTheEnd[] = [];
  for (const what of ['region', 'occupation'] as const) {
    const { model } = leaked[what];
    const reported = await scoreCareers(model, heldOut(leaking[what]).careers);
    const used = await scoreCareers(model, heldOut(headerFrom(survey, what, 'first')).careers);
    found.push({ what, honest: plain, reported, used });
  }
  return found;
}

/** Models that are equally good but for chance: counting, each on train persons drawn anew. [candidates][observations] */
export const tuningCandidates = async (
  survey: Survey,
  careers: readonly Career[],
  candidates: number,
  seed: number,
): Promise<readonly (readonly Compared[])[]> => {
  const scored: (readonly Compared[])[] = [];
  for (let number = 0; number < candidates; number++) {
    const model = EmpiricalModel.fit([resampledTrainPersons(survey, seed, number)], { seed });
    scored.push(await scoreCareers(model, careers));
  }
  return scored;
};
