/** tslab's place in Node's module cache, taken by a recorder: what a cell would be sent. */
import { join } from 'node:path';

export interface Sent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
  readonly update: boolean;
}

/** Runs `body` as in a cell, and gives every display message that it sent. */
export const inFakeNotebook = async (body: () => Promise<unknown>): Promise<Sent[]> => {
  const sent: Sent[] = [];
  const path = join(__dirname, 'tslab', 'dist', 'jupyter.js');
  const lastWriteDisplayData = (message: Omit<Sent, 'update'>, update: boolean): void => {
    sent.push({ ...message, update });
  };
  require.cache[path] = { ...module, id: path, exports: { lastWriteDisplayData } };
  try {
    await body();
  } finally {
    delete require.cache[path];
  }
  return sent;
};

/** What `body` prints with console.log, instead of printing it. */
export const printed = async (body: () => unknown): Promise<string> => {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void lines.push(values.join(' '));
  try {
    await body();
  } finally {
    console.log = log;
  }
  return lines.join('\n');
};
