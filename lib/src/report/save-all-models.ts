import type { AllModels } from '../studies';
import { allModelsTable, paperOrderTable } from './all-models-table';
import { saveTables } from './show-table';

/** Writes the table of all models, and the paper's order beside the one found where there is one. */
export const saveAllModels = async (survey: string, result: AllModels, folder: string): Promise<void> => {
  const order = result.order.length === 0 ? {} : { 'all-models-order': paperOrderTable(survey, result) };
  await saveTables({ 'all-models': allModelsTable(survey, result), ...order }, folder);
};
