import type { AllModels } from '../studies';
import { allModelsTable, paperOrderTable } from './all-models-table';
import { saveTable } from './show-table';

/** Writes the table of all models, and the paper's order beside the one found where there is one. */
export const saveAllModels = async (survey: string, result: AllModels, folder: string): Promise<void> => {
  const table = allModelsTable(survey, result);
  await saveTable(table.rows, 'all-models', folder, table.options);
  if (result.order.length === 0) return;
  const order = paperOrderTable(survey, result);
  await saveTable(order.rows, 'all-models-order', folder, order.options);
};
