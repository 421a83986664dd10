/**
 * CAREER (Vafa, Palikot, Du, Kanodia, Athey and Blei, arXiv 2202.08370): a transformer decoder over occupation codes, with
 * covariates as embeddings and a two-stage output, stay or move.
 */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { DeclaredOccupations, OccupationIndex } from '../careers';
import { readSafetensors, startBackend, tf, writeSafetensors } from '../tensors';
import { cutByLength } from '../training';
import { CareerCoding, type CareerSequence, type CareerTables } from './career-coding';
import { CareerNetwork } from './career-network';
import { isCareerName, type CareerSettings } from './career-settings';
import type { CodeNetwork } from './code-network';
import { checkOccupation, surveyOfQuery } from './declared';
import { readModelCard, writeModelCard, type FittedFacts } from './model-card';
import { ModelError } from './model-error';
import type { Distribution, OccupationModel, Query } from './occupation-model';
import { inGroups, type Group } from './queries';
import type { TrainingRecord } from './train-model';

/** Most observations of a batch of careers, which bounds the memory of scoring. */
const BATCH_TOKENS = 4096;
const WEIGHTS_FILE = 'model.safetensors';

/** What the model's card keeps besides what every model's does. */
interface CareerCard<Settings> {
  readonly settings: Settings;
  readonly tables: CareerTables;
  readonly training: TrainingRecord;
}

export class CareerModel<Network extends CodeNetwork = CareerNetwork> implements OccupationModel {
  constructor(
    readonly name: string,
    readonly network: Network,
    readonly fitted: FittedFacts,
    readonly training: TrainingRecord,
  ) {}

  get surveys(): readonly DeclaredOccupations[] {
    return this.network.coding.surveys;
  }

  async logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    const result = new Float64Array(queries.length);
    const { columns } = this.network.coding;
    await this.#answer(queries, inGroups(queries, occupations), (index, row, survey) => {
      const occupation = occupations[index] as OccupationIndex;
      checkOccupation(this.surveys[survey] as DeclaredOccupations, occupation);
      result[index] = row[(columns[survey] as Int32Array)[occupation] as number] as number;
    });
    return result;
  }

  async distributions(queries: readonly Query[]): Promise<Distribution[]> {
    const result = new Array<Distribution>(queries.length);
    const { columns, keepsAll } = this.network.coding;
    await this.#answer(queries, inGroups(queries), (index, row, survey) => {
      const logProbabilities = Float64Array.from(columns[survey] as Int32Array, (column) => row[column] as number);
      const keptMass = keepsAll ? 1 : logProbabilities.reduce((sum, logP) => sum + Math.exp(logP), 0);
      result[index] = { logProbabilities, keptMass };
    });
    return result;
  }

  /** Gives [J] log-probabilities of all outputs to `take` for each query, whole careers in one pass. */
  async #answer(
    queries: readonly Query[],
    groups: readonly Group[],
    take: (query: number, row: Float32Array, survey: number) => void,
  ): Promise<void> {
    const { coding } = this.network;
    const sequences = groups.map(({ last }): CareerSequence => {
      surveyOfQuery(this.surveys, last);
      const occupations = last.history.map(({ occupation }) => occupation);
      return coding.sequence(last.covariates, [...last.history, last], occupations);
    });
    const lengths = sequences.map(({ last }) => last.length);
    for (const batch of cutByLength(lengths, [...lengths.keys()], BATCH_TOKENS)) {
      const asked = batch.flatMap((group, position) =>
        (groups[group] as Group).queries.map(
          (query) => [position, (queries[query] as Query).history.length, query] as const,
        ),
      );
      const own = batch.map((group) => sequences[group] as CareerSequence);
      const rows = tf.tidy(
        () =>
          this.network
            .logProbabilities({
              sequences: own,
              asked: asked.map(([sequence, year]) => [sequence, year]),
            })
            .dataSync() as Float32Array,
      );
      asked.forEach(([sequence, , query], row) => {
        const { survey } = own[sequence] as CareerSequence;
        take(query, rows.subarray(row * coding.outputs, (row + 1) * coding.outputs), survey);
      });
      await setImmediate();
    }
  }

  async save(folder: string): Promise<void> {
    const { settings, coding, parameters } = this.network;
    await writeSafetensors(join(folder, WEIGHTS_FILE), parameters.toArrays());
    const card: CareerCard<object> = { settings, tables: coding.tables, training: this.training };
    // last, since a folder with a card is a whole model
    await writeModelCard(folder, this, { ...card });
  }

  dispose(): void {
    this.network.dispose();
  }
}

/**
 * Reads a folder that `CareerModel.save` wrote.
 *
 * @param what      what the model is called in an error
 * @param isName    whether a model of this name is one of it
 * @param networkOf makes the network that the weights are read into
 * @throws ModelError where it holds another model
 */
export const loadOverCodes = async <Settings extends Partial<CareerSettings>, Network extends CodeNetwork>(
  folder: string,
  what: string,
  isName: (name: string) => boolean,
  networkOf: (settings: Settings, coding: CareerCoding) => Network,
): Promise<CareerModel<Network>> => {
  const { name, surveys, fitted, ...rest } = await readModelCard(folder);
  if (!isName(name)) {
    throw new ModelError(`${folder} holds no ${what}, but "${name}": give another folder.`, { folder, name });
  }
  const { settings, tables, training } = rest as unknown as CareerCard<Settings>;
  await startBackend();
  const file = join(folder, WEIGHTS_FILE);
  const network = networkOf(settings, new CareerCoding(surveys, tables, { specialSymbols: false, ...settings }));
  network.parameters.assign((await readSafetensors(file)).arrays, file);
  return new CareerModel(name, network, fitted, training);
};

export const loadCareer = (folder: string): Promise<CareerModel> =>
  loadOverCodes(
    folder,
    'CAREER',
    isCareerName,
    (settings: CareerSettings, coding) => new CareerNetwork(settings, coding),
  );
