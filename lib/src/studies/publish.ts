/**
 * Published results: each study computed once, at full size, on each of its surveys, and kept with a manifest that tells
 * whether it still stands. A run that is stopped goes on where it was: results that stand are not computed again, and
 * what a study has fitted is in the store.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Survey } from '../careers';
import { hashSurveys } from '../models';
import type { ProfileName } from './profile';
import {
  madeBy,
  outputFolders,
  readResults,
  surveyFolder,
  writeResults,
  type Manifest,
  type OutputFolders,
} from './results';
import { StudyError } from './study-error';
import { sourceName, type SurveySource } from './survey-sources';

export interface StudyContext {
  readonly profile: ProfileName;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Told what is being done, in a few words. */
  readonly onProgress: (doing: string) => void;
}

/** A study whose results are published. */
export interface PublishedStudy<Results extends object = object> {
  /** The file of its results, data/results/published/SURVEY/NAME.json, and what comes after the survey in a quote's key. */
  readonly name: string;
  /** What it computes, in a line. */
  readonly about: string;
  /** The surveys that it is computed on, each on its own. */
  readonly surveys: readonly SurveySource[];
  /** One more where it computes something else than before: what the former computed does not stand then. */
  readonly revision: number;
  /**
   * Wall clock at full size on two cores, a guess that the list adds up: for fits of so many steps, whatever the survey,
   * and for each thousand of its observations.
   */
  readonly minutes: readonly [ofAny: number, perThousand: number];
  /** Computes the results. */
  run(survey: Survey, context: StudyContext): Promise<Results>;
  /** Writes their tables and figures, of results just computed or of published ones. */
  write?(survey: string, results: Results, folders: OutputFolders): Promise<void>;
}

/**
 * Whether results are there: `outdated` ones are of another survey, seed or revision of the study, those by `older code`,
 * or from another foundation, stand until somebody asks for them anew, and where the survey is `not here` it cannot be told.
 */
export type PublicationState = 'published' | 'older code' | 'outdated' | 'missing' | 'not here';

/** One study on one survey. */
export interface Publication {
  /** What quotes call it: `young-women/all-models`. */
  readonly key: string;
  readonly study: PublishedStudy;
  readonly survey: Survey | undefined;
  readonly state: PublicationState;
  /** A guess of what it takes, at full size on two cores; null where the survey is not here. */
  readonly minutes: number | null;
}

export interface PublishOptions {
  readonly profile: ProfileName;
  readonly seed: number;
  /** Survey of a source; undefined where it is not here. Asked once for each. */
  readonly surveyOf: (source: SurveySource) => Promise<Survey | undefined>;
}

/**
 * Every study on every one of its surveys, and how it stands.
 *
 * @param only names of studies (`all-models`) or of results (`young-women/all-models`); by default all
 * @throws StudyError for a name that is of neither
 */
export const publications = async (
  studies: readonly PublishedStudy[],
  options: PublishOptions,
  only: readonly string[] = [],
): Promise<readonly Publication[]> => {
  const surveys = new Map<SurveySource, Survey | undefined>();
  const found: Publication[] = [];
  for (const { key, study, source } of pairsOf(studies, only)) {
    if (!surveys.has(source)) surveys.set(source, await options.surveyOf(source));
    const survey = surveys.get(source);
    const rows = survey?.careers.reduce((sum, career) => sum + career.observations.length, 0);
    const [ofAny, perThousand] = study.minutes;
    const minutes = rows === undefined ? null : ofAny + (perThousand * rows) / 1000;
    const state = survey === undefined ? 'not here' : await stateOf(study, survey, options);
    found.push({ key, study, survey, state, minutes });
  }
  return found;
};

/** Each study with each of its surveys, of those that are named. */
const pairsOf = (studies: readonly PublishedStudy[], only: readonly string[]) => {
  const pairs = studies.flatMap((study) =>
    study.surveys.map((source) => ({ study, source, key: `${surveyFolder(sourceName(source))}/${study.name}` })),
  );
  const isNamed = (pair: (typeof pairs)[number], name: string): boolean =>
    pair.key === name || pair.study.name === name;
  const unknown = only.find((name) => !pairs.some((pair) => isNamed(pair, name)));
  if (unknown !== undefined) {
    const known = pairs.map(({ key }) => key).join(', ');
    throw new StudyError(`No study or result is called "${unknown}". Results: ${known}.`, { unknown });
  }
  return pairs.filter((pair) => only.length === 0 || only.some((name) => isNamed(pair, name)));
};

const stateOf = async (
  study: PublishedStudy,
  survey: Survey,
  { profile, seed }: PublishOptions,
): Promise<PublicationState> => {
  const path = join(outputFolders(profile, survey.name).results, `${study.name}.json`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return 'missing';
  let manifest: Partial<Manifest> | undefined;
  try {
    ({ manifest } = JSON.parse(text) as { manifest?: Partial<Manifest> });
  } catch {
    return 'missing';
  }
  const stands =
    manifest?.dataHash === hashSurveys([survey]) && manifest.seed === seed && manifest.revision === study.revision;
  if (!stands) return 'outdated';
  const { codeHash, foundation } = madeBy(profile);
  return manifest?.codeHash === codeHash && manifest.foundation === foundation ? 'published' : 'older code';
};

/**
 * Computes what is not there or outdated, study by study; each result is written when it is whole.
 *
 * @param again also what older code has computed
 * @returns the keys of what was computed
 */
export const publish = async (
  wanted: readonly Publication[],
  { profile, seed }: Pick<PublishOptions, 'profile' | 'seed'>,
  {
    again = false,
    signal,
    onProgress = () => {},
  }: {
    readonly again?: boolean;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: (publication: Publication, doing: string) => void;
  } = {},
): Promise<readonly string[]> => {
  const done: string[] = [];
  for (const publication of wanted) {
    const { key, study, survey, state } = publication;
    if (survey === undefined || state === 'published' || (state === 'older code' && !again)) continue;
    signal?.throwIfAborted();
    const results = await study.run(survey, {
      profile,
      seed,
      onProgress: (doing) => onProgress(publication, doing),
      signal,
    });
    await study.write?.(survey.name, results, outputFolders(profile, survey.name));
    const provenance = { study: study.name, revision: study.revision, profile, survey, seed };
    const file = survey.name === sourceName('nlsy97') ? ' --nlsy97 FILE' : '';
    await writeResults({ ...provenance, command: `npm run publish -- --only ${key}${file}` }, { ...results });
    done.push(key);
  }
  return done;
};

/**
 * Writes the tables and figures of what there is anew, from its numbers; nothing is computed, and no survey is needed.
 *
 * @param only as in `publications`
 * @returns the keys of what was written
 * @throws StudyError for a name that is of neither a study nor a result
 */
export const redraw = async (
  studies: readonly PublishedStudy[],
  profile: ProfileName,
  only: readonly string[] = [],
  onProgress: (key: string) => void = () => {},
): Promise<readonly string[]> => {
  const done: string[] = [];
  for (const { key, study, source } of pairsOf(studies, only)) {
    const survey = sourceName(source);
    const results = study.write && (await readResults<object>(study.name, profile, survey));
    if (results === undefined) continue;
    onProgress(key);
    await study.write?.(survey, results, outputFolders(profile, survey));
    done.push(key);
  }
  return done;
};
