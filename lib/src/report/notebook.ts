/**
 * What a cell shows. tslab's public `display` sends one representation at a time; Jupyter's own way is one output with
 * several, of which each viewer takes the best it knows. The kernel's own copy of tslab is the one already loaded in
 * this process, so nothing is imported here and outside a notebook nothing is loaded.
 */
import { randomBytes } from 'node:crypto';

/** Representations of one output by media type: an object for JSON, text for `text/*` and SVG, base64 for PNG. */
export type Bundle = Readonly<Record<string, unknown>>;

interface DisplayData {
  readonly data: Bundle;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

interface TslabJupyter {
  readonly lastWriteDisplayData?: ((data: DisplayData, update: boolean) => void) | null;
}

interface TslabPublic {
  readonly display?: { raw(contentType: string, content: unknown): void };
}

const loaded = <Exports>(file: string): Exports | undefined => {
  const path = Object.keys(require.cache).find((name) => name.replace(/\\/g, '/').endsWith(`tslab/dist/${file}`));
  return path === undefined ? undefined : (require.cache[path]?.exports as Exports);
};

/** Whether this runs in a cell of a notebook. */
export const inNotebook = (): boolean => loaded<TslabJupyter>('jupyter.js')?.lastWriteDisplayData != null;

/** One output of the running cell, whose content can be replaced. */
export interface Output {
  update(bundle: Bundle): void;
}

/**
 * Adds an output to the running cell. Outside a notebook the bundle's `text/plain` is printed, and printed again at each
 * update.
 */
export const showOutput = (bundle: Bundle): Output => {
  const id = randomBytes(8).toString('hex');
  send(bundle, id, false);
  return { update: (next) => send(next, id, true) };
};

const send = (data: Bundle, id: string, update: boolean): void => {
  const write = loaded<TslabJupyter>('jupyter.js')?.lastWriteDisplayData;
  if (write != null) {
    write({ data, metadata: {}, transient: { display_id: id } }, update);
    return;
  }
  // another version of tslab: the one representation that every viewer shows
  const display = loaded<TslabPublic>('public.js')?.display;
  const type = ['image/svg+xml', 'text/html', 'text/plain'].find((known) => known in data);
  if (display !== undefined && type !== undefined && type !== 'text/plain') display.raw(type, data[type]);
  else console.log(data['text/plain']);
};
