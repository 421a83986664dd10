/**
 * The one renderer of a run, and what is done where there is none: figures go on without pictures, and one line says why.
 */
import type { Figure } from './figure';
import { findKaleido, Renderer } from './renderer';
import { ReportError } from './report-error';

let shared: Renderer | undefined;
/** Why no picture is drawn in this run any more. */
let withoutPictures: string | undefined;

/** The run's renderer, started when first asked for; undefined where kaleido is not installed. */
export const sharedRenderer = (): Renderer | undefined => {
  if (shared?.running !== true) shared = findKaleido() === undefined ? undefined : new Renderer();
  return shared;
};

/** Ends the run's renderer, if one was started; the next picture starts another. */
export const disposeSharedRenderer = (): void => {
  shared?.dispose();
  shared = undefined;
};

/**
 * Draws with the run's renderer. One that hangs or dies, as a headless browser now and then does, is replaced once;
 * after that, and where kaleido is not installed, one line says that there are no pictures, and this gives undefined.
 *
 * @throws ReportError if the renderer cannot draw this very figure.
 */
export const drawShared = async <Picture>(
  draw: (renderer: Renderer) => Promise<Picture>,
): Promise<Picture | undefined> => {
  let why = 'kaleido is not installed (`npm start` installs it)';
  for (let attempt = 0; attempt < 2 && withoutPictures === undefined; attempt++) {
    const renderer = sharedRenderer();
    if (renderer === undefined) break;
    try {
      return await draw(renderer);
    } catch (error) {
      if (renderer.running || !(error instanceof ReportError)) throw error;
      why = error.message;
    }
  }
  if (withoutPictures === undefined) console.log(`No pictures are drawn: ${why}.`);
  withoutPictures = why;
  return undefined;
};

/** The figure as SVG text; undefined as in `drawShared`. */
export const drawSvg = (figure: Figure): Promise<string | undefined> => drawShared((renderer) => renderer.svg(figure));
