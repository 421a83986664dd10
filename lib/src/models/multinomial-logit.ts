/**
 * The multinomial logit of the next occupation on CAREER's hand-made features (./hand-features), its "regression" or
 * Markov baseline, in one stage or two:
 *
 *     one stage     P(b) = logit over all occupations
 *     two stages    P(a) = logit of staying;  P(b) = (1 - P(a)) logit over the others       a: the last occupation
 *
 * Before the first observation there is nothing to stay in: the second logit alone. Each logit is fitted to its optimum by
 * L-BFGS (./logit), the two stages apart, since the likelihood factors; each survey has logits of its own.
 */
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Career, DeclaredOccupations, Survey } from '../careers';
import { readSafetensors, writeSafetensors, type NamedArray } from '../tensors/safetensors'; // alone, without TensorFlow
import { covariateLevels, type CovariateLevels } from './covariate-levels';
import { pooledOccupations } from './declared';
import { NO_RATES, type FitLog, type FitOptions } from './fit';
import { HandFeatures } from './hand-features';
import { fitLogit, type LogitData } from './fit-logit';
import { Logit } from './logit';
import { meanLoss } from './mean-loss';
import { fittedFacts, hasModelCard, readModelCard, type FittedFacts } from './model-card';
import { ModelError } from './model-error';
import type { Query } from './occupation-model';
import { queriesOf } from './queries';
import { confirmSaved, RowModel } from './row-model';
import { settingsFrom } from './settings';
import { trainCareersBySurvey, validationCareers } from './train-careers';

const NAME = 'multinomial-logit';
const WEIGHTS_FILE = 'model.safetensors';

export const multinomialLogitDefaults = {
  /** 1: one logit over all occupations; 2: whether to stay, then where to go. */
  stages: 2,
  /**
   * Penalty on the squared coefficients, intercepts left out: scikit-learn's 1 / C. Chosen on the inner folds of NLSY97
   * and young women, as are the two stages.
   */
  ridge: 3,
  /** Norm of the gradient of the mean loss that each logit is fitted to. */
  tolerance: 1e-5,
  /** Where the tolerance is not reached within these, the log says so. */
  maxIterations: 2000,
};

export type MultinomialLogitConfig = Readonly<typeof multinomialLogitDefaults>;

/** What is fitted for one survey. */
interface SurveyLogits {
  readonly features: HandFeatures;
  readonly levels: CovariateLevels;
  /** Over [moves, stays]; undefined in one stage. */
  readonly stay: Logit | undefined;
  /** Over the occupations. */
  readonly where: Logit;
}

/** A coefficient that can be read. */
export interface Coefficient {
  readonly survey: string;
  readonly stage: 'stay' | 'occupation';
  readonly feature: string;
  /** An occupation's title; `move` or `stay` in the first of two stages. */
  readonly outcome: string;
  readonly value: number;
}

export class MultinomialLogit extends RowModel {
  readonly name = NAME;

  constructor(
    surveys: readonly DeclaredOccupations[],
    fitted: FittedFacts,
    readonly config: MultinomialLogitConfig,
    private readonly logits: readonly SurveyLogits[],
  ) {
    super(surveys, fitted);
  }

  protected override row(query: Query, survey: number): Float64Array {
    const { features, stay, where } = this.logits[survey] as SurveyLogits;
    const x = features.of(query);
    const last = query.history.at(-1)?.occupation;
    if (stay === undefined || last === undefined) return where.logProbabilities(x);
    if (where.counts.length === 1) return new Float64Array(1); // there is nowhere else to go
    const [moves = 0, stays = 0] = stay.logProbabilities(x);
    const row = where.logProbabilities(x, last).map((logP) => moves + logP);
    row[last] = stays;
    return row;
  }

  /** Every coefficient with its names, the intercepts as the feature `intercept`; to be read, plotted, compared. */
  coefficients(): readonly Coefficient[] {
    return this.surveys.flatMap(({ survey, titles }, index) => {
      const { features, stay, where } = this.logits[index] as SurveyLogits;
      const names = [...features.names, 'intercept'];
      const read = (stage: Coefficient['stage'], { classes, weights }: Logit, outcomes: readonly string[]) =>
        names.flatMap((feature, row) =>
          classes.map((outcome, k): Coefficient => {
            const value = weights[row * classes.length + k] as number;
            return { survey, stage, feature, outcome: outcomes[outcome] as string, value };
          }),
        );
      return [...(stay ? read('stay', stay, ['move', 'stay']) : []), ...read('occupation', where, titles)];
    });
  }

  override async save(folder: string): Promise<void> {
    const arrays = this.logits.flatMap(({ stay, where }, survey) => [
      ...(stay ? [namedArray(`${survey}.stay`, stay)] : []),
      namedArray(`${survey}.occupation`, where),
    ]);
    await writeSafetensors(path.join(folder, WEIGHTS_FILE), arrays);
    const logits = this.logits.map(({ levels, stay, where }) => ({
      levels,
      ...(stay ? { stay: [...stay.counts] } : {}),
      occupation: [...where.counts],
    }));
    await super.save(folder, { logits });
  }

  /** @throws ModelError if the folder holds no multinomial logit. */
  static async load(folder: string): Promise<MultinomialLogit> {
    const { name, surveys, fitted, config, logits } = await readModelCard(folder);
    if (name !== NAME || !Array.isArray(logits) || logits.length !== surveys.length) {
      throw new ModelError(`${folder} holds no multinomial logit that can be read, but "${name}": fit it again.`, {
        folder,
        name,
      });
    }
    const { arrays } = await readSafetensors(path.join(folder, WEIGHTS_FILE));
    const byName = new Map(arrays.map((array) => [array.name, array.data]));
    const logitOf = (survey: number, stage: 'stay' | 'occupation', counts: readonly number[]): Logit =>
      new Logit(Float64Array.from(counts), byName.get(`${survey}.${stage}`) as Float32Array);
    return new MultinomialLogit(
      surveys,
      fitted,
      config as MultinomialLogitConfig,
      surveys.map(({ titles }, survey): SurveyLogits => {
        const saved = logits[survey] as { levels: CovariateLevels; stay?: number[]; occupation: number[] };
        return {
          levels: saved.levels,
          features: new HandFeatures(titles, saved.levels),
          stay: saved.stay && logitOf(survey, 'stay', saved.stay),
          where: logitOf(survey, 'occupation', saved.occupation),
        };
      }),
    );
  }
}

const namedArray = (name: string, { classes, weights }: Logit): NamedArray => ({
  name,
  shape: [weights.length / Math.max(classes.length, 1), classes.length],
  data: weights,
});

/** What each of a survey's logits is fitted to; in one stage there is none of staying. */
const logitData = (careers: readonly Career[], features: HandFeatures, titles: readonly string[], stages: number) => {
  const rows = careers.flatMap((career) =>
    queriesOf(career).map((query, index) => ({
      x: features.of(query),
      last: query.history.at(-1)?.occupation ?? -1,
      occupation: career.observations[index]?.occupation as number,
    })),
  );
  const shape = { features: features.names.length };
  const transitions = rows.filter(({ last }) => last >= 0);
  const elsewhere = rows.filter(({ last, occupation }) => stages === 1 || last !== occupation);
  const stay: LogitData = {
    ...shape,
    rows: transitions.map(({ x }) => x),
    targets: transitions.map(({ last, occupation }) => Number(last === occupation)),
    excluded: transitions.map(() => -1),
    outcomes: 2,
  };
  const where: LogitData = {
    ...shape,
    rows: elsewhere.map(({ x }) => x),
    targets: elsewhere.map(({ occupation }) => occupation),
    excluded: elsewhere.map(({ last }) => (stages === 1 ? -1 : last)),
    outcomes: titles.length,
  };
  return { stay: stages === 1 ? undefined : stay, where };
};

/**
 * Fits the multinomial logit on the surveys' train persons, to its optimum. A fit that was stopped begins anew.
 *
 * @throws ModelError for a setting that it does not know or cannot be, no train persons, or where a folder to be resumed
 *   holds a model of other data or settings
 */
export async function* fitMultinomialLogit(
  surveys: readonly Survey[],
  options: FitOptions,
): AsyncGenerator<FitLog, MultinomialLogit> {
  const { folder, resume, signal } = options;
  const config = multinomialLogitConfig(options.config);
  const declared = pooledOccupations(surveys);
  const careers = trainCareersBySurvey(surveys, declared);
  const facts = fittedFacts(surveys, options);
  if (folder !== undefined && resume && (await hasModelCard(folder))) {
    await confirmSaved({ name: NAME, fitted: facts, config }, folder);
    return MultinomialLogit.load(folder);
  }
  let step = 0;
  const log = (loss: number): FitLog => ({
    step,
    steps: declared.length * config.stages * config.maxIterations,
    epoch: step,
    loss,
    ...NO_RATES,
  });

  async function* fitted(what: string, data: LogitData): AsyncGenerator<FitLog, Logit> {
    const fitting = fitLogit(data, config);
    let last = { iteration: 0, value: 0, gradientNorm: 0 };
    const before = step;
    for (;;) {
      const item = fitting.next();
      if (item.done === true) {
        const { iteration, value, gradientNorm } = last;
        const missed = gradientNorm > config.tolerance ? `, above the tolerance ${config.tolerance}` : '';
        const norm = `gradient norm ${gradientNorm.toExponential(1)}${missed}`;
        yield { ...log(value), note: `${what}: ${norm} after ${iteration} iterations` };
        return item.value;
      }
      last = item.value;
      if (last.iteration > 0) {
        step = before + last.iteration;
        yield log(last.value);
      }
      await setImmediate();
      signal?.throwIfAborted();
    }
  }

  const logits: SurveyLogits[] = [];
  for (const [index, { survey, titles }] of declared.entries()) {
    const own = careers[index] as readonly Career[];
    const levels = covariateLevels(own);
    const features = new HandFeatures(titles, levels);
    const { stay, where } = logitData(own, features, titles, config.stages);
    logits.push({
      levels,
      features,
      stay: stay && (yield* fitted(`${survey}, whether to stay`, stay)),
      where: yield* fitted(`${survey}, which occupation`, where),
    });
  }
  const model = new MultinomialLogit(declared, facts, config, logits);
  const validation = await meanLoss(model, validationCareers(surveys));
  const train = await meanLoss(model, careers.flat());
  if (folder !== undefined) await model.save(folder);
  yield { ...log(train as number), ...(validation === undefined ? {} : { validationLoss: validation }) };
  return model;
}

const multinomialLogitConfig = (given?: Readonly<Record<string, unknown>>): MultinomialLogitConfig => {
  const config = settingsFrom('The multinomial logit', multinomialLogitDefaults, given);
  const refuse = (setting: keyof MultinomialLogitConfig, remedy: string): never => {
    throw new ModelError(`${setting} is ${config[setting]}: give ${remedy}.`, { [setting]: config[setting] });
  };
  if (config.stages !== 1 && config.stages !== 2) refuse('stages', '1 or 2');
  if (!(config.ridge > 0 && Number.isFinite(config.ridge))) refuse('ridge', 'a number above 0');
  if (!(config.tolerance > 0)) refuse('tolerance', 'a number above 0');
  if (!(config.maxIterations >= 1)) refuse('maxIterations', 'a number from 1 on');
  return config;
};
