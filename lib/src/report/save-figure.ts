import { join } from 'node:path';
import { writeFileAtomic } from '../support';
import type { Figure } from './figure';
import { sharedRenderer, type Renderer } from './renderer';

let told = false;

/** Says once a run why there are no pictures; figures and tables go on without. */
export const tellNoPictures = (): void => {
  if (!told) console.log('No picture files are written: kaleido is not installed (`npm start` installs it).');
  told = true;
};

/**
 * Writes FOLDER/NAME.svg and FOLDER/NAME.png, and gives the SVG text; undefined, with one line that says so, where
 * kaleido is not installed.
 */
export const saveFigure = async (
  figure: Figure,
  name: string,
  folder: string,
  renderer: Renderer | undefined = sharedRenderer(),
): Promise<string | undefined> => {
  if (renderer === undefined) {
    tellNoPictures();
    return undefined;
  }
  const [svg, png] = await Promise.all([renderer.svg(figure), renderer.png(figure)]);
  await writeFileAtomic(join(folder, `${name}.svg`), svg);
  await writeFileAtomic(join(folder, `${name}.png`), png);
  return svg;
};
