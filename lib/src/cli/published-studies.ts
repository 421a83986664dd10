/**
 * The studies whose results are published. A line here is a function that computes results of a survey, and the surveys
 * that it is for; what is written of the results besides their numbers, tables and figures, it writes itself.
 */
import {
  backPlot,
  drawnNotes,
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
  notebookSources,
  pathsAfterLoss,
  plannedModels,
  plannedModelsElsewhere,
  refitsOn,
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
  type PartsLog,
  type PublishedStudy,
  type RefitErrors,
  type SourcesOfGains,
  type StudyContext,
  type SurveySource,
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

/** The shipped panels. */
const panels: readonly SurveySource[] = ['young-women', 'young-men'];

const allSources: readonly SurveySource[] = [...panels, ...notebookSources];

/** The market's second form is for the order of some models: an order on drawn careers is a finding only where both agree. */
const isSecondForm = ({ name }: Survey): boolean => name === sourceName('synthetic-nlsy97-distance');

/** Drawn populations besides the one that notebooks run on. */
const isFurtherPopulation = ({ origin, name }: Survey): boolean =>
  origin !== undefined && name !== sourceName('synthetic-nlsy97');

/** The plan's models fitted again; on the young women, where a fit of it takes minutes and not an hour, LABOR-LLM too. */
const modelsAgain = async (survey: Survey, context: StudyContext): Promise<readonly RefitErrors[]> => {
  const plan = comparisonPlan[context.profile];
  const options = { ...during(context), fits: plan.fits };
  if (survey.name !== 'young-women') return await refitsOn(survey, plan, options);
  const models = [...plan.refits.models, 'labor-llm'];
  return await refitsOn(survey, { ...plan, refits: { ...plan.refits, models, seeds: 1 } }, options);
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

/** A question of notebook 08 at full size, its table and its figure. */
const question = async (
  name: GainsQuestion,
  survey: Survey,
  { profile, seed, folders, signal, onProgress }: StudyContext,
  ask: (options: GainsOptions) => AsyncGenerator<PartsLog, Partial<SourcesOfGains>>,
): Promise<Readonly<Record<string, unknown>>> => {
  const kept = await toEnd(ask({ plan: sourcesOfGainsPlan[profile], seed, signal }), sayPart(onProgress));
  await saveGains(name, survey.name, kept, folders);
  return { ...kept };
};

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
  {
    name: 'all-models',
    about: 'every model fitted on the same persons and compared: the main table of notebook 07',
    surveys: surveySources,
    revision: 3,
    minutes: [0, 0.8],
    run: async (survey, context) => {
      const result = await everyModel(survey, context);
      await saveAllModels(survey.name, result, context.folders);
      return { ...result };
    },
  },
  {
    name: 'matched-cells',
    about: 'LABOR-LLM against CAREER, from nothing and pre-trained',
    surveys: allSources,
    revision: 3,
    minutes: [0, 1.5],
    run: async (survey, { profile, folders, signal, onProgress }) => {
      const study = matchedCells(survey, { plan: matchedCellsPlan[profile], signal });
      const { result } = await toEnd(study, sayPart(onProgress));
      await saveMatchedCells(survey.name, result, folders);
      return { ...result };
    },
  },
  {
    name: 'refits',
    about: "notebook 07: models fitted again, the main table's errors over train sets",
    surveys: ['young-women', ...notebookSources],
    revision: 1,
    minutes: [0, 0.3],
    run: async (survey, context) => ({ refits: await modelsAgain(survey, context) }),
  },
  {
    name: 'two-years',
    about: 'notebook 07: two years ahead, directly and compounded',
    surveys: notebookSources,
    revision: 1,
    minutes: [0, 0.2],
    run: async (survey, context) => {
      const { profile, folders } = context;
      const models = await twoYearsStudy(survey, comparisonPlan[profile], during(context));
      await saveTables({ 'two-years': twoYearsTable(survey.name, models) }, folders.results);
      await saveFigure(twoYearsPlot(survey.name, models), 'two-years', folders.figures);
      return { models };
    },
  },
  {
    name: 'time-holdout',
    about: 'notebook 07: fitted through a year, asked about the years after it',
    surveys: notebookSources,
    revision: 1,
    minutes: [0, 0.6],
    run: async (survey, context) => {
      const { profile, folders } = context;
      const result = await holdoutStudy(survey, holdoutYear(survey), comparisonPlan[profile], during(context));
      await saveTables({ 'time-holdout': timeHoldoutTable(survey.name, result) }, folders.results);
      await saveFigure(timeHoldoutPlot(survey.name, result), 'time-holdout', folders.figures);
      return { ...result };
    },
  },
  {
    name: 'foundation',
    about: 'what fine-tuning from the foundation gives over training from nothing',
    surveys: firstFormSources,
    revision: 2,
    minutes: [30, 0.1],
    run: async (survey, { profile, seed, folders, signal, onProgress }) => {
      const plan = sourcesOfGainsPlan[profile];
      // elsewhere the question is asked once: in as many steps, of the shipped one
      const fewer = { ...plan, deltas: [], fromNothing: { ...plan.fromNothing, steps: plan.fineTuning.steps } };
      const study = foundationGains(survey, { plan: isFurtherPopulation(survey) ? fewer : plan, seed, signal });
      const gains = await toEnd(study, sayPart(onProgress));
      await saveFoundationGains(survey.name, gains, folders);
      return { gains };
    },
  },
  {
    name: 'more-data',
    about: 'notebook 08: a second survey against a larger decoder',
    surveys: notebookSources,
    revision: 1,
    minutes: [0, 1],
    run: (survey, context) =>
      question('more-data', survey, context, async function* (options) {
        return keptMoreData(yield* moreDataOrLarger(survey, options));
      }),
  },
  {
    name: 'titles',
    about: 'notebook 08: titles against codes, with both controls',
    surveys: notebookSources,
    revision: 1,
    minutes: [0, 1],
    run: (survey, context) =>
      question('titles', survey, context, async function* (options) {
        return keptTitles(yield* titlesAgainstCodes(survey, options));
      }),
  },
  {
    name: 'covariates',
    about: 'notebook 08: covariates dropped, swapped, and left out before the fit',
    surveys: notebookSources,
    revision: 1,
    minutes: [25, 0.1],
    run: (survey, context) =>
      question('covariates', survey, context, async function* (options) {
        const { leftOut, ratios } = keptLeftOut(yield* covariatesLeftOut(survey, options));
        return { leftOut, ratios, covariates: yield* ofModels(covariatesChanged, survey, options) };
      }),
  },
  {
    name: 'history',
    about: 'notebook 08: models told of the last observations only',
    surveys: notebookSources,
    revision: 1,
    minutes: [30, 0.05],
    run: (survey, context) =>
      question('history', survey, context, async function* (options) {
        return { history: yield* ofModels(historyShortened, survey, options) };
      }),
  },
  {
    name: 'job-loss',
    about: 'notebook 09: the years after a job is lost, predicted and observed',
    surveys: notebookSources,
    revision: 1,
    minutes: [0, 0.1],
    run: async (survey, context) => {
      const { profile, seed, folders, onProgress } = context;
      const { fits, persons, yearsAhead, paths } = conclusionPlan[profile];
      const losses = jobLosses(survey, heldOut(survey).careers, yearsAhead, persons);
      const { model } = await fitOn('career', survey, { ...during(context), fits });
      try {
        const shares = await pathsAfterLoss(model, losses, {
          ...{ paths, seed },
          onProgress: ({ done, total, unit }) => onProgress(`${done} of ${total} ${unit}`),
        });
        await saveFigure(backPlot(survey.name, losses, shares), 'job-loss', folders.figures);
        await saveFigure(whereToPlot(survey.name, losses, shares), 'job-loss-where', folders.figures);
        const { event, year, categories, losers } = losses;
        return {
          ...{ event, year, categories, persons: losers.length, pathsEach: paths, paths: shares },
        } satisfies JobLossResults;
      } finally {
        model.dispose();
      }
    },
  },
  {
    name: 'market-report',
    about: 'how much the synthetic survey is like the real one',
    surveys: ['synthetic-nlsy97'],
    revision: 1,
    minutes: [0, 0.02],
    run: async (survey, { folders }) => {
      const moments = compareMoments(surveyMoments(survey));
      const rows = moments.map(({ moment, calibrated, real, synthetic }): Row => {
        return { moment, 'calibrated on': calibrated ? 'yes' : 'no', NLSY97: real, synthetic };
      });
      await saveTable(rows, 'market-report', folders.results, {
        caption: `Moments of ${survey.name} and of NLSY97`,
        notes: drawnNotes([survey.name]),
      });
      return { moments };
    },
  },
];
