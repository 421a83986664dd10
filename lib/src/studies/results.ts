/** Where results go, and what is kept with them so that they can be made again. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import type { Survey } from '../careers';
import { hashSurveys } from '../models';
import { projectFolder, writeFileAtomic } from '../support';
import type { ProfileName } from './profile';
import { shippedFoundations } from './shipped-foundations';
import { codeHash, folderHash } from './store';

export interface OutputFolders {
  /** data/results/PROFILE/SURVEY: numbers and tables. */
  readonly results: string;
  /** figures/PROFILE/SURVEY. */
  readonly figures: string;
}

/**
 * Where a study writes; without a survey, where what is of none does. LABOR_LLM_OUTPUT names another folder than the
 * project's, for tests and trials.
 */
export const outputFolders = (profile: ProfileName, survey?: string, top = outputFolder()): OutputFolders => {
  const folder = survey === undefined ? '' : surveyFolder(survey);
  return { results: join(top, 'data', 'results', profile, folder), figures: join(top, 'figures', profile, folder) };
};

const outputFolder = (): string => {
  const base = process.env['LABOR_LLM_OUTPUT'];
  return base === undefined || base === '' ? projectFolder : resolve(projectFolder, base);
};

/** A survey's name as a folder's: it may be called "NLSY97, women/men", and a folder may not. */
export const surveyFolder = (survey: string): string =>
  survey.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'survey';

/** What has to be the same for the numbers to be the same. */
export interface Manifest {
  readonly study: string;
  /** Of a published study: which of its forms has computed it. */
  readonly revision?: number;
  readonly profile: ProfileName;
  readonly survey: string;
  /** SHA-256 of the survey's content. */
  readonly dataHash: string;
  readonly seed: number;
  readonly version: CodeVersion;
  /** SHA-256 of the compiled code that computes results. */
  readonly codeHash: string;
  /** SHA-256 of the shipped foundation, from which models that read text begin; null where there is none. */
  readonly foundation: string | null;
  readonly backend: string;
  readonly threads: number;
  readonly cpu: string;
  readonly node: string;
  readonly command: string;
}

export interface CodeVersion {
  /** Version of the package. */
  readonly package: string;
  /** The commit, null outside a git checkout. */
  readonly commit: string | null;
  /** Whether the library's files differ from that commit. */
  readonly changed: boolean;
}

export interface Provenance {
  readonly study: string;
  readonly revision?: number;
  readonly profile: ProfileName;
  readonly survey: Survey;
  readonly seed: number;
  /** The command that makes them again; by default `npm start -- --profile PROFILE`. */
  readonly command?: string;
}

/** The manifest of results that this process has computed. */
export const manifestOf = async (provenance: Provenance): Promise<Manifest> => {
  const { study, revision, profile, survey, seed, command = `npm start -- --profile ${profile}` } = provenance;
  // loaded here, so that what only looks up a folder does not load TensorFlow
  const { startBackend } = await import('../tensors/index.js');
  const { name, threads } = await startBackend();
  // with 16-bit products the numbers are others, a little
  const products = process.env['TF_SET_ONEDNN_FPMATH_MODE'];
  return {
    study,
    ...(revision === undefined ? {} : { revision }),
    profile,
    survey: survey.name,
    dataHash: hashSurveys([survey]),
    seed,
    ...surroundings(),
    ...madeBy(profile),
    backend: name,
    threads,
    command: products === undefined ? command : `TF_SET_ONEDNN_FPMATH_MODE=${products} ${command}`,
  };
};

/** The code on which a profile's results depend (what fits, evaluates and studies) and its foundation, by their hashes. */
export const madeBy = (profile: ProfileName): Pick<Manifest, 'codeHash' | 'foundation'> => ({
  codeHash: codeHash('evaluation', 'studies'),
  foundation: folderHash(profile === 'classroom' ? shippedFoundations.small : shippedFoundations.full),
});

/** The code and the machine, as every manifest names them. */
export const surroundings = (): Pick<Manifest, 'version' | 'cpu' | 'node'> => ({
  version: codeVersion(),
  cpu: cpus()[0]?.model ?? 'unknown',
  node: process.version,
});

/**
 * Writes `{manifest, ...results}` to data/results/PROFILE/SURVEY/STUDY.json, atomically.
 *
 * @returns the file's path.
 */
export const writeResults = async (
  provenance: Provenance,
  results: Readonly<Record<string, unknown>>,
): Promise<string> => {
  const { study, profile, survey } = provenance;
  const path = join(outputFolders(profile, survey.name).results, `${study}.json`);
  const manifest = await manifestOf(provenance);
  await writeFileAtomic(path, `${JSON.stringify({ manifest, ...results }, null, 2)}\n`);
  return path;
};

/**
 * What a study has left in data/results/PROFILE/SURVEY, its manifest with it; undefined where it was not run. Published
 * results come with the project, wherever else results go.
 */
export const readResults = async <Results>(
  study: string,
  profile: ProfileName,
  survey: string,
): Promise<(Results & { readonly manifest: Manifest }) | undefined> => {
  const { results } =
    profile === 'published' ? outputFolders(profile, survey, projectFolder) : outputFolders(profile, survey);
  const text = await readFile(join(results, `${study}.json`), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as Results & { readonly manifest: Manifest });
};

const git = (...args: readonly string[]): string | undefined => {
  try {
    return execFileSync('git', args, {
      cwd: projectFolder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
};

const codeVersion = (): CodeVersion => {
  const about = readFileSync(join(projectFolder, 'lib', 'package.json'), 'utf8');
  const { version } = JSON.parse(about) as { version: string };
  const commit = git('rev-parse', 'HEAD') ?? null;
  return { package: version, commit, changed: commit !== null && git('status', '--porcelain', '--', 'lib') !== '' };
};
