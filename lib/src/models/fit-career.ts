/** Fitting CAREER on the train persons' careers. */
import type { Career, Survey } from '../careers';
import { startBackend } from '../tensors';
import { endTraining, sequenceBatches } from '../training';
import { CareerModel, loadCareer } from './career';
import { readCareerBase, startFromBase } from './career-base';
import { CareerCoding, careerTables, type CareerSequence } from './career-coding';
import { CareerNetwork } from './career-network';
import { careerSettings, type CareerName, type CareerSettings } from './career-settings';
import type { CodeNetwork } from './code-network';
import { pooledOccupations } from './declared';
import type { FitLog, FitOptions } from './fit';
import { writtenByEpoch } from './leave-out';
import { meanLoss } from './mean-loss';
import { fittedFacts, hasModelCard } from './model-card';
import { trainCareers, validationCareers } from './train-careers';
import { temper } from './temperature';
import { trainModel, type Training, type TrainingRecord, type TrainingSettings } from './train-model';

/** A train career as numbers, with what is to be predicted at each of its years. */
interface TrainSequence extends CareerSequence {
  /** [T] columns of the output. */
  readonly targets: Int32Array;
}

const trainSequence = (coding: CareerCoding, career: Career): TrainSequence => {
  const occupations = career.observations.map(({ occupation }) => occupation);
  const sequence = coding.sequence(career, career.observations, occupations);
  const columns = coding.columns[sequence.survey] as Int32Array;
  return { ...sequence, targets: Int32Array.from(occupations, (occupation) => columns[occupation] as number) };
};

/** What the training loop needs of a network that is being fitted. */
const trainingOf = (
  model: CareerModel<CodeNetwork>,
  sequencesOf: (epoch: number) => readonly TrainSequence[],
  validation: readonly Career[],
  { batchTokens }: Pick<CareerSettings, 'batchTokens'>,
  seed: number,
): Training<readonly TrainSequence[]> => {
  const lengthOf = ({ last }: TrainSequence): number => last.length;
  return {
    data: {
      epoch: (epoch) => sequenceBatches(sequencesOf(epoch), lengthOf, batchTokens, seed, epoch),
      tokens: (batch) => batch.reduce((sum, { last }) => sum + last.length, 0),
      validate: () => meanLoss(model, validation),
    },
    trainable: {
      parameters: model.network.parameters,
      loss: (own, dropoutSeed) => {
        const asked = own.flatMap(({ targets }, position) =>
          Array.from(targets, (_, year) => [position, year] as const),
        );
        const targets = Int32Array.from(asked, ([position, year]) => own[position]?.targets[year] as number);
        return model.network.loss({ sequences: own, asked }, targets, dropoutSeed);
      },
    },
  };
};

/** CAREER's parameters that all scores are linear in. */
const SCALES_SCORES = ['norm.weight', 'norm.bias', 'output.bias'];

/**
 * Fits a network over occupation codes on the surveys' train persons; the validation persons choose the checkpoint and
 * nothing else.
 *
 * @param networkOf a fresh network, the same at every call
 * @param baseHash  of the weights that it begins from
 * @throws ModelError for no train persons, TrainingError where a checkpoint belongs to other data or settings
 */
export async function* fitOverCodes<Network extends CodeNetwork>(
  name: string,
  surveys: readonly Survey[],
  options: FitOptions,
  settings: TrainingSettings & Pick<CareerSettings, 'batchTokens'> & Partial<CareerSettings>,
  networkOf: (coding: CareerCoding) => Network,
  baseHash = '',
): AsyncGenerator<FitLog, CareerModel<Network>> {
  const began = performance.now();
  const { folder, seed } = options;
  const careers = trainCareers(surveys);
  const backend = await startBackend();
  const declared = pooledOccupations(surveys);
  const coding = new CareerCoding(declared, careerTables(declared, careers), {
    specialSymbols: false,
    ...settings,
  });
  const sequencesOf = writtenByEpoch(careers, settings.leaveOut ?? 0, seed, (career) => trainSequence(coding, career));
  const validation = validationCareers(surveys);
  const facts = fittedFacts(surveys, options, backend.name);
  const build = (network: Network, record: Partial<TrainingRecord>): CareerModel<Network> =>
    new CareerModel(name, network, facts, {
      settings: { ...settings },
      parameters: network.parameters.size,
      steps: 0,
      losses: [],
      validation: [],
      best: undefined,
      ...record,
    });

  const { model: network, record } = yield* trainModel(
    () => networkOf(coding),
    (fresh) => trainingOf(build(fresh, {}), sequencesOf, validation, settings, seed),
    settings,
    options,
    `${facts.dataHash}${baseHash}`,
    began,
  );
  temper(network.parameters, SCALES_SCORES, settings.temperature ?? 1);
  const model = build(network, record);
  if (folder !== undefined) {
    await model.save(folder);
    await endTraining(folder);
  }
  return model;
}

/**
 * Fits CAREER on the surveys' train persons. With `options.base`, from the weights of another CAREER (see ./career-base).
 *
 * @throws ModelError for an unknown setting, no train persons or a base of another shape, TrainingError where a checkpoint
 *   belongs to other data or settings
 */
export async function* fitCareer(
  name: CareerName,
  surveys: readonly Survey[],
  options: FitOptions,
): AsyncGenerator<FitLog, CareerModel> {
  const { folder, seed, resume = false } = options;
  if (folder !== undefined && resume && (await hasModelCard(folder))) return loadCareer(folder);
  const settings = careerSettings(name, options.config);
  const base = options.base === undefined ? undefined : await readCareerBase(options.base, settings);
  const networkOf = (coding: CareerCoding): CareerNetwork => {
    const fresh = new CareerNetwork(settings, coding, seed);
    if (base) startFromBase(fresh, base);
    return fresh;
  };
  return yield* fitOverCodes(name, surveys, options, settings, networkOf, base?.hash);
}
