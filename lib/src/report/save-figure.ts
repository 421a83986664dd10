import { join } from 'node:path';
import { writeFileAtomic } from '../support';
import type { Figure } from './figure';
import { drawShared } from './shared-renderer';

/**
 * Writes FOLDER/NAME.svg and FOLDER/NAME.png, and gives the SVG text; undefined, with one line a run that says why, where
 * no picture can be drawn.
 */
export const saveFigure = async (figure: Figure, name: string, folder: string): Promise<string | undefined> => {
  const pictures = await drawShared((renderer) => Promise.all([renderer.svg(figure), renderer.png(figure)]));
  if (pictures === undefined) return undefined;
  const [svg, png] = pictures;
  await writeFileAtomic(join(folder, `${name}.svg`), svg);
  await writeFileAtomic(join(folder, `${name}.png`), png);
  return svg;
};
