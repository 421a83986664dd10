import { join } from 'node:path';
import { projectFolder } from '../support';

/**
 * Folders of the foundations that come with the project: the one that every fit begins from, and its smaller sister, which
 * leaves a class the time to fine-tune it a dozen times.
 */
export const shippedFoundations = {
  full: join(projectFolder, 'data', 'foundation'),
  small: join(projectFolder, 'data', 'foundation-small'),
} as const;
