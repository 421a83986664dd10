/**
 * The studies whose results are published. A line here is a function that computes results of a survey, and the surveys
 * that it is for; what is written of the results besides their numbers, tables and figures, it writes itself.
 */
import {
  allModelsPlot,
  mainTable,
  saveAllModels,
  saveFigure,
  saveFoundationGains,
  saveMatchedCells,
  saveTable,
  saveTables,
  timeHoldoutTable,
  twoYearsTable,
  type Row,
} from '../report';
import {
  allModels,
  compareMoments,
  comparison,
  comparisonPlan,
  foundationGains,
  holdoutStudy,
  holdoutYear,
  matchedCells,
  matchedCellsPlan,
  otherSurveys,
  sourcesOfGains,
  sourcesOfGainsPlan,
  surveyMoments,
  tinyDecoder,
  twoYearsStudy,
  type AllModels,
  type AllModelsOptions,
  type OutputFolders,
  type PartsLog,
  type ProfileName,
  type PublishedStudy,
  type StudyContext,
  type SurveySource,
} from '../studies';
import { toEnd } from '../support';

/** In smoke the models that differ in how they are fitted and asked, small; at full size all of them, fitted as in the main table. */
const allModelsSize: Readonly<Record<ProfileName, Omit<AllModelsOptions, 'seed'>>> = {
  smoke: {
    models: ['oracle', 'labor-llm', 'career', 'empirical', 'uniform'],
    steps: 3,
    configs: {
      'labor-llm': { ...tinyDecoder, vocabulary: 1000 },
      career: { layers: 1, width: 48 },
    },
  },
  classroom: { minutes: 3 },
  published: {
    fits: comparisonPlan.published.fits,
    distributionPersons: comparisonPlan.published.distributionPersons ?? Infinity,
  },
};

/** The shipped panels. */
const panels: readonly SurveySource[] = ['young-women', 'young-men'];

/** The drawn survey that notebooks run on, and the paper's own: those of the studies of notebooks 07 and 08. */
const notebookSources: readonly SurveySource[] = ['synthetic-nlsy97', 'nlsy97'];

const allSources: readonly SurveySource[] = [...panels, ...notebookSources];

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

/** The table of all models and its figure. */
const showAllModels = async (survey: string, result: AllModels, folders: OutputFolders): Promise<void> => {
  await saveAllModels(survey, result, folders.results);
  await saveFigure(allModelsPlot(survey, result), 'all-models', folders.figures);
};

export const publishedStudies: readonly PublishedStudy[] = [
  {
    name: 'all-models',
    about: 'every model fitted on the same persons and compared (on the other surveys a part of comparison)',
    surveys: panels,
    revision: 1,
    minutesPerThousand: 2.5,
    run: async (survey, context) => {
      const { profile, folders } = context;
      const result = await allModels(survey, { ...allModelsSize[profile], ...during(context) });
      await showAllModels(survey.name, result, folders);
      return { ...result };
    },
  },
  {
    name: 'matched-cells',
    about: 'LABOR-LLM against CAREER, from nothing and pre-trained',
    surveys: allSources,
    revision: 1,
    minutesPerThousand: 1.5,
    run: async (survey, { profile, folders, signal, onProgress }) => {
      const study = matchedCells(survey, { plan: matchedCellsPlan[profile], signal });
      const { result } = await toEnd(study, sayPart(onProgress));
      await saveMatchedCells(survey.name, result, folders);
      return { ...result };
    },
  },
  {
    name: 'comparison',
    about: 'notebook 07: the main table, over persons, train sets and seeds',
    surveys: notebookSources,
    revision: 1,
    minutesPerThousand: 6,
    run: async (survey, context) => {
      const { profile, seed, folders } = context;
      const plan = comparisonPlan[profile];
      // the drawn surveys and the panels stand in one table, a real survey in its own
      const others = survey.origin === undefined ? [] : await otherSurveys(plan, survey, profile, seed);
      const result = await comparison(survey, others, plan, during(context));
      await saveTables({ '07-main': mainTable(result) }, folders.results);
      const [own] = result.surveys;
      if (own !== undefined) await showAllModels(survey.name, own.result, folders);
      return { ...result };
    },
  },
  {
    name: 'two-years',
    about: 'notebook 07: two years ahead, directly and compounded',
    surveys: notebookSources,
    revision: 1,
    minutesPerThousand: 3,
    run: async (survey, context) => {
      const { profile, folders } = context;
      const models = await twoYearsStudy(survey, comparisonPlan[profile], during(context));
      await saveTables({ '07-two-years': twoYearsTable(survey.name, models) }, folders.results);
      return { models };
    },
  },
  {
    name: 'time-holdout',
    about: 'notebook 07: fitted through a year, asked about the years after it',
    surveys: notebookSources,
    revision: 1,
    minutesPerThousand: 3,
    run: async (survey, context) => {
      const { profile, folders } = context;
      const result = await holdoutStudy(survey, holdoutYear(survey), comparisonPlan[profile], during(context));
      await saveTables({ '07-time-holdout': timeHoldoutTable(survey.name, result) }, folders.results);
      return { ...result };
    },
  },
  {
    name: 'foundation',
    about: 'what fine-tuning from the foundation gives over training from nothing',
    surveys: allSources,
    revision: 1,
    minutesPerThousand: 3,
    run: async (survey, { profile, seed, folders, signal, onProgress }) => {
      const study = foundationGains(survey, { plan: sourcesOfGainsPlan[profile], seed, signal });
      const gains = await toEnd(study, sayPart(onProgress));
      await saveFoundationGains(survey.name, gains, folders);
      return { gains };
    },
  },
  {
    name: 'sources-of-gains',
    about: 'notebook 08: fine-tuning, more data, titles against codes, covariates, history',
    surveys: notebookSources,
    revision: 1,
    minutesPerThousand: 6,
    run: async (survey, { profile, seed, signal, onProgress }) => {
      const plan = sourcesOfGainsPlan[profile];
      const study = sourcesOfGains(survey, { plan, seed, signal });
      return { ...(await toEnd(study, sayPart(onProgress))) };
    },
  },
  {
    name: 'market-report',
    about: 'how much the synthetic survey is like the real one',
    surveys: ['synthetic-nlsy97'],
    revision: 1,
    minutesPerThousand: 0.02,
    run: async (survey, { folders }) => {
      const moments = compareMoments(surveyMoments(survey));
      const rows = moments.map(({ moment, calibrated, real, synthetic }): Row => {
        return { moment, 'calibrated on': calibrated ? 'yes' : 'no', NLSY97: real, synthetic };
      });
      await saveTable(rows, 'market-report', folders.results, { caption: `Moments of ${survey.name} and of NLSY97` });
      return { moments };
    },
  },
];
