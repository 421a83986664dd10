import type { AllModels, OutputFolders } from '../studies';
import { allModelsPlot } from './all-models-plot';
import { allModelsTable, paperOrderTable } from './all-models-table';
import { saveFigure } from './save-figure';
import { saveTables } from './show-table';

/** Writes the table of all models and its figure, and the paper's order beside the one found where there is one. */
export const saveAllModels = async (survey: string, result: AllModels, folders: OutputFolders): Promise<void> => {
  const order = result.order.length === 0 ? {} : { 'all-models-order': paperOrderTable(survey, result) };
  await saveTables({ 'all-models': allModelsTable(survey, result), ...order }, folders.results);
  // of one household there is no interval, and so no picture
  if (result.rows.some(({ report }) => report?.interval)) {
    await saveFigure(allModelsPlot(survey, result), 'all-models', folders.figures);
  }
};
