import type { Figure } from './figure';
import { inNotebook, showOutput } from './notebook';
import { saveFigure } from './save-figure';
import { drawSvg } from './shared-renderer';

/** Where a shown figure is also written: FOLDER/NAME.svg and .png. */
export interface SaveAs {
  readonly name: string;
  readonly folder: string;
}

/**
 * Shows a figure in the running cell: JupyterLab draws it with Plotly, to hover over and zoom; saved notebooks and
 * viewers without Plotly show the picture, and where there is neither stands the alternative text. Outside a notebook
 * the text is printed.
 *
 * @param figure undefined where the survey has nothing of what it would show; that stands in its place then
 */
export const show = async (figure: Figure | undefined, saveAs?: SaveAs): Promise<void> => {
  if (figure === undefined) {
    showOutput({ 'text/plain': 'No figure: the survey has nothing of what it would show.' });
    return;
  }
  const svg = saveAs === undefined ? await drawUnsaved(figure) : await saveFigure(figure, saveAs.name, saveAs.folder);
  const { data, layout, alt } = figure;
  showOutput({
    'application/vnd.plotly.v1+json': { data, layout, config: { displaylogo: false, responsive: false } },
    ...(svg === undefined ? {} : { 'image/svg+xml': svg }),
    'text/plain': `Figure: ${alt}`,
  });
};

const drawUnsaved = async (figure: Figure): Promise<string | undefined> => (inNotebook() ? drawSvg(figure) : undefined);
