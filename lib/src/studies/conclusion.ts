/** What notebook 09 runs: the models whose order is held against the paper's, and what other notebooks have found. */
import type { Survey } from '../careers';
import { compareScores, inOrderOfEducation, type Estimate, type OutcomeReport } from '../evaluation';
import type { ModelName } from '../models';
import { fitOptions } from './fit-on';
import type { AllModels, GroupRow, ModelRow } from './all-models';
import { comparisonPlan, type ComparisonPlan, type ModelComparison } from './comparison';
import { publishedGains, type SourcesOfGains } from './gains';
import { paperOrder, type OrderFinding } from './paper-order';
import { ratioVerdict, shortNumber } from './perplexity-ratio';
import type { ProfileName } from './profile';
import { readResults } from './results';
import type { PlannedFit, ScoredFit } from './score-fits';

export interface ConclusionPlan {
  /** As notebook 07 fits them, so that the store has them. */
  readonly fits: ComparisonPlan['fits'];
  /** Of those who lost a job: most persons, years that are forecast, and paths a person. */
  readonly persons: number;
  readonly yearsAhead: number;
  readonly paths: number;
}

export const conclusionPlan: Readonly<Record<ProfileName, ConclusionPlan>> = {
  smoke: { fits: comparisonPlan.smoke.fits, persons: 5, yearsAhead: 3, paths: 5 },
  classroom: { fits: comparisonPlan.classroom.fits, persons: 40, yearsAhead: 5, paths: 30 },
  published: { fits: comparisonPlan.published.fits, persons: Infinity, yearsAhead: 8, paths: 500 },
};

/** LABOR-LLM, CAREER and what came before them; beside a drawn survey its oracle. */
export const conclusionFits = async (
  survey: Survey,
  { fits }: ConclusionPlan,
  seed: number,
): Promise<readonly PlannedFit<{ readonly model: ModelName }>[]> => {
  const models = ['labor-llm', 'career', 'multinomial-logit', 'empirical', 'oracle'] as const;
  return Promise.all(
    models
      .filter((model) => model !== 'oracle' || survey.origin !== undefined)
      .map(async (model) => ({
        of: { model },
        model,
        surveys: [survey],
        options: await fitOptions(model, { seed, fits }),
      })),
  );
};

/** The paper's order of those that were fitted, beside the one found. */
export const orderFound = (fits: readonly ScoredFit<{ readonly model: ModelName }>[]): readonly OrderFinding[] =>
  paperOrder((lower, higher) => {
    const [first, second] = [lower, higher].map((name) => fits.find(({ of }) => of.model === name));
    return first && second && compareScores(first.scored, second.scored).difference;
  });

/** A claim of the paper beside what was found on a survey. */
export interface Finding {
  readonly claim: string;
  readonly paper: string;
  /** In words with numbers, from the results of the notebook; or that there are none. */
  readonly here: string;
  readonly notebook: string;
}

/** What notebook 07 keeps of predictions two years ahead. */
interface TwoYearsResults {
  readonly models: readonly { readonly model: string; readonly correlation: Estimate }[];
}

/** The claims of the paper that notebooks 07 and 08 are about, each with what their results say of it. */
export const findings = async (profile: ProfileName, survey: string): Promise<readonly Finding[]> => {
  // a file of an earlier version may hold less
  const gains = await readResults<Partial<SourcesOfGains>>('sources-of-gains', profile, survey);
  const compared = await readResults<Partial<ModelComparison>>('comparison', profile, survey);
  return await findingsOf(profile, survey, compared?.surveys?.[0]?.result, gains);
};

/** The same of what is published on a survey, study by study. */
export const publishedFindings = async (survey: string): Promise<readonly Finding[]> => {
  const compared = await readResults<AllModels>('all-models', 'published', survey);
  return await findingsOf('published', survey, compared, await publishedGains(survey));
};

const findingsOf = async (
  profile: ProfileName,
  survey: string,
  compared: AllModels | undefined,
  gains: Partial<SourcesOfGains> | undefined,
): Promise<readonly Finding[]> => {
  const twoYears = await readResults<TwoYearsResults>('two-years', profile, survey);
  const ratios = (question: SourcesOfGains['ratios'][0]['question']): readonly string[] | undefined => {
    const asked = gains?.ratios?.filter((one) => one.question === question);
    // published is question by question
    if (asked === undefined || (profile === 'published' && asked.length === 0)) return undefined;
    return asked.map(({ first, second, ratio }) => ratioVerdict(first, second, ratio));
  };
  const of07 = (lines: (result: AllModels) => readonly string[]): readonly string[] | undefined =>
    compared && lines(compared);
  const unknown = (notebook: string): string =>
    profile === 'published' ? 'not published yet' : `not known: run notebook ${notebook}`;
  const row = (claim: string, paper: string, notebook: string, lines: readonly string[] | undefined): Finding => ({
    claim,
    paper,
    here: lines === undefined ? unknown(notebook) : lines.join(' ') || 'nothing to compare',
    notebook,
  });
  const compounded = twoYears?.models.map(
    ({ model, correlation: { value, interval } }) => `${model}: ${digits(value)}${range(interval)}.`,
  );
  return [
    row('examples help, fine-tuning more', 'off the shelf far worse, in context between', '07', of07(promptedOrder)),
    row('AUC', "LABOR-LLM's above CAREER's", '07', of07(aucs)),
    row('calibration', 'better than off the shelf', '07', of07(calibrationErrors)),
    row('levels of education', 'strong at every level', '07', of07(byEducation)),
    row('totals of groups', 'closer than off the shelf and CAREER', '07', of07(distances)),
    row('two years ahead, direct and compounded agree', 'correlation 0.93', '07', compounded),
    row('more data beats a larger model', 'with a second survey the smaller model wins', '08', ratios('more data')),
    row('titles are worth something', 'codes in their place hurt', '08', ratios('titles')),
    row('covariates are worth something', 'rich interactions of demographics help', '08', ratios('left out')),
    row('a base is better than nothing', 'not a claim of the paper that we could check', '08', ratios('fine-tuning')),
  ];
};

/** The pairs of models of which one is not fitted. */
const promptedOrder = ({ order }: AllModels): readonly string[] =>
  order
    .filter(({ higher }) => higher === 'in-context' || higher === 'off-the-shelf')
    .map(
      ({ lower, higher, difference: { value, interval }, found }) =>
        `${lower} minus ${higher}: ${sizedDigits(value)}${range(interval)}, ${found}.`,
    );

const rowOf = ({ rows }: AllModels, model: string): ModelRow | undefined => rows.find((row) => row.model === model);

/** Those of the models that there is something to say of, each with it. */
const perModel = (
  result: AllModels,
  models: readonly string[],
  saying: (row: ModelRow) => string | undefined,
): readonly string[] =>
  models.flatMap((model) => {
    const row = rowOf(result, model);
    const said = row && saying(row);
    return said === undefined || said === '' ? [] : [`${model}: ${said}.`];
  });

/** In how many of the cases that both have LABOR-LLM is ahead: a verdict before the numbers; none without a case. */
const aheadIn = (
  second: string,
  cases: readonly (readonly [first: number | null | undefined, second: number | null | undefined])[],
  { ahead, of, isAhead }: { ahead: string; of: string; isAhead: (first: number, second: number) => boolean },
): readonly string[] => {
  const both = cases.flatMap(([one, other]) => (one == null || other == null ? [] : [[one, other] as const]));
  if (both.length === 0) return [];
  return [`labor-llm ${ahead} ${second} in ${both.filter((pair) => isAhead(...pair)).length} of ${both.length} ${of}.`];
};

/** The outcomes of LABOR-LLM and of the second, side by side. */
const outcomesOf = (
  result: AllModels,
  second: string,
  value: (outcome: OutcomeReport) => number | null,
): readonly (readonly [number | null, number | null | undefined])[] => {
  const others = rowOf(result, second)?.report?.outcomes ?? [];
  return (rowOf(result, 'labor-llm')?.report?.outcomes ?? []).map((one) => {
    const other = others.find(({ outcome }) => outcome === one.outcome);
    return [value(one), other && value(other)] as const;
  });
};

const larger = (a: number, b: number): boolean => a > b;
const smaller = (a: number, b: number): boolean => a < b;

const aucs = (result: AllModels): readonly string[] => [
  ...aheadIn(
    'career',
    outcomesOf(result, 'career', ({ auc }) => auc.value),
    { ahead: 'above', of: 'outcomes, not paired', isAhead: larger },
  ),
  ...perModel(result, ['labor-llm', 'career'], ({ report }) =>
    report?.outcomes?.map(({ outcome, auc }) => `${outcome} ${digits(auc.value)}${range(auc.interval)}`).join(', '),
  ),
];

const calibrationErrors = (result: AllModels): readonly string[] => [
  ...aheadIn(
    'off-the-shelf',
    outcomesOf(result, 'off-the-shelf', ({ calibrationError }) => calibrationError),
    { ahead: 'closer than', of: 'outcomes', isAhead: smaller },
  ),
  ...perModel(result, ['labor-llm', 'off-the-shelf'], ({ report }) =>
    report?.outcomes?.map((one) => `${one.outcome} error ${digits(one.calibrationError)}`).join(', '),
  ),
];

const educationOf = (row: ModelRow | undefined): readonly GroupRow[] =>
  inOrderOfEducation(row?.groups ?? []).filter(({ characteristic }) => characteristic === 'education');

const byEducation = (result: AllModels): readonly string[] => {
  const others = educationOf(rowOf(result, 'career'));
  const levels = educationOf(rowOf(result, 'labor-llm')).map(
    ({ group, perplexity }) => [perplexity.value, others.find((one) => one.group === group)?.perplexity.value] as const,
  );
  // to LABOR-LLM, so that above zero it is the less perplexed
  const intervals =
    result.reference === 'labor-llm'
      ? others.flatMap(({ difference }) => (difference?.interval ? [difference.interval] : []))
      : [];
  const below = intervals.filter(([low]) => low > 0).length;
  const above = intervals.filter(([, high]) => high < 0).length;
  return [
    ...aheadIn('career', levels, { ahead: 'less perplexed than', of: 'levels', isAhead: smaller }),
    ...(intervals.length > 0
      ? [`Paired intervals leave zero out at ${below} of these and ${above} of the others.`]
      : []),
    ...perModel(result, ['labor-llm', 'career'], (row) =>
      educationOf(row)
        .map(({ group, perplexity }) => `${group} ${sizedDigits(perplexity.value)}`)
        .join(', '),
    ),
  ];
};

/** How far predicted shares of occupations are from the observed ones, on average over groups by their size. */
const meanDistance = ({ report }: ModelRow): number | undefined => {
  const groups = (report?.representativeness?.shares ?? []).filter(({ characteristic }) => characteristic !== 'all');
  const cases = groups.reduce((sum, { observations }) => sum + observations, 0);
  const total = groups.reduce((sum, { distance, observations }) => sum + distance * observations, 0);
  return cases === 0 ? undefined : total / cases;
};

const distances = (result: AllModels): readonly string[] => {
  const own = rowOf(result, 'labor-llm');
  const others = ['career', 'off-the-shelf'].flatMap((model) => rowOf(result, model) ?? []);
  return [
    ...(own === undefined
      ? []
      : aheadIn(
          'the others',
          others.map((other) => [meanDistance(own), meanDistance(other)]),
          { ahead: 'closer than', of: 'comparisons, not paired', isAhead: smaller },
        )),
    ...perModel(result, ['labor-llm', 'career', 'off-the-shelf'], (row) => {
      const distance = meanDistance(row);
      return distance === undefined
        ? undefined
        : `mean distance over groups ${digits(distance)}, ${(100 * (row.report?.keptMass ?? 1)).toFixed(0)} % kept`;
    }),
  ];
};

const digits = (value: number | null): string => value?.toFixed(2) ?? 'unknown';

const sizedDigits = (value: number | null): string => (value === null ? 'unknown' : shortNumber(value));

const range = (interval: Estimate['interval']): string =>
  interval === null ? '' : ` (${sizedDigits(interval[0])} to ${sizedDigits(interval[1])})`;
