import type { AllModels, OutputFolders } from '../studies';
import { allModelsPlot } from './all-models-plot';
import { allModelsTable, paperOrderTable } from './all-models-table';
import { calibrationPlot } from './calibration-plot';
import { educationPlot, movesPlot } from './comparison-plots';
import {
  alternativesTable,
  groupTable,
  outcomeTable,
  representativenessTable,
  subgroupTable,
} from './comparison-tables';
import { saveFigure } from './save-figure';
import { saveTables } from './show-table';

/** Writes the tables and figures of all models on a survey: together, in the paper's order, and by part of notebook 07. */
export const saveAllModels = async (survey: string, result: AllModels, folders: OutputFolders): Promise<void> => {
  const hasEducation = result.rows.some(({ groups }) => groups.some((one) => one.characteristic === 'education'));
  const hasDistributions = result.rows.some(({ report }) => report?.outcomes);
  const order = result.order.length === 0 ? {} : { 'all-models-order': paperOrderTable(survey, result) };
  await saveTables(
    {
      ...{ 'all-models': allModelsTable(survey, result), ...order },
      transitions: groupTable(survey, result, 'transition'),
      subgroups: subgroupTable(survey, result),
      ...(hasEducation ? { education: groupTable(survey, result, 'education') } : {}),
      ...(result.rows.some(({ model }) => model === 'off-the-shelf')
        ? { alternatives: alternativesTable(survey, result) }
        : {}),
      ...(hasDistributions
        ? { outcomes: outcomeTable(survey, result), representativeness: representativenessTable(survey, result) }
        : {}),
    },
    folders.results,
  );
  // of one household there is no interval, and so no picture
  if (result.rows.some(({ report }) => report?.interval)) {
    const figures = {
      'all-models': allModelsPlot(survey, result),
      education: educationPlot(survey, result),
      calibration: calibrationPlot(survey, result),
      representativeness: movesPlot(survey, result),
    };
    for (const [name, figure] of Object.entries(figures)) if (figure) await saveFigure(figure, name, folders.figures);
  }
};
