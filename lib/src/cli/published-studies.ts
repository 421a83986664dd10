/**
 * The studies whose results are published: each a function that computes results of a survey, the surveys that it is for,
 * and what writes the tables and figures of such results.
 */
import {
  backPlot,
  drawnNotes,
  leadsPlot,
  leadsTable,
  returnsPlot,
  returnsTable,
  saveAllModels,
  saveFigure,
  saveFoundationGains,
  saveGains,
  saveMatchedCells,
  saveTable,
  saveTables,
  timeHoldoutPlot,
  timeHoldoutTable,
  twoYearsPlot,
  twoYearsTable,
  whereToPlot,
  type GainsQuestion,
  type Row,
} from '../report';
import {
  allModels,
  askedSources,
  compareMoments,
  comparisonPlan,
  conclusionPlan,
  covariatesChanged,
  covariatesLeftOut,
  firstFormSources,
  fitOn,
  foundationGains,
  gainsModels,
  heldOut,
  historyShortened,
  holdoutStudy,
  holdoutYear,
  jobLosses,
  keptLeftOut,
  keptMoreData,
  keptTitles,
  matchedCells,
  matchedCellsPlan,
  moreDataOrLarger,
  pathsAfterLoss,
  plannedModels,
  plannedModelsElsewhere,
  refitsOn,
  returnsStudy,
  sourceName,
  sourcesOfGainsPlan,
  surveySources,
  surveyMoments,
  titlesAgainstCodes,
  tinyDecoder,
  twoYearsStudy,
  type AllModels,
  type AllModelsOptions,
  type GainsOptions,
  type JobLossResults,
  type OutputFolders,
  type PartsLog,
  type PublishedStudy,
  type RefitErrors,
  type SourcesOfGains,
  type StudyContext,
} from '../studies';
import type { Survey } from '../careers';
import { toEnd } from '../support';

/** In smoke the models that differ in how they are fitted and asked, small. */
const smokeModels: Omit<AllModelsOptions, 'seed'> = {
  models: ['oracle', 'labor-llm', 'career', 'empirical', 'uniform'],
  steps: 3,
  configs: {
    'labor-llm': { ...tinyDecoder, vocabulary: 1000 },
    career: { layers: 1, width: 48 },
  },
};

/** The market's second form is for the order of some models: an order on drawn careers is a finding only where both agree. */
const isSecondForm = ({ name }: Survey): boolean => name === sourceName('synthetic-nlsy97-distance');

/** Drawn populations besides the one that notebooks run on. */
const isFurtherPopulation = ({ origin, name }: Survey): boolean =>
  origin !== undefined && name !== sourceName('synthetic-nlsy97');

/** The plan's models fitted again; LABOR-LLM on the young women only, where a fit of it takes minutes, and over train sets. */
const modelsAgain = async (survey: Survey, context: StudyContext): Promise<readonly RefitErrors[]> => {
  const plan = comparisonPlan[context.profile];
  const options = { ...during(context), fits: plan.fits };
  if (survey.name !== 'young-women') return await refitsOn(survey, plan, options);
  const models = [...plan.refits.models, 'labor-llm'];
  return await refitsOn(survey, { ...plan, refits: { ...plan.refits, models, seeds: 0 } }, options);
};

/** Every model on a survey, or on the market's second form some. */
const everyModel = async (survey: Survey, context: StudyContext): Promise<AllModels> => {
  const { profile } = context;
  if (profile === 'smoke') return await allModels(survey, { ...smokeModels, ...during(context) });
  const plan = comparisonPlan[profile];
  const options = { ...during(context), fits: plan.fits };
  return await (isSecondForm(survey) ? plannedModelsElsewhere : plannedModels)(survey, plan, options);
};

/** A study told of its stop and telling how far it is, in terms of those that name a model. */
const during = ({ seed, signal, onProgress }: StudyContext) => ({
  seed,
  signal,
  onProgress: (model: string, doing: string) => onProgress(`${model}, ${doing}`),
});

/** The same of a study of parts. */
const sayPart =
  (onProgress: StudyContext['onProgress']) =>
  ({ what, step, steps }: PartsLog): void =>
    onProgress(`${what}: step ${step} of ${steps}`);

/** A question of notebook 08 at full size. */
const answer = (
  { profile, seed, signal, onProgress }: StudyContext,
  ask: (options: GainsOptions) => AsyncGenerator<PartsLog, Partial<SourcesOfGains>>,
): Promise<Partial<SourcesOfGains>> =>
  toEnd(ask({ plan: sourcesOfGainsPlan[profile], seed, signal }), sayPart(onProgress));

/** Its table and its figure. */
const writeAnswer =
  (question: GainsQuestion) =>
  (survey: string, kept: Partial<SourcesOfGains>, folders: OutputFolders): Promise<void> =>
    saveGains(question, survey, kept, folders);

/** A study as the list has it, with what it writes held to what it computes. */
const study = <Results extends object>(of: PublishedStudy<Results>): PublishedStudy => of;

/** What is asked of notebook 08's fitted models. */
async function* ofModels<Result>(
  ask: (...asked: Parameters<typeof covariatesChanged>) => AsyncGenerator<PartsLog, Result>,
  survey: Survey,
  options: GainsOptions,
): AsyncGenerator<PartsLog, Result> {
  const models = yield* gainsModels(survey, options);
  try {
    return yield* ask(survey, models, options);
  } finally {
    Object.values(models).forEach((model) => model.dispose());
  }
}

export const publishedStudies: readonly PublishedStudy[] = [
  study({
    name: 'all-models',
    about: 'every model fitted on the same persons and compared: the main table of notebook 07',
    surveys: surveySources,
    revision: 3,
    minutes: [0, 0.8],
    run: everyModel,
    write: saveAllModels,
  }),
  study({
    name: 'matched-cells',
    about: 'LABOR-LLM against CAREER, from nothing and pre-trained',
    surveys: askedSources,
    revision: 3,
    minutes: [0, 1.5],
    run: async (survey, { profile, signal, onProgress }) => {
      const cells = matchedCells(survey, { plan: matchedCellsPlan[profile], signal });
      return (await toEnd(cells, sayPart(onProgress))).result;
    },
    write: saveMatchedCells,
  }),
  study({
    name: 'refits',
    about: "notebook 07: models fitted again, the main table's errors over train sets",
    surveys: firstFormSources,
    revision: 1,
    minutes: [0, 0.3],
    run: async (survey, context) => ({ refits: await modelsAgain(survey, context) }),
  }),
  study({
    name: 'two-years',
    about: 'notebook 07: two years ahead, directly and compounded',
    surveys: firstFormSources,
    revision: 1,
    minutes: [0, 0.2],
    run: async (survey, context) => ({
      models: await twoYearsStudy(survey, comparisonPlan[context.profile], during(context)),
    }),
    write: async (survey, { models }, folders) => {
      await saveTables({ 'two-years': twoYearsTable(survey, models) }, folders.results);
      await saveFigure(twoYearsPlot(survey, models), 'two-years', folders.figures);
    },
  }),
  study({
    name: 'returns',
    about: 'notebook 07: of whom LABOR-LLM is ahead of CAREER, and who comes back to a former job',
    surveys: firstFormSources,
    revision: 1,
    minutes: [0, 0.05],
    run: (survey, context) => returnsStudy(survey, comparisonPlan[context.profile], during(context)),
    write: async (survey, found, folders) => {
      await saveTables({ leads: leadsTable(survey, found), returns: returnsTable(survey, found) }, folders.results);
      await saveFigure(leadsPlot(survey, found), 'leads', folders.figures);
      await saveFigure(returnsPlot(survey, found), 'returns', folders.figures);
    },
  }),
  study({
    name: 'time-holdout',
    about: 'notebook 07: fitted through a year, asked about the years after it',
    surveys: firstFormSources,
    revision: 1,
    minutes: [0, 0.6],
    run: (survey, context) =>
      holdoutStudy(survey, holdoutYear(survey), comparisonPlan[context.profile], during(context)),
    write: async (survey, result, folders) => {
      await saveTables({ 'time-holdout': timeHoldoutTable(survey, result) }, folders.results);
      await saveFigure(timeHoldoutPlot(survey, result), 'time-holdout', folders.figures);
    },
  }),
  study({
    name: 'foundation',
    about: 'what fine-tuning from the foundation gives over training from nothing',
    surveys: firstFormSources,
    revision: 2,
    minutes: [30, 0.1],
    run: async (survey, { profile, seed, signal, onProgress }) => {
      const plan = sourcesOfGainsPlan[profile];
      // elsewhere the question is asked once: in as many steps, of the shipped one
      const fewer = { ...plan, deltas: [], fromNothing: { ...plan.fromNothing, steps: plan.fineTuning.steps } };
      const asked = foundationGains(survey, { plan: isFurtherPopulation(survey) ? fewer : plan, seed, signal });
      return { gains: await toEnd(asked, sayPart(onProgress)) };
    },
    write: (survey, { gains }, folders) => saveFoundationGains(survey, gains, folders),
  }),
  study({
    name: 'more-data',
    about: 'notebook 08: a second survey against a larger decoder',
    surveys: firstFormSources,
    revision: 1,
    minutes: [0, 1],
    run: (survey, context) =>
      answer(context, async function* (options) {
        return keptMoreData(yield* moreDataOrLarger(survey, options));
      }),
    write: writeAnswer('more-data'),
  }),
  study({
    name: 'titles',
    about: 'notebook 08: titles against codes, with both controls',
    surveys: firstFormSources,
    revision: 1,
    minutes: [0, 1],
    run: (survey, context) =>
      answer(context, async function* (options) {
        return keptTitles(yield* titlesAgainstCodes(survey, options));
      }),
    write: writeAnswer('titles'),
  }),
  study({
    name: 'covariates',
    about: 'notebook 08: covariates dropped, swapped, and left out before the fit',
    surveys: firstFormSources,
    revision: 1,
    minutes: [25, 0.1],
    run: (survey, context) =>
      answer(context, async function* (options) {
        const { leftOut, ratios } = keptLeftOut(yield* covariatesLeftOut(survey, options));
        return { leftOut, ratios, covariates: yield* ofModels(covariatesChanged, survey, options) };
      }),
    write: writeAnswer('covariates'),
  }),
  study({
    name: 'history',
    about: 'notebook 08: models told of the last observations only',
    surveys: firstFormSources,
    revision: 1,
    minutes: [30, 0.05],
    run: (survey, context) =>
      answer(context, async function* (options) {
        return { history: yield* ofModels(historyShortened, survey, options) };
      }),
    write: writeAnswer('history'),
  }),
  study({
    name: 'job-loss',
    about: 'notebook 09: the years after a job is lost, predicted and observed',
    surveys: firstFormSources,
    revision: 1,
    minutes: [0, 0.1],
    run: async (survey, context): Promise<JobLossResults> => {
      const { profile, seed, onProgress } = context;
      const { fits, persons, yearsAhead, paths } = conclusionPlan[profile];
      const losses = jobLosses(survey, heldOut(survey).careers, yearsAhead, persons);
      const { model } = await fitOn('career', survey, { ...during(context), fits });
      try {
        const shares = await pathsAfterLoss(model, losses, {
          ...{ paths, seed },
          onProgress: ({ done, total, unit }) => onProgress(`${done} of ${total} ${unit}`),
        });
        const { event, year, categories, losers } = losses;
        return { ...{ event, year, categories }, persons: losers.length, pathsEach: paths, paths: shares };
      } finally {
        model.dispose();
      }
    },
    write: async (survey, found, folders) => {
      await saveFigure(backPlot(survey, found, found.paths), 'job-loss', folders.figures);
      await saveFigure(whereToPlot(survey, found, found.paths), 'job-loss-where', folders.figures);
    },
  }),
  study({
    name: 'market-report',
    about: 'how much the synthetic survey is like the real one',
    surveys: ['synthetic-nlsy97'],
    revision: 1,
    minutes: [0, 0.02],
    run: async (survey) => ({ moments: compareMoments(surveyMoments(survey)) }),
    write: async (survey, { moments }, folders) => {
      const rows = moments.map(({ moment, calibrated, real, synthetic }): Row => {
        return { moment, 'calibrated on': calibrated ? 'yes' : 'no', NLSY97: real, synthetic };
      });
      const caption = `Moments of ${survey} and of NLSY97`;
      await saveTable(rows, 'market-report', folders.results, { caption, notes: drawnNotes([survey]) });
    },
  }),
];
