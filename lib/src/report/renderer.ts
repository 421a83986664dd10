/**
 * Plotly figures as SVG and PNG without a browser on the machine: the PyPI package kaleido 0.2.1 brings a headless
 * renderer of its own. It reads one JSON object a line and answers with one; starting it takes a second, so one process
 * is kept for a whole run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';
import { projectFolder } from '../support';
import { ReportError } from './report-error';
import type { Figure } from './figure';

export interface RendererOptions {
  /** kaleido's folder `executable`; by default LABOR_LLM_KALEIDO, else the one in the project's .venv. */
  readonly executable?: string | undefined;
  /** Limit for one picture, the start of the renderer included; 30 s by default. */
  readonly secondsPerFigure?: number;
}

/** kaleido's folder `executable`, or undefined where it is not installed. */
export const findKaleido = (): string | undefined => {
  const named = process.env['LABOR_LLM_KALEIDO'];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const libs = join(projectFolder, '.venv', 'lib');
  const environments = existsSync(libs) ? readdirSync(libs).map((python) => join(libs, python)) : [];
  return [...environments, join(projectFolder, '.venv', 'Lib')]
    .map((folder) => join(folder, 'site-packages', 'kaleido', 'executable'))
    .find(existsSync);
};

/** The program itself where it can be started without its shell script, which splits paths at spaces. */
const commandOf = (executable: string): string => {
  const program = join(executable, 'bin', 'kaleido');
  return existsSync(program) ? program : join(executable, process.platform === 'win32' ? 'kaleido.cmd' : 'kaleido');
};

/** Chromium's own log lines, `[1121/114145.243823:WARNING:...]`, say nothing about the figure. */
const isNoise = (line: string): boolean => /^\[[\d/.:]+(INFO|WARNING|ERROR):/.test(line) || line.trim() === '';

interface Answer {
  readonly code: number;
  readonly message: string | null;
  readonly result: string | null;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A running kaleido. Pictures asked for at the same time are drawn in the order asked for. It does not keep Node alive,
 * and ends with it.
 */
export class Renderer {
  private readonly child: ChildProcess;
  private readonly waiting: Waiting[] = [];
  private readonly complaints: string[] = [];
  private readonly secondsPerFigure: number;
  private ended: string | undefined;
  private sayStarted: () => void = () => undefined;
  /** Nothing is asked before its first line, which says that it is there. */
  private readonly started = new Promise<void>((resolve) => (this.sayStarted = resolve));

  /** @throws ReportError if kaleido is not installed. */
  constructor(options: RendererOptions = {}) {
    const executable = options.executable ?? findKaleido();
    if (executable === undefined) {
      throw new ReportError('kaleido is not installed, so no picture can be drawn; `npm start` installs it.');
    }
    this.secondsPerFigure = options.secondsPerFigure ?? 30;
    const plotly = join(dirname(require.resolve('plotly.js-dist/package.json')), 'plotly.js');
    this.child = spawn(
      commandOf(executable),
      [
        'plotly',
        `--plotlyjs=${plotly}`,
        '--no-sandbox',
        '--disable-gpu',
        '--allow-file-access-from-files',
        '--disable-dev-shm-usage',
      ],
      {
        cwd: executable,
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
        // what kaleido's own start script sets: its libraries, and its fonts, so that text is as wide everywhere
        env: {
          ...process.env,
          LD_LIBRARY_PATH: [join(executable, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
          FONTCONFIG_PATH: join(executable, 'etc', 'fonts'),
          XDG_DATA_HOME: join(executable, 'xdg'),
          LD_PRELOAD: undefined,
        },
      },
    );
    this.child.on('error', (error) => this.end(`it could not be started: ${error.message}`));
    // 'close' and not 'exit': by then all that it complained of has been read
    this.child.on('close', (code, signal) => this.end(`it ended (${signal ?? `exit code ${code}`})`));
    // writing to a renderer that has just ended is reported by 'close'
    this.child.stdin?.on('error', () => undefined);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) =>
        stream === this.child.stdout ? this.answer(line) : this.complain(line),
      );
    }
    this.keepNodeAlive(false);
  }

  /** The figure as SVG text. The same figure gives the same text. */
  async svg(figure: Figure): Promise<string> {
    return settleIds(withTitle(await this.draw(figure, 'svg', 1), figure.alt));
  }

  /** The figure as a PNG, `scale` times as large as its layout says; 2 by default, sharp in print. */
  async png(figure: Figure, scale = 2): Promise<Buffer> {
    return Buffer.from(await this.draw(figure, 'png', scale), 'base64');
  }

  /** Whether it can still draw. */
  get running(): boolean {
    return this.ended === undefined;
  }

  /** Ends the process; pictures still asked for are refused. */
  dispose(): void {
    this.end('it was disposed of');
  }

  private async draw(figure: Figure, format: 'svg' | 'png', scale: number): Promise<string> {
    const { data, layout } = figure;
    const { width = 700, height = 400 } = layout;
    const request = JSON.stringify({ format, data: { data, layout }, width, height, scale });
    const { code, message, result } = await this.ask(request);
    if (code !== 0 || result === null) {
      throw new ReportError(`kaleido could not draw the figure: ${message ?? `code ${code}`}.`, figure.alt);
    }
    return result;
  }

  private ask(request: string): Promise<Answer> {
    if (this.ended !== undefined) return Promise.reject(this.gone());
    this.keepNodeAlive(true);
    return new Promise<Answer>((resolve, reject) => {
      const limit = setTimeout(
        () => this.end(`no picture came within ${this.secondsPerFigure} s`),
        1000 * this.secondsPerFigure * (this.waiting.length + 1),
      );
      const settled = (): void => {
        clearTimeout(limit);
        if (this.waiting.length === 0) this.keepNodeAlive(false);
      };
      this.waiting.push({
        resolve: (answer) => (settled(), resolve(answer)),
        reject: (error) => (settled(), reject(error)),
      });
      void this.started.then(() => this.child.stdin?.write(request + '\n'));
    });
  }

  private answer(line: string): void {
    let answer: Partial<Answer> & { readonly version?: string };
    try {
      answer = JSON.parse(line) as Partial<Answer>;
    } catch {
      return this.complain(line);
    }
    if (answer.version !== undefined && answer.code === 0) return this.sayStarted();
    this.waiting
      .shift()
      ?.resolve({ code: answer.code ?? -1, message: answer.message ?? null, result: answer.result ?? null });
  }

  private complain(line: string): void {
    if (!isNoise(line)) this.complaints.push(line);
  }

  private end(reason: string): void {
    if (this.ended !== undefined) return;
    this.ended = reason;
    this.child.kill('SIGKILL');
    for (const { reject } of this.waiting.splice(0)) reject(this.gone());
  }

  private gone(): ReportError {
    return new ReportError([`kaleido draws no more: ${this.ended}.`, ...this.complaints.slice(-5)].join('\n'));
  }

  private keepNodeAlive(alive: boolean): void {
    const parts = [this.child, ...this.child.stdio] as (ChildProcess | Socket | null | undefined)[];
    for (const part of parts) {
      if (alive) part?.ref();
      else part?.unref();
    }
  }
}

/** Screen readers read an SVG's title. */
const withTitle = (svg: string, alt: string): string => {
  const escaped = alt.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return svg.replace(
    /^<svg ([^>]*)>/,
    (_, attributes: string) => `<svg role="img" ${attributes}><title>${escaped}</title>`,
  );
};

/**
 * Plotly names clip paths by a random number. Named by the picture's content instead, equal figures give equal files,
 * and two pictures on one page do not share names.
 */
const settleIds = (svg: string): string => {
  const random = /id="defs-([0-9a-f]+)"/.exec(svg)?.[1];
  if (random === undefined) return svg;
  const withName = (name: string): string => svg.replace(new RegExp(`(["#][a-z-]*)${random}`, 'g'), `$1${name}`);
  return withName(createHash('sha256').update(withName('')).digest('hex').slice(0, 12));
};
