/**
 * What fine-tuning from a foundation gives over training from nothing, also where it hurts: by how many train persons there
 * are, and by how far the resumes that it has read are from the survey.
 */
import type { Survey } from '../careers';
import type { Estimate } from '../evaluation';
import { gainsBase, titlesFoundation, type GainsOptions } from './gains';
import { perplexityRatio } from './perplexity-ratio';
import { inTurn, scoreFits, type PartsLog, type PlannedFit } from './score-fits';
import { scoredPersons, shareFits, type Beginning, type SourcesOfGainsPlan } from './sources-of-gains';

/** A perplexity from nothing, and that from the base divided by it, paired over persons. */
export interface AgainstNothing {
  readonly fromNothing: Estimate;
  readonly ratio: Estimate;
}

export interface FoundationGain {
  /** Of the train persons. */
  readonly share: number;
  /** The market's knob: how far the resumes are from the survey. null for the base of the plan, as it is shipped. */
  readonly delta: number | null;
  readonly fromTheBase: Estimate;
  /** From nothing in as many steps; none where nothing is fitted. */
  readonly sameSteps?: AgainstNothing | undefined;
  /** From nothing in the plan's steps, or every occupation as likely where nothing is fitted; none where they are no more. */
  readonly moreSteps?: AgainstNothing | undefined;
}

/** With fewer train persons than this share, distances are not asked about. */
const LEAST_SHARE = 0.1;

const SAME_STEPS = 'from nothing, in as many steps';

type Of = { readonly beginning: Beginning | typeof SAME_STEPS; readonly share: number };

/** From the plan's base; on a drawn survey also from smaller ones, which have read resumes at the plan's distances. */
export async function* foundationGains(
  survey: Survey,
  options: GainsOptions,
): AsyncGenerator<PartsLog, readonly FoundationGain[]> {
  const { plan } = options;
  const gains = [...(yield* gainsFrom(yield* gainsBase(options), survey, null, plan, options))];
  if (survey.origin === undefined) return gains;
  const smaller = {
    ...plan,
    shares: plan.shares.filter((share) => share >= LEAST_SHARE),
    fromNothing: plan.smaller,
    fineTuning: plan.titlesFineTuning,
  };
  for (const delta of plan.deltas) {
    const { foundation } = yield* inTurn({ foundation: titlesFoundation({ delta }, 'words', options) });
    gains.push(...(yield* gainsFrom(foundation, survey, delta, smaller, options)));
  }
  return gains;
}

async function* gainsFrom(
  base: string,
  survey: Survey,
  delta: number | null,
  plan: SourcesOfGainsPlan,
  { seed, store, signal }: GainsOptions,
): AsyncGenerator<PartsLog, readonly FoundationGain[]> {
  const fits = shareFits(survey, base, plan, seed).filter(({ of }) => of.beginning !== 'counting');
  const { steps } = plan.fineTuning;
  const sameSteps = shareFits(survey, undefined, { ...plan, fromNothing: { ...plan.fromNothing, steps } }, seed)
    .filter(({ of }) => of.beginning === 'from nothing' && of.share > 0)
    .map((fit): PlannedFit<Of> => ({ ...fit, of: { ...fit.of, beginning: SAME_STEPS } }));
  const scored = yield* scoreFits<Of>([...fits, ...sameSteps], scoredPersons(survey, plan), { store, signal });
  return plan.shares.flatMap((share): FoundationGain[] => {
    const of = (beginning: Of['beginning']) =>
      scored.find((fit) => fit.of.share === share && fit.of.beginning === beginning);
    const [based, nothing, asShort] = [of('from the base'), of('from nothing'), of(SAME_STEPS)];
    if (based === undefined || nothing === undefined) return [];
    const against = (other: typeof nothing): AgainstNothing => ({
      fromNothing: other.perplexity,
      ratio: perplexityRatio(based.scored, other.scored),
    });
    const isLonger = share === 0 || plan.fromNothing.steps > steps;
    return [
      {
        ...{ share, delta, fromTheBase: based.perplexity },
        ...(asShort && { sameSteps: against(asShort) }),
        ...(isLonger && { moreSteps: against(nothing) }),
      },
    ];
  });
}
