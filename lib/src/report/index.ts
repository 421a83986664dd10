/** Tables and figures, as files and in a notebook, and progress while one waits for them. */
export { allModelsPlot } from './all-models-plot';
export { allModelsTable, paperOrderTable } from './all-models-table';
export { calibrationPlot } from './calibration-plot';
export {
  alternativesTable,
  differenceTable,
  groupTable,
  mainTable,
  outcomeTable,
  paperOrdersTable,
  representativenessTable,
  subgroupTable,
  timeHoldoutTable,
  twoYearsTable,
} from './comparison-tables';
export { educationPlot, movesPlot, timeHoldoutPlot, twoYearsPlot } from './comparison-plots';
export { leadsPlot, leadsTable, returnsPlot, returnsTable } from './returns';
export { dotPlot, type DotPlotOptions, type DotSeries } from './dot-plot';
export { drawnNotes } from './drawn-notes';
export { errorBars } from './error-bars';
export { figure, palette, type Figure } from './figure';
export { dataFrame, type Row } from './frame';
export { intervalLinesPlot, type IntervalLine, type IntervalLinesPlotOptions } from './interval-lines-plot';
export { intervalPlot, type Estimate, type IntervalPlotOptions } from './interval-plot';
export { backPlot, whereToPlot } from './job-loss-plots';
export { lossPlot, type LossPlotOptions, type LossPoint } from './loss-plot';
export {
  matchedCellsPlot,
  matchedCellsTable,
  matchedDifferencesTable,
  matchedGroupsTable,
  matchedSurveysTable,
  saveMatchedCells,
} from './matched-cells-tables';
export { foundationGainsPlot, foundationGainsTable, saveFoundationGains } from './foundation-gains-table';
export {
  covariatesPlot,
  gainsWorthPlot,
  gainsWorthTable,
  historyPlot,
  moreDataPlot,
  saveGains,
  titlesPlot,
  type GainsQuestion,
} from './gains-plots';
export { mainPlot } from './main-plot';
export { matrixPlot, type MatrixPlotOptions } from './matrix-plot';
export { inNotebook, showOutput, type Bundle, type Output } from './notebook';
export { partsLine, showParts } from './parts-progress';
export { perplexityCells, perplexityColumns } from './perplexity-columns';
export { probabilityPlot, type ProbabilityPlotOptions } from './probability-plot';
export { progressLine, showProgress, type Shown, type StepLog } from './progress';
export { findKaleido, Renderer, type RendererOptions } from './renderer';
export { pointsPlot, type NamedPoint, type PointsPlotOptions } from './points-plot';
export { ReportError } from './report-error';
export { saveAllModels } from './save-all-models';
export { saveFigure } from './save-figure';
export { disposeSharedRenderer, sharedRenderer } from './shared-renderer';
export { schedulesPlot, type ScheduledFit } from './schedules-plot';
export { show, type SaveAs } from './show';
export { saveTable, saveTables, showTable } from './show-table';
export { showPublished } from './show-published';
export { showWork, type Say } from './show-work';
export { titleTreePlot, type TreeNode } from './title-tree-plot';
export {
  tableHtml,
  tableLatex,
  tableMarkdown,
  tableText,
  type Frame,
  type PreparedTable,
  type TableOptions,
} from './table';
