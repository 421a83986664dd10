/**
 * The studies whose results are published. A line here is a function that computes results of a survey, and the surveys
 * that it is for; what is written of the results besides their numbers, tables and figures, it writes itself.
 */
import { allModelsPlot, saveAllModels, saveFigure, saveMatchedCells, saveTable, type Row } from '../report';
import {
  allModels,
  compareMoments,
  matchedCells,
  matchedCellsPlan,
  surveyMoments,
  surveySources,
  type AllModelsOptions,
  type ProfileName,
  type PublishedStudy,
} from '../studies';

/** In smoke the models that differ in how they are fitted and asked, small; in full all of them as they are by default. */
const allModelsSize: Readonly<Record<ProfileName, Omit<AllModelsOptions, 'seed'>>> = {
  smoke: {
    models: ['oracle', 'labor-llm', 'career', 'empirical', 'uniform'],
    steps: 3,
    configs: {
      'labor-llm': {
        ...{ hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1, vocabulary: 1000 },
        ...{ num_attention_heads: 2, num_key_value_heads: 2 },
      },
      career: { layers: 1, width: 48 },
    },
  },
  classroom: { minutes: 3 },
  published: {},
};

export const publishedStudies: readonly PublishedStudy[] = [
  {
    name: 'all-models',
    about: 'every model fitted on the same persons and compared',
    surveys: surveySources,
    revision: 1,
    minutesPerThousand: 2.5,
    run: async (survey, { profile, seed, folders, signal, onProgress }) => {
      const result = await allModels(survey, {
        seed,
        ...allModelsSize[profile],
        ...(signal === undefined ? {} : { signal }),
        onProgress: (model, doing) => onProgress(`${model}, ${doing}`),
      });
      await saveAllModels(survey.name, result, folders.results);
      await saveFigure(allModelsPlot(survey.name, result), 'all-models', folders.figures);
      return { ...result };
    },
  },
  {
    name: 'matched-cells',
    about: 'LABOR-LLM against CAREER, from nothing and pre-trained',
    surveys: ['young-women', 'young-men', 'synthetic-nlsy97', 'nlsy97'],
    revision: 1,
    minutesPerThousand: 1.5,
    run: async (survey, { profile, folders, signal, onProgress }) => {
      const study = matchedCells(survey, {
        plan: matchedCellsPlan[profile],
        ...(signal === undefined ? {} : { signal }),
      });
      let item = await study.next();
      for (; item.done !== true; item = await study.next()) {
        onProgress(`${item.value.what}: step ${item.value.step} of ${item.value.steps}`);
      }
      await saveMatchedCells(survey.name, item.value.result, folders);
      return { ...item.value.result };
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
