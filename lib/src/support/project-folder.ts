import { resolve } from 'node:path';

/** The checkout's folder, wherever a program was started: this file runs as lib/dist/support/project-folder.js. */
export const projectFolder = resolve(__dirname, '..', '..', '..');
