/**
 * The matched cells: CAREER and LABOR-LLM, each from nothing and pre-trained on the same synthetic careers, fitted with the
 * same seeds on the same persons and asked about the same others. Nobody but the train persons takes part in a fit: how long
 * it is was chosen on the inner fold, and its last weights are kept.
 */
import { innerFold, MERGED_STATES, splitSurvey, surveyOf, withMergedStates, type Survey } from '../careers';

import { comparePerplexities, compareScores, type Estimate } from '../evaluation';
import type { ModelFit } from './fit-on';
import { heldOut, tinyDecoder, type HeldOut } from './introduction';
import { perplexityRatio } from './perplexity-ratio';
import type { ProfileName } from './profile';
import { inTurn, scoreFits, type PartsLog, type PlannedFit, type ScoredFit } from './score-fits';
import { fitStored, type StoredOptions } from './store';
import { observationGroups, type ObservationGroup, type ScoredAgain } from './stored-evaluation';

export const ARMS = ['labor-llm', 'career'] as const;

export type Arm = (typeof ARMS)[number];

export const BEGINNINGS = ['from nothing', 'pre-trained'] as const;

export type CellBeginning = (typeof BEGINNINGS)[number];

export interface MatchedCellsPlan {
  /** The first one's weights are the headline's. */
  readonly seeds: readonly number[];
  /** Which cell's models the headline compares; declared before they are scored. */
  readonly headline: CellBeginning;
  /** Synthetic careers that are drawn; both arms are pre-trained on the seven tenths whose hash makes them train persons. */
  readonly persons: number;
  /** Pre-training and the two kinds of fits, arm by arm; what is not said is as it is by default. */
  readonly preTraining: Readonly<Record<Arm, ModelFit>>;
  readonly fits: Readonly<Record<Arm, Readonly<Record<CellBeginning, ModelFit>>>>;
}

const tiny = { ...tinyDecoder, vocabulary: 1000 };
const tinyCareer = { layers: 1, width: 48, feedForward: 96 };

const small: MatchedCellsPlan = {
  seeds: [1, 2],
  headline: 'pre-trained',
  persons: 200,
  preTraining: { 'labor-llm': { steps: 4, config: tiny }, career: { steps: 4, config: tinyCareer } },
  fits: {
    'labor-llm': { 'from nothing': { steps: 4, config: tiny }, 'pre-trained': { steps: 4 } },
    career: {
      'from nothing': { steps: 4, config: tinyCareer },
      'pre-trained': { steps: 4, config: tinyCareer },
    },
  },
};

const full: MatchedCellsPlan = {
  seeds: [1, 2, 3],
  headline: 'pre-trained',
  persons: 40_000,
  preTraining: {
    'labor-llm': { config: { epochs: 2, dropout: 0.1 } },
    career: { config: { epochs: 3, dropout: 0.1 } },
  },
  fits: {
    // chosen on the inner fold of NLSY97 (docs/nlsy97-experiments.md); no fewer steps than CAREER has where persons are few
    'labor-llm': {
      'from nothing': { config: { leastUpdates: 300 } },
      'pre-trained': { config: { epochs: 5, leastUpdates: 300, weightDecay: 0.7, leaveOut: 0.3, temperature: 1.05 } },
    },
    career: {
      'from nothing': {},
      'pre-trained': { config: { epochs: 10, weightDecay: 0.7, leaveOut: 0.3, temperature: 1.07 } },
    },
  },
};

export const matchedCellsPlan: Readonly<Record<ProfileName, MatchedCellsPlan>> = {
  smoke: small,
  classroom: { ...full, seeds: [1] },
  published: full,
};

/** What a fit of the study differs by. */
export interface CellSeed {
  readonly model: Arm;
  readonly beginning: CellBeginning;
  readonly seed: number;
}

export interface MatchedCell {
  readonly model: Arm;
  readonly beginning: CellBeginning;
  /** Of the mean log-probability over the seeds, with its interval over persons. */
  readonly perplexity: Estimate;
  readonly byTransition: Readonly<Record<ScoredAgain['transition'], number | null>>;
  readonly seeds: readonly {
    readonly seed: number;
    readonly perplexity: Estimate;
    /** Wall clock of the fit. */
    readonly fitSeconds: number;
  }[];
}

/** One cell's perplexity minus another's, paired over persons. */
export interface CellDifference {
  readonly first: Omit<CellSeed, 'seed'>;
  readonly second: Omit<CellSeed, 'seed'>;
  /** Over all seeds. */
  readonly difference: Estimate;
  /** Seed by seed, in their order. */
  readonly seeds: readonly Estimate[];
  /** Over all seeds, within groups of observations. */
  readonly groups: readonly (ObservationGroup & {
    readonly difference: Estimate;
    /** The first's perplexity divided by the second's. */
    readonly ratio: Estimate;
  })[];
}

export interface MatchedCells {
  readonly split: string;
  readonly persons: number;
  readonly observations: number;
  /** Persons that were fitted on. */
  readonly trainPersons: number;
  readonly headline: CellBeginning;
  readonly preTrainingSeconds: Readonly<Record<Arm, number>>;
  readonly cells: readonly MatchedCell[];
  /** LABOR-LLM minus CAREER in each pair of cells, then pre-trained minus from nothing of each arm. */
  readonly differences: readonly CellDifference[];
}

export interface MatchedCellsOptions {
  readonly plan: MatchedCellsPlan;
  /** Fit on the inner fold's persons and ask about its others, from a market calibrated on the same. */
  readonly inner?: boolean;
  readonly store?: string;
  readonly signal?: AbortSignal | undefined;
}

/** The study's result, and where its two headline models lie: one set of weights each. */
export interface MatchedCellsFound {
  readonly result: MatchedCells;
  readonly folders: Readonly<Record<Arm, string>>;
}

/** What the groups are by. */
const GROUPED_BY = ['transition', 'step', 'education'] as const;

/** Of the synthetic careers' drawing and of both arms' pre-training. */
const CORPUS_SEED = 11;

/**
 * Fits the four cells, three seeds each, and compares them.
 *
 * @throws StudyError where there is nobody to ask about; what `fitModel` throws
 */
export async function* matchedCells(
  survey: Survey,
  { plan, inner = false, store, signal }: MatchedCellsOptions,
): AsyncGenerator<PartsLog, MatchedCellsFound> {
  const { fit, asked } = partsOf(survey, inner);
  const drawn = surveyOf('nlsy97', { persons: plan.persons, seed: CORPUS_SEED, fold: inner ? 'inner' : 'train' });
  // titles are what the arms know a state again by
  const alike = MERGED_STATES.every((title) => survey.occupations.includes(title)) ? withMergedStates(drawn) : drawn;
  const { train: extra } = splitSurvey(alike); // without validation persons, on whom a fit would spend a tenth of its time
  const preTraining = (model: Arm) =>
    fitStored(model, [extra], { seed: CORPUS_SEED, ...plan.preTraining[model], signal }, store);
  const bases = yield* inTurn({
    'pre-training labor-llm': preTraining('labor-llm'),
    'pre-training career': preTraining('career'),
  });
  const baseOf = {
    'labor-llm': bases['pre-training labor-llm'],
    career: bases['pre-training career'],
  };
  for (const { model } of Object.values(baseOf)) model.dispose();
  const fits = ARMS.flatMap((model) =>
    BEGINNINGS.flatMap((beginning) =>
      plan.seeds.map((seed): PlannedFit<CellSeed & Record<string, string | number>> => {
        const base = beginning === 'pre-trained' ? { base: baseOf[model].folder } : {};
        const options: StoredOptions = { seed, ...plan.fits[model][beginning], ...base };
        return { of: { model, beginning, seed }, model, surveys: [fit], options };
      }),
    ),
  );
  const scored = yield* scoreFits(fits, asked, { store, signal });
  const result: MatchedCells = {
    split: asked.split,
    persons: asked.careers.length,
    observations: asked.careers.reduce((sum, { observations }) => sum + observations.length, 0),
    trainPersons: fit.careers.length,
    headline: plan.headline,
    preTrainingSeconds: { 'labor-llm': baseOf['labor-llm'].seconds, career: baseOf.career.seconds },
    ...summary(scored),
  };
  const folderOf = (model: Arm): string =>
    scored.find(({ of }) => of.model === model && of.beginning === plan.headline && of.seed === plan.seeds[0])
      ?.folder as string;
  return { result, folders: { 'labor-llm': folderOf('labor-llm'), career: folderOf('career') } };
}

/** Who is fitted on: train persons alone, so that no one else chooses a checkpoint. And who is asked about. */
const partsOf = (survey: Survey, inner: boolean): { readonly fit: Survey; readonly asked: HeldOut } => {
  if (!inner) return { fit: splitSurvey(survey).train, asked: heldOut(survey) };
  const { fit, choose } = innerFold(survey);
  return { fit, asked: { split: 'inner', careers: choose.careers } };
};

type Scored = ScoredFit<CellSeed & Record<string, string | number>>;

const summary = (scored: readonly Scored[]): Pick<MatchedCells, 'cells' | 'differences'> => {
  const cellOf = (model: Arm, beginning: CellBeginning): readonly Scored[] =>
    scored.filter(({ of }) => of.model === model && of.beginning === beginning);
  // all seeds' answers one behind the other: persons are resampled with all of them
  const together = (fits: readonly Scored[]): readonly ScoredAgain[] => fits.flatMap((fit) => fit.scored);
  const cells = ARMS.flatMap((model) =>
    BEGINNINGS.map((beginning): MatchedCell => {
      const fits = cellOf(model, beginning);
      const all = together(fits);
      const ofTransition = (transition: string): number | null =>
        comparePerplexities([all.filter((one) => one.transition === transition)]).models[0]?.value ?? null;
      return {
        model,
        beginning,
        perplexity: comparePerplexities([all]).models[0] as Estimate,
        byTransition: { first: ofTransition('first'), move: ofTransition('move'), stay: ofTransition('stay') },
        seeds: fits.map(({ of, perplexity, seconds }) => ({ seed: of.seed, perplexity, fitSeconds: seconds })),
      };
    }),
  );
  const difference = (first: CellDifference['first'], second: CellDifference['second']): CellDifference => {
    const [ours, others] = [cellOf(first.model, first.beginning), cellOf(second.model, second.beginning)];
    const [a, b] = [together(ours), together(others)];
    return {
      first,
      second,
      difference: compareScores(a, b).difference,
      seeds: ours.map(({ scored: one }, seed) => compareScores(one, others[seed]?.scored ?? []).difference),
      groups: observationGroups(ours[0]?.scored ?? [], GROUPED_BY).map(({ isIn, ...group }) => ({
        ...group,
        difference: compareScores(a.filter(isIn), b.filter(isIn)).difference,
        ratio: perplexityRatio(a.filter(isIn), b.filter(isIn)),
      })),
    };
  };
  return {
    cells,
    differences: [
      ...BEGINNINGS.map((beginning) => difference({ model: 'labor-llm', beginning }, { model: 'career', beginning })),
      ...ARMS.map((model) => difference({ model, beginning: 'pre-trained' }, { model, beginning: 'from nothing' })),
    ],
  };
};
