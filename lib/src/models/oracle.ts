/**
 * The oracle of a synthetic market: the true conditional distribution of the next occupation, given exactly what models
 * see. It is computed, not fitted; nothing beats it but by chance. It exists only for data drawn from a market.
 */
import { checkOrigin, isMarketOrigin, marketOf, type Filter, type Market, type MarketOrigin } from '../careers/market';
import type { DeclaredOccupations, Observation, OccupationIndex, Survey } from '../careers';
import { checkOccupation, pooledOccupations, sameTitles, surveyOfQuery } from './declared';
import { NO_RATES, type FitLog, type FitOptions } from './fit';
import { fittedFacts, hasModelCard, readModelCard, writeModelCard, type FittedFacts } from './model-card';
import { ModelError } from './model-error';
import type { Distribution, OccupationModel, Query } from './occupation-model';
import { settingsFrom } from './settings';

const NAME = 'oracle';

/** Somebody whose rows have been taken in. */
interface Followed {
  readonly covariates: string;
  /** The rows. */
  readonly seen: Observation[];
  /** [rows + 1] what is believed after each number of rows: a history that parts from the last one goes on from there. */
  readonly filters: Filter[];
}

export class OracleModel implements OccupationModel {
  readonly name = NAME;
  private readonly markets: readonly Market[];
  /** Queries of one career come one after the other, and their histories begin alike. */
  private followed: Followed | undefined;

  private constructor(
    readonly surveys: readonly DeclaredOccupations[],
    readonly fitted: FittedFacts,
    /** [surveys] */
    readonly origins: readonly MarketOrigin[],
  ) {
    this.markets = origins.map((origin) => marketOf(origin));
  }

  /**
   * The oracle of the markets that these surveys were drawn from.
   *
   * @throws ModelError if a survey was not drawn from a synthetic market, or two of one name from different ones;
   *   MarketError if it is not what its market draws
   */
  static of(surveys: readonly Survey[], options: FitOptions): OracleModel {
    settingsFrom('The oracle', {}, options.config);
    const declared = pooledOccupations(surveys);
    const origins = declared.map(({ survey, titles }) => {
      const own = surveys.filter(({ careers }) => careers.some((career) => career.survey === survey));
      const origin = originOf(survey, own);
      const market = marketOf(origin);
      own.forEach((one) => checkOrigin(market, one.origin as MarketOrigin, one, options.education !== 'lagged'));
      if (!sameTitles(titles, market.occupations)) {
        throw new ModelError(
          `The survey "${survey}" declares ${titles.length} occupations, which are not the ${market.occupations.length} ` +
            'of the synthetic market it was drawn from: leave out --occupations.',
          { survey },
        );
      }
      return origin;
    });
    return new OracleModel(declared, fittedFacts(surveys, options), origins);
  }

  /** @throws ModelError if the folder holds no oracle, MarketError if its market is no longer made. */
  static async load(folder: string): Promise<OracleModel> {
    const { name, surveys, fitted, origins } = await readModelCard(folder);
    if (
      name !== NAME ||
      !Array.isArray(origins) ||
      origins.length !== surveys.length ||
      !origins.every(isMarketOrigin)
    ) {
      throw new ModelError(`${folder} holds no oracle that can be read, but "${name}": fit it again.`, {
        folder,
        name,
      });
    }
    return new OracleModel(surveys, fitted, origins);
  }

  async logProbabilities(queries: readonly Query[], occupations: readonly OccupationIndex[]): Promise<Float64Array> {
    if (queries.length !== occupations.length) {
      throw new ModelError(`${queries.length} queries, but ${occupations.length} occupations: give one for each.`);
    }
    return Float64Array.from(queries, (query, index) => {
      const occupation = occupations[index] as OccupationIndex;
      checkOccupation(this.surveys[surveyOfQuery(this.surveys, query)] as DeclaredOccupations, occupation);
      return Math.log(this.answer(query)[occupation] as number);
    });
  }

  async distributions(queries: readonly Query[]): Promise<Distribution[]> {
    return queries.map((query) => ({ logProbabilities: this.answer(query).map(Math.log), keptMass: 1 }));
  }

  async save(folder: string): Promise<void> {
    await writeModelCard(folder, this, { origins: this.origins });
  }

  dispose(): void {}

  /** [J] */
  private answer(query: Query): Float64Array {
    const market = this.markets[surveyOfQuery(this.surveys, query)] as Market;
    const { covariates, history, year, education } = this.fitted.education === 'lagged' ? inItsOwnYear(query) : query;
    const { seen, filters } = this.follow(market, covariates);
    const parting = seen.findIndex((observation, t) => !isSame(observation, history[t]));
    if (parting >= 0) {
      seen.length = parting;
      filters.length = parting + 1;
    }
    for (const observation of history.slice(seen.length)) {
      const filter = (filters.at(-1) as Filter).copy();
      filter.see(sightOf(market, observation), observation.occupation);
      seen.push(observation);
      filters.push(filter);
    }
    return (filters.at(-1) as Filter).predict(sightOf(market, { year, education }));
  }

  private follow(market: Market, covariates: Query['covariates']): Followed {
    const key = JSON.stringify(covariates);
    if (this.followed?.covariates === key) return this.followed;
    const person = market.personOf(covariates);
    if (person === undefined) {
      throw new ModelError(
        'The oracle knows the persons of the synthetic market and no others, and a query asks about one of ' +
          `sex "${covariates.sex ?? ''}", ethnicity "${covariates.ethnicity ?? ''}", born ${covariates.birthYear ?? 'in an unknown year'}.`,
        { ...covariates },
      );
    }
    this.followed = { covariates: key, seen: [], filters: [market.filter(person)] };
    return this.followed;
  }
}

/** A query told of each education one observation late, told of it in its own year; that of the year asked about is not known. */
const inItsOwnYear = (query: Query): Query => ({
  ...query,
  history: query.history.map((observation, t) => ({
    ...observation,
    education: t + 1 < query.history.length ? query.history[t + 1]?.education : query.education,
  })),
  education: undefined,
});

const isSame = (a: Observation, b: Observation | undefined): boolean =>
  a === b || (a.year === b?.year && a.occupation === b.occupation && a.education === b.education);

const sightOf = (market: Market, { year, education }: Pick<Query, 'year' | 'education'>) => {
  const level = education === undefined ? undefined : market.law.educations.indexOf(education);
  if (level !== -1) return { year, education: level };
  throw new ModelError(
    `The education "${education}" is not one of the synthetic market's: ${market.law.educations.join(', ')}.`,
    {
      education,
    },
  );
};

const originOf = (survey: string, surveys: readonly Survey[]): MarketOrigin => {
  if (surveys.length === 0) throw new ModelError(`Nobody is in the survey "${survey}".`, { survey });
  const [origin, ...others] = surveys.map((one) => one.origin);
  if (origin === undefined || others.includes(undefined)) {
    throw new ModelError(
      `The survey "${survey}" was not drawn from a synthetic market, or the manifest (.market.json) is no longer beside ` +
        'its file: the truth about it is not known, and it has no oracle. `labor-llm market` makes data that has one.',
      { survey },
    );
  }
  if (others.some((other) => other?.hash !== origin.hash || other.population !== origin.population)) {
    throw new ModelError(
      `Two surveys are called "${survey}" and come from different markets: name each with --survey.`,
      {
        survey,
      },
    );
  }
  return origin;
};

/**
 * Makes the oracle, in the form that all models are fitted in: nothing is fitted, one log.
 *
 * @throws ModelError as `OracleModel.of`, and where a folder to be resumed holds that of other data
 */
export async function* fitOracle(surveys: readonly Survey[], options: FitOptions): AsyncGenerator<FitLog, OracleModel> {
  options.signal?.throwIfAborted();
  const model = OracleModel.of(surveys, options);
  const { folder } = options;
  if (folder !== undefined) {
    if (options.resume && (await hasModelCard(folder))) {
      const saved = await OracleModel.load(folder);
      if (saved.fitted.dataHash === model.fitted.dataHash) return saved;
      throw new ModelError(`${folder} holds the oracle of other data: give another folder.`, { folder });
    }
    await model.save(folder);
  }
  yield {
    step: 1,
    steps: 1,
    epoch: 0,
    loss: NaN,
    ...NO_RATES,
    note: `rebuilt the market of ${model.origins.map(({ population }) => population).join(', ')}: nothing is fitted`,
  };
  return model;
}
